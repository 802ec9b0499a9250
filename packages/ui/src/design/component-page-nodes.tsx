import { FileCode, FileText, Frame, Link, StickyNote } from 'lucide-react';
import { Card, NodeFrame } from './card.tsx';
import { Citation } from './chip.tsx';
import { CodeLines } from './code.tsx';
import { stateNamed } from './component-page-atoms.tsx';
import samples from './component-page-samples.json';
import { Icon } from './icon.tsx';
import { GroupFrame, MidNode, NoteCard, TaskCard } from './node-face.tsx';
import { Seal } from './state-mark.tsx';

const GRID = 'grid grid-cols-[repeat(3,196px)] gap-x-6.5 gap-y-2.5';
const FILE_LINES = samples.near.file.lines.map(({ line, text, kind }) => ({
  line,
  text,
  kind: kind === 'cited' ? ('cited' as const) : ('same' as const),
}));

export function NearSamples() {
  return (
    <>
      <div className={GRID}>
        {samples.near.tasks.map(({ state, at, title, call, words, time, track }) => (
          <TaskCard
            key={title}
            track={{ state: stateNamed(state), at, label: track }}
            title={title}
            call={call}
            words={words}
            time={time}
          />
        ))}
      </div>
      <div className={GRID}>
        <DocumentSamples />
        <FrameSamples />
      </div>
    </>
  );
}

function DocumentSamples() {
  const { artifact, file, note } = samples.near;
  return (
    <>
      <Card
        icon={FileText}
        title={artifact.title}
        className="h-24"
        aside={
          <Seal proven={2} claims={2}>
            {artifact.seal}
          </Seal>
        }
      >
        <div className="flex flex-col items-start gap-1">
          <span className="cut max-w-full">{artifact.claim}</span>
          <Citation file={artifact.file} line={artifact.line} label={artifact.open} />
        </div>
      </Card>
      <NodeFrame className="h-24 overflow-hidden">
        <div className="flex items-center gap-2 px-3.5 pt-2.5">
          <Icon of={FileCode} size={14} className="text-ink-3" />
          <h3>{file.title}</h3>
        </div>
        <CodeLines small label={file.label} lines={FILE_LINES} className="mx-2 mt-1.5" />
      </NodeFrame>
      <NoteCard className="h-24" title={note.title}>
        {note.text}
      </NoteCard>
    </>
  );
}

function FrameSamples() {
  const { link, group } = samples.near;
  return (
    <>
      <Card icon={Link} title={link.title} className="h-22">
        <span className="text-ink-2">
          {link.address}
          <span className="block text-ink-3">{link.fetched}</span>
        </span>
      </Card>
      <GroupFrame icon={Frame} title={group.title} className="h-22">
        <div className="px-3 text-small text-ink-3">{group.text}</div>
      </GroupFrame>
    </>
  );
}

const KINDS = [FileText, FileCode, StickyNote, Link, Frame];

export function MidSamples() {
  const { tasks, others } = samples.mid;
  return (
    <div className="grid grid-cols-[repeat(5,120px)] gap-2.5 gap-y-2">
      {tasks.map(({ state, word, name, value }) => (
        <MidNode
          key={state}
          state={stateNamed(state)}
          stateLabel={word}
          name={name}
          progress={{ value, label: name }}
        />
      ))}
      {others.map((name, place) => (
        <MidNode
          key={name}
          name={name}
          icon={KINDS[place] ?? FileText}
          {...(KINDS[place] === StickyNote && { paper: 'yellow' as const })}
        />
      ))}
    </div>
  );
}

export function ConditionSamples() {
  const { title, selected, focused, held, holder, later } = samples.conditions;
  const face = (words: string) => (
    <>
      <div className="flex items-center gap-1.5">
        <Icon of={FileText} size={14} className="text-ink-3" />
        <h3 className="cut">{title}</h3>
      </div>
      <div className="text-meta text-ink-3">{words}</div>
    </>
  );
  const box = 'w-[142px] px-2.5 py-2';
  return (
    <div className="flex gap-4.5 px-0.5 pt-3.5">
      <NodeFrame selected className={box}>
        {face(selected)}
      </NodeFrame>
      <NodeFrame className={`${box} outline-2 outline-offset-2 outline-accent`}>{face(focused)}</NodeFrame>
      <NodeFrame holder={{ name: holder, hue: 'p2' }} className={box}>
        {face(held)}
      </NodeFrame>
      <NodeFrame later className={box}>
        {face(later)}
      </NodeFrame>
    </div>
  );
}
