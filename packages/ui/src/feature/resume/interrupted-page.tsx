import type { RunState } from '@soma/schemas/run';
import { RotateCcw } from 'lucide-react';
import { useRef } from 'react';
import {
  useClient,
  useContent,
  useInterrupted,
  useRun,
  useRunStates,
  useText,
  useViewStore,
} from '../../client/index.ts';
import { Button, DescriptionList, Icon } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useOpenRun } from '../run/use-open-run.ts';
import { type CutOff, cutOffOf } from './cut-off.ts';
import { type Answering, Title, useAnswer } from './resume-or-stop.tsx';

/** Tasks that come next are named up to this many. */
const NAMED = 4;

/** Every run that was cut off: where, what had happened, what would happen next; resumed, stopped or shown, one by one or all. */
export function InterruptedPage() {
  const text = useText();
  const view = useViewStore();
  const rows = useInterrupted();
  const states = useRunStates(rows.map(({ run }) => run));
  // Closing is no accident, and is not called one.
  const closed =
    states.length > 0 &&
    states.every(({ status }) => status.name === 'interrupted' && status.exit === 'clean');
  const answers = useRef(new Map<string, Answering['answer']>());
  const all = (given: 'resume' | 'stop') => {
    for (const { run } of rows) answers.current.get(run)?.(given);
  };
  return (
    <section
      aria-label={text('app.resume.label')}
      className="mx-auto flex w-[760px] max-w-[calc(100%-32px)] flex-col gap-4 py-8"
    >
      <header className="flex flex-col gap-1">
        <h1 className="text-page">
          {text(closed ? 'app.resume.titleClosed' : 'app.resume.title', { count: rows.length })}
        </h1>
        <p className="text-reading text-ink-2">{text('app.resume.nothingLost')}</p>
      </header>
      <div className="flex flex-wrap items-center gap-2">
        {rows.length > 1 && (
          <>
            <Button kind="primary" onClick={() => all('resume')}>
              {text('app.resume.all', { count: rows.length })}
            </Button>
            <Button onClick={() => all('stop')}>{text('app.resume.stopAll', { count: rows.length })}</Button>
          </>
        )}
        <Button kind={rows.length > 1 ? 'quiet' : 'plain'} onClick={() => view.openPage('canvas')}>
          {text('app.resume.later')}
        </Button>
        <span className="text-small text-ink-3">{text('app.resume.laterWhere', { count: rows.length })}</span>
      </div>
      <ul className="flex flex-col gap-3">
        {rows.map(({ run }) => (
          <li key={run}>
            <Interrupted
              run={run}
              only={rows.length === 1}
              onReady={(answer) => {
                if (answer === null) answers.current.delete(run);
                else answers.current.set(run, answer);
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface InterruptedProps {
  readonly run: string;
  /** It is the only one: then its button is the page's first. */
  readonly only: boolean;
  /** Tells how it is answered, for an answer to all. */
  readonly onReady: (answer: Answering['answer'] | null) => void;
}

function Interrupted({ run, only, onReady }: InterruptedProps) {
  const text = useText();
  const open = useOpenRun();
  const whole = useRun(run, (state) => ({ state }))?.state ?? null;
  const goal = useContent(whole?.goal ?? null).value ?? '';
  const { answer, answering, refused } = useAnswer(run);
  const cut = whole === null ? null : cutOffOf(whole);
  if (whole === null || cut === null) return null;
  return (
    <article
      ref={(element) => onReady(element === null ? null : answer)}
      className="flex flex-col gap-2.5 rounded-panel border border-line-2 bg-card px-4 py-3.5 shadow-1"
    >
      <h2 className="flex items-start gap-2 text-title">
        <span className="flex h-[1.5rem] items-center">
          <Icon of={RotateCcw} size={18} className="text-ink-2" />
        </span>
        <Title goal={goal} cut={cut} />
      </h2>
      <Facts cut={cut} state={whole} />
      {refused !== null && <FaultLine fault={refused} />}
      <footer className="flex flex-wrap items-center gap-2">
        <Button kind={only ? 'primary' : 'plain'} disabled={answering} onClick={() => answer('resume')}>
          {cut.from === null
            ? text('app.resume.resume')
            : text('app.resume.resumeFrom', { task: cut.from.title })}
        </Button>
        <Button disabled={answering} onClick={() => answer('stop')}>
          {text('app.resume.stop')}
        </Button>
        <span className="ms-auto">
          <Button kind="link" onClick={() => open({ run, canvas: whole.canvas })}>
            {text('app.resume.show')}
          </Button>
        </span>
      </footer>
    </article>
  );
}

function Facts({ cut, state }: { readonly cut: CutOff; readonly state: RunState }) {
  const text = useText();
  const facts = [
    { id: 'stopped', name: text('app.resume.fact.stopped'), value: <Stopped cut={cut} /> },
    {
      id: 'happened',
      name: text('app.resume.fact.happened'),
      value: text('app.resume.happened', {
        calls: cut.calls,
        files: cut.files,
        verified: cut.verified,
        tasks: cut.tasks,
      }),
    },
    { id: 'next', name: text('app.resume.fact.next'), value: <Next cut={cut} state={state} /> },
  ];
  return <DescriptionList facts={facts} />;
}

/** Every task that was at work, or else the one before which it stopped. */
function Stopped({ cut: { from, next } }: { readonly cut: CutOff }) {
  const text = useText();
  const atWork = next.filter(({ does, step }) => does === 'goes-on' && step !== null);
  if (atWork.length > 1) {
    return (
      <ul className="flex flex-col gap-0.5">
        {atWork.slice(0, NAMED).map(({ id, title, step }) => (
          <li key={id}>{text('app.resume.where', { task: title, step: text(`app.step.${step}`) })}</li>
        ))}
        {atWork.length > NAMED && <li>{text('app.resume.next.more', { count: atWork.length - NAMED })}</li>}
      </ul>
    );
  }
  if (from === null) return text('app.resume.noPlan');
  if (from.step === null) return text('app.resume.before', { task: from.title });
  return text('app.resume.where', { task: from.title, step: text(`app.step.${from.step}`) });
}

function Next({ cut, state }: { readonly cut: CutOff; readonly state: RunState }) {
  const text = useText();
  const { language } = useClient().translator;
  const tools = new Intl.ListFormat(language).format(cut.uncertain);
  if (state.plan === null) return text('app.resume.next.plan');
  return (
    <ul className="flex flex-col gap-0.5">
      {cut.next.slice(0, NAMED).map(({ id, title, does, step }) => (
        <li key={id}>
          {text(`app.resume.next.${does}`, {
            task: title,
            step: step === null ? '' : text(`app.step.${step}`),
          })}
        </li>
      ))}
      {cut.next.length > NAMED && <li>{text('app.resume.next.more', { count: cut.next.length - NAMED })}</li>}
      {cut.uncertain.length > 0 && <li>{text('app.resume.next.uncertain', { tools })}</li>}
    </ul>
  );
}
