import type { CanvasNode, NodeOf } from '@soma/schemas/canvas';
import { useArtifact, useFile, useFolder, useText } from '../../client/index.ts';
import { type LucideIcon, MidNode, Seal, StateIcon, type StateName } from '../../design/index.ts';
import { hostOf, linesAround, paperOf, plain, useClaims } from '../document/index.ts';
import { type TaskFacts, useTaskWords } from '../plan/task-face.tsx';
import { trackPlace } from '../run/index.ts';

/** No card shows more lines than this at mid zoom, however large it is. */
const MOST_LINES = 16;

export interface MidCardProps {
  readonly node: CanvasNode;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly selected: boolean;
}

/** A card of the document at mid zoom: its title, its seal, and as many of its first lines as there is room for. */
export function MidCard({ node, icon, name, selected }: MidCardProps) {
  const frame = { className: 'mid-node flex h-full flex-col', selected, icon, name };
  switch (node.kind) {
    case 'artifact':
      return <MidArtifact node={node} icon={icon} name={name} selected={selected} />;
    case 'note':
      return (
        <MidNode {...frame} {...paperOf(node.colour)}>
          {linesOf(node.text).slice(1)}
        </MidNode>
      );
    case 'file':
      return (
        <MidNode {...frame} color={node.colour}>
          <MidFile node={node} />
        </MidNode>
      );
    case 'link':
      return (
        <MidNode {...frame} color={node.colour}>
          <span dir="ltr">{node.url === hostOf(node.url) ? '' : node.url}</span>
        </MidNode>
      );
    case 'group':
    case 'run':
    case 'task':
      // Frames show the board through, and tasks have a face of their own.
      return null;
    default:
      return node satisfies never;
  }
}

/** The lines of a note with something in them, without the marks of headings and lists. */
function linesOf(text: string) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, MOST_LINES).map((line, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text have no other name than their place.
    <p key={place}>{line.replace(/^[#>\-*\s]+/, '').slice(0, 200)}</p>
  ));
}

function MidArtifact({ node, icon, name, selected }: MidCardProps & { readonly node: NodeOf<'artifact'> }) {
  const text = useText();
  const { value: artifact } = useArtifact(node.run, node.artifact, node.content);
  const claims = useClaims(node, artifact);
  const proven = claims.filter(({ verdict }) => verdict.checked).length;
  const remarks = artifact?.lines ?? [];
  return (
    <MidNode
      className="mid-node flex h-full flex-col"
      selected={selected}
      color={node.colour}
      icon={icon}
      name={name}
      aside={
        claims.length > 0 && (
          <Seal proven={proven} claims={claims.length}>
            {text('app.run.of', { part: proven, whole: claims.length })}
          </Seal>
        )
      }
    >
      {claims.slice(0, MOST_LINES).map(({ claim, verdict }) => (
        <p key={claim.id} className="cut">
          {!verdict.checked && (
            <StateIcon
              state="unverified"
              label={text('app.state.unverified')}
              className="me-1.5 align-[-2px]"
            />
          )}
          {plain(claim.text)}
        </p>
      ))}
      {remarks.slice(0, Math.max(0, MOST_LINES - claims.length)).map((line) => (
        <p key={`${line.text}/${line.detail ?? ''}`} className="cut text-ink-3">
          {plain(line.text)} {plain(line.detail ?? '')}
        </p>
      ))}
    </MidNode>
  );
}

function MidFile({ node }: { readonly node: NodeOf<'file'> }) {
  const folder = useFolder();
  const { value } = useFile(folder?.id ?? null, node.path);
  const lines = value === null ? [] : linesAround(value.text, node.line ?? null, MOST_LINES);
  return lines.map(({ line, text }) => (
    <p key={line} className="cut mono whitespace-pre">
      {text === '' ? ' ' : text}
    </p>
  ));
}

/** A task at mid zoom: its title, how far it is, and where there is room its state in words. */
export function MidTask({ facts, selected }: { readonly facts: TaskFacts; readonly selected: boolean }) {
  const text = useText();
  const words = useTaskWords();
  const { at } = trackPlace(facts.task, facts.look);
  return (
    <MidNode
      className="mid-node flex h-full flex-col"
      selected={selected}
      state={facts.look}
      stateLabel={text(`app.state.${facts.look}`)}
      name={facts.task.title}
      progress={{ value: at / 8, label: facts.task.title }}
    >
      <p className="cut">{words(facts)}</p>
    </MidNode>
  );
}

export interface MidRunProps {
  readonly look: StateName;
  /** The word of its end. */
  readonly word: string;
  readonly goal: string;
  /** "6 of 7 tasks verified"; empty while nothing is known of it. */
  readonly counts: string;
  readonly selected: boolean;
}

/** A run that has ended, at mid zoom: how, its goal, and its counts. */
export function MidRun({ look, word, goal, counts, selected }: MidRunProps) {
  return (
    <MidNode
      className="mid-node flex h-full flex-col"
      selected={selected}
      state={look}
      stateLabel={word}
      name={goal}
    >
      <p>{word}</p>
      <p>{counts}</p>
    </MidNode>
  );
}
