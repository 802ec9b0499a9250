import { STEP_NAMES } from '@soma/schemas/event';
import { agentOf, type RunState, type TaskState } from '@soma/schemas/run';
import { usePast, useRunDeltas, useShownRun, useText } from '../../client/index.ts';
import { type StateName, TaskCard } from '../../design/index.ts';
import { CallProgress } from '../run/call-progress.tsx';
import { LiveTime } from '../run/live-time.tsx';
import { argumentLine, currentStep, taskLook, taskTime, trackPlace } from '../run/look.ts';

/** What a task's node shows of its run, and nothing else: it renders again only when this changes. */
export interface TaskFacts {
  readonly task: TaskState;
  readonly look: StateName;
  /** How its run stands. */
  readonly status: RunState['status']['name'];
  /** The newest call of its own tool; what it puts on the board is not what it is about. */
  readonly call: RunState['calls'][string] | null;
  /** The agent whose task it is, by its title; nothing where it is nobody's. */
  readonly agent: string;
  /** Titles of the tasks it comes after. */
  readonly after: string;
  /** Titles of the tasks it came in the place of. */
  readonly insteadOf: string;
}

function taskFacts(state: RunState, id: string): TaskFacts | null {
  const task = state.tasks.find((each) => each.id === id);
  if (task === undefined) return null;
  const titlesOf = (ids: readonly string[]) =>
    state.tasks.flatMap(({ id: each, title }) => (ids.includes(each) ? [title] : [])).join(', ');
  return {
    task,
    look: taskLook(task, state.status.name),
    status: state.status.name,
    call: task.calls.map((call) => state.calls[call]).findLast((call) => call?.tool === task.tool) ?? null,
    agent: agentOf(state, id)?.title ?? '',
    after: titlesOf(task.after),
    insteadOf: titlesOf(task.insteadOf ?? []),
  };
}

/** A task's facts, followed; null until the run's first news. */
export function useTask(run: string, id: string): TaskFacts | null {
  const facts = useShownRun(run, (state) => taskFacts(state, id) ?? NOTHING);
  return facts === null || facts.task === null ? null : facts;
}

/** A task the plan does not hold. Selected parts are compared field by field, so it is an object like the facts. */
const NOTHING = {
  task: null,
  look: 'queued',
  status: 'planning',
  call: null,
  agent: '',
  after: '',
  insteadOf: '',
} as const;

/** The state of a task in words: "Execute", "Execute: needs you", "Committed". */
export function useTaskWords(): (facts: TaskFacts) => string {
  const text = useText();
  return ({ task, look }) => {
    const step = currentStep(task);
    const at = step === null ? '' : text(`app.step.${step}`);
    switch (task.status.name) {
      case 'running':
        return look === 'paused' ? text('app.task.paused', { step: at }) : at || text('app.state.running');
      case 'waiting':
        return text('app.task.waiting', { step: at });
      case 'retrying':
        return text('app.task.retrying', { attempt: task.attempt + 1 });
      case 'verified':
        return text('app.task.verified');
      case 'unverified':
        return text('app.task.unverified', {
          proven: task.evidence.filter(({ verdict }) => verdict.checked).length,
          claims: task.evidence.length,
        });
      case 'empty':
        return text('app.task.empty');
      case 'failed':
        return text('app.task.failed', { step: at });
      case 'queued':
        return text('app.state.queued');
      case 'unneeded':
        return text('app.task.unneeded');
      case 'dropped':
        return text('app.task.dropped');
      case 'skipped':
        return text('app.state.skipped');
      case 'stopped':
        return text('app.state.stopped');
      default:
        return task.status satisfies never;
    }
  };
}

/** The accessible text of the track: "Execute, state 4 of 8". */
export function useTrackLabel(): (facts: TaskFacts) => string {
  const text = useText();
  return ({ task }) => {
    const step = currentStep(task);
    const at = step === null ? 0 : STEP_NAMES.indexOf(step) + 1;
    return step === null
      ? text('app.task.notBegun')
      : text('app.task.track', { step: text(`app.step.${step}`), at });
  };
}

export interface TaskFaceProps {
  readonly run: string;
  readonly facts: TaskFacts;
  readonly selected: boolean;
  /** The run is looked back at, and it has not begun there. */
  readonly later?: boolean;
}

/** A task, near: title, tool and argument, track, state and time. */
export function TaskFace({ run, facts, selected, later }: TaskFaceProps) {
  const deltas = useRunDeltas(run);
  const words = useTaskWords();
  const label = useTrackLabel();
  const { task, look, status, agent } = facts;
  const time = taskTime(task, status);
  return (
    <TaskCard
      className="h-full"
      selected={selected}
      later={later}
      track={{ ...trackPlace(task, look), label: label(facts) }}
      title={task.title}
      {...(agent !== '' && { agent })}
      call={<CallLine run={run} facts={facts} deltas={deltas} />}
      words={words(facts)}
      time={time !== null && <LiveTime {...time} as="duration" />}
    />
  );
}

function CallLine({
  run,
  facts: { task, call, after, insteadOf },
  deltas,
}: {
  readonly run: string;
  readonly facts: TaskFacts;
  readonly deltas: ReturnType<typeof useRunDeltas>;
}) {
  const text = useText();
  const past = usePast(run);
  if (call === null && task.status.name === 'queued' && after !== '') {
    return text('app.task.after', { tasks: after });
  }
  if (call === null && insteadOf !== '') return text('app.task.insteadOf', { tasks: insteadOf });
  const argument = call === null ? '' : argumentLine(call);
  // What passes now is not what passed then.
  const open = call?.outcome.name === 'started' && past === null;
  return (
    <>
      {text('app.task.call', { tool: task.tool, argument })}
      <CallProgress deltas={deltas} call={open ? call.id : null} short before={` ${text('app.sign.dot')} `} />
    </>
  );
}
