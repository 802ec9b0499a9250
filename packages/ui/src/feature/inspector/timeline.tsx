import { type Content, STEP_NAMES, type StepName } from '@soma/schemas/event';
import type { CallState, StepState, TaskState } from '@soma/schemas/run';
import { useFormats, useNoteText, useText } from '../../client/index.ts';
import { TimelineRow, type TimelineRowProps } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { LiveTime } from '../run/live-time.tsx';
import { CurrentCall } from './call-card.tsx';
import { ContentText } from './content-text.tsx';
import { RecalledNote } from './recalled.tsx';

export interface TimelineProps {
  readonly task: TaskState;
  readonly calls: readonly CallState[];
  readonly run: string;
  readonly folder: string;
  /** Whether the run itself is paused or interrupted: then nothing turns. */
  readonly held: boolean;
  /** Whether it is shown as it was: then nothing of it can be acted on. */
  readonly past?: boolean;
}

/** The eight states of a task down a line, each with its time and a sentence; the current one holds its call. */
export function Timeline(props: TimelineProps) {
  const { task, folder, past = false } = props;
  const { status } = task;
  const say = useNoteText();
  return (
    <>
      <ol className="py-3">
        {STEP_NAMES.map((step) => (
          <StepRow key={step} {...props} step={step} />
        ))}
      </ol>
      {(status.name === 'failed' || status.name === 'retrying') && (
        <div className="mx-4 mb-4 rounded-card border border-line bg-card">
          <FaultCard fault={status.fault} {...(!past && { folder })} />
        </div>
      )}
      {(status.name === 'skipped' || status.name === 'dropped') && (
        <p className="px-4 pb-4 text-small text-ink-2">{say(status.note)}</p>
      )}
    </>
  );
}

interface StepRowProps extends TimelineProps {
  readonly step: StepName;
}

function StepRow(props: StepRowProps) {
  const { task, step, run } = props;
  const text = useText();
  const state = task.steps[step];
  const look = lookOf(props);
  const call = props.calls.findLast(({ id }) => id.endsWith(`.${step}`));
  return (
    <TimelineRow
      state={{ name: look, label: text(`app.state.${look}`) }}
      title={text(`app.step.${step}`)}
      time={<StepTime state={state} look={look} />}
    >
      <Sentence {...props} />
      {state.status === 'current' && call !== undefined && <CurrentCall call={call} run={run} />}
    </TimelineRow>
  );
}

function lookOf({ task, step, held }: StepRowProps): TimelineRowProps['state']['name'] {
  const { status } = task.steps[step];
  switch (status) {
    case 'later':
      return 'queued';
    case 'skipped':
      return 'skipped';
    case 'done':
      if (step !== 'verify') return 'done';
      return task.status.name === 'unverified' ? 'unverified' : 'verified';
    case 'current':
      if (task.status.name === 'waiting' || task.status.name === 'failed' || task.status.name === 'stopped')
        return task.status.name;
      return held ? 'paused' : 'running';
    default:
      return status satisfies never;
  }
}

interface StepTimeProps {
  readonly state: StepState;
  readonly look: TimelineRowProps['state']['name'];
}

function StepTime({ state, look }: StepTimeProps) {
  const formats = useFormats();
  if (state.status === 'done')
    return formats.duration(Date.parse(state.endedAt) - Date.parse(state.startedAt));
  if (state.status === 'current' && look === 'running')
    return <LiveTime since={state.startedAt} as="duration" />;
  return null;
}

/** What a state did, will do, or why it did nothing. */
function Sentence({ task, step }: StepRowProps) {
  const text = useText();
  const say = useNoteText();
  const state = task.steps[step];
  if (state.status === 'done')
    return (
      <>
        <RecalledNote note={state.note} />
        {step === 'plan' && task.edited !== null && <EditedArguments given={task.edited} />}
      </>
    );
  if (state.status === 'skipped')
    return <span className="text-ink-3">{text('app.inspector.skipped', { why: say(state.note) })}</span>;
  if (step !== 'verify' || task.checks.length === 0) return null;
  return (
    <span className="text-ink-3">
      {task.checks.map((check) => text(`app.inspector.check.${check}`)).join(' ')}
    </span>
  );
}

/** What a person gave the task in place of its plan's arguments. */
function EditedArguments({ given }: { readonly given: Content }) {
  const text = useText();
  return (
    <div className="mt-1.5">
      <p className="font-medium">{text('app.task.edited')}</p>
      <div className="mt-1 rounded-control border border-line bg-sunken">
        <ContentText content={given} label={text('app.task.edited')} />
      </div>
    </div>
  );
}
