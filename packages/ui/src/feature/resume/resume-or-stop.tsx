import type { Fault } from '@soma/schemas/event';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import {
  useClient,
  useCommands,
  useContent,
  useFormats,
  useInterrupted,
  useRun,
  useText,
  useView,
} from '../../client/index.ts';
import { Button, Icon } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { type CutOff, cutOffOf } from './cut-off.ts';

/** Asks about every run that was cut off: resume it, or stop it. Answered once; nothing while none was. */
export function ResumeOrStop({ className }: { readonly className?: string }) {
  const text = useText();
  const interrupted = useInterrupted();
  // The page about them says it all.
  const said = useView(({ page }) => page === 'interrupted');
  if (interrupted.length === 0 || said) return null;
  return (
    <section aria-label={text('app.resume.label')} className={className}>
      <div className="flex w-[452px] max-w-full flex-col gap-2">
        {interrupted.map(({ run }) => (
          <InterruptedRun key={run} run={run} />
        ))}
      </div>
    </section>
  );
}

function InterruptedRun({ run }: { readonly run: string }) {
  const text = useText();
  const { view } = useClient();
  const whole = useRun(run, (state) => ({ state }))?.state ?? null;
  const goal = useContent(whole?.goal ?? null).value ?? '';
  const cut = whole === null ? null : cutOffOf(whole);
  const { answer, answering, refused } = useAnswer(run);
  if (whole === null || cut === null) return null;
  const seeLog = () => {
    view.openCanvas(whole.canvas);
    view.select({ kind: 'run', run }, { reveal: true });
  };
  return (
    <article className="flex flex-col gap-1.5 rounded-card border border-line-2 bg-raised px-3.5 py-3 shadow-3">
      <header className="flex items-start gap-2.5">
        <span className="flex h-[1.25rem] items-center">
          <Icon of={RotateCcw} size={16} className="text-ink-2" />
        </span>
        <h3>
          <Title goal={goal} cut={cut} />
        </h3>
      </header>
      <p className="text-small text-ink-2">
        <Sentences cut={cut} />
      </p>
      {refused !== null && <FaultLine fault={refused} />}
      <footer className="mt-1 flex flex-wrap items-center gap-2">
        <Button kind="primary" small disabled={answering} onClick={() => answer('resume')}>
          {cut.from === null
            ? text('app.resume.resume')
            : text('app.resume.resumeFrom', { task: cut.from.title })}
        </Button>
        <Button small disabled={answering} onClick={() => answer('stop')}>
          {text('app.resume.stop')}
        </Button>
        <span className="ms-auto">
          <Button kind="link" onClick={seeLog}>
            {text('app.resume.log')}
          </Button>
        </span>
      </footer>
    </article>
  );
}

/** When a run was cut off, at its last sign of work. */
export function Title({ goal, cut }: { readonly goal: string; readonly cut: CutOff }) {
  const text = useText();
  const formats = useFormats();
  const { language } = useClient().translator;
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const time = clock.format(new Date(cut.lastSign));
  return (
    <span title={formats.exact(cut.lastSign)}>
      {text(cut.exit === 'clean' ? 'app.resume.closed' : 'app.resume.cutOff', { goal, time })}
    </span>
  );
}

/** What is kept, and what may have happened unrecorded. */
function Sentences({ cut }: { readonly cut: CutOff }) {
  const text = useText();
  const { language } = useClient().translator;
  const { tasks, verified, from, uncertain } = cut;
  const tools = new Intl.ListFormat(language).format(uncertain);
  const parts = [
    tasks === 0 ? text('app.resume.noPlan') : text('app.resume.kept', { verified, tasks }),
    ...(from === null || from.step === null
      ? []
      : [text('app.resume.at', { task: from.title, step: text(`app.step.${from.step}`) })]),
    ...(uncertain.length === 0 ? [] : [text('app.resume.uncertain', { tools })]),
  ];
  return parts.join(' ');
}

/** How a run that was cut off is answered. */
export interface Answering {
  readonly answer: (given: 'resume' | 'stop') => void;
  readonly answering: boolean;
  readonly refused: Fault | null;
}

/** Sends one answer; another only after the first was refused. */
export function useAnswer(run: string): Answering {
  const commands = useCommands();
  const [answering, setAnswering] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  const answer = async (given: 'resume' | 'stop') => {
    setAnswering(true);
    const recorded = await commands[given](run);
    if (recorded.ok) return;
    setAnswering(false);
    setRefused(recorded.fault);
  };
  return { answer: (given: 'resume' | 'stop') => void answer(given), answering, refused };
}
