import { STEP_NAMES, type StepName } from '@soma/schemas/event';
import type { CallState, RunPhase, RunState, TaskState } from '@soma/schemas/run';
import type { StateName, TrackPlace } from '../../design/index.ts';

/** How a run's phase looks. Its word is `app.state.PHASE`. */
export function phaseLook(phase: RunPhase): StateName {
  switch (phase) {
    case 'planning':
    case 'running':
      return 'running';
    case 'interrupted':
      return 'paused';
    case 'waiting':
    case 'paused':
    case 'verified':
    case 'unverified':
    case 'stopped':
    case 'stuck':
    case 'failed':
      return phase;
    default:
      return phase satisfies never;
  }
}

/** Whether the run works now, so that it can be paused. */
export function isWorking(phase: RunPhase): boolean {
  return phase === 'planning' || phase === 'running' || phase === 'waiting';
}

/** Whether the run has ended, one way or another. */
export function isEnded(phase: RunPhase): boolean {
  return !isWorking(phase) && phase !== 'paused' && phase !== 'interrupted';
}

/** Whether the run is held: nothing of it works, and no time of it goes on, until it is resumed. */
export function isHeld(run: RunState['status']['name']): boolean {
  return run === 'paused' || run === 'interrupted';
}

/** The last sign of work that a run's log holds (RFC 3339). */
export function lastSignOf({ submittedAt, tasks, calls }: RunState): string {
  const times = tasks.flatMap(({ startedAt, endedAt, steps }) => [
    startedAt,
    endedAt,
    ...Object.values(steps).flatMap((step) => {
      if (step.status === 'later') return [];
      return step.status === 'current' ? [step.startedAt] : [step.endedAt];
    }),
  ]);
  const called = Object.values(calls).map(({ startedAt }) => startedAt);
  return [...times, ...called].reduce<string>(
    (last, time) => (time !== null && time > last ? time : last),
    submittedAt,
  );
}

/** How a task looks on its own. A run that is held holds its tasks: see `taskLook`. */
export function statusLook(status: TaskState['status']): StateName {
  switch (status.name) {
    case 'retrying':
      return 'running';
    case 'empty':
      return 'done';
    case 'skipped':
    case 'unneeded':
    case 'dropped':
      return 'stopped';
    case 'queued':
    case 'running':
    case 'waiting':
    case 'verified':
    case 'unverified':
    case 'failed':
    case 'stopped':
      return status.name;
    default:
      return status satisfies never;
  }
}

/** How a task looks in a run of this status: what runs in a held run is paused. */
export function taskLook(task: TaskState, run: RunState['status']['name']): StateName {
  const look = statusLook(task.status);
  return isHeld(run) && look === 'running' ? 'paused' : look;
}

/**
 * When a task's time began and ended; `until` is null while it goes on. No time at all (null) for one that has not begun, that a
 * held run holds, or that was stopped: how long it was held is no time of its work.
 */
export function taskTime(
  task: TaskState,
  run: RunState['status']['name'],
): { readonly since: string; readonly until: string | null } | null {
  const { startedAt, endedAt, status } = task;
  if (startedAt === null || status.name === 'stopped') return null;
  if (endedAt === null && (isHeld(run) || (status.name !== 'running' && status.name !== 'waiting')))
    return null;
  return { since: startedAt, until: endedAt };
}

/** The state a task works at or ended in; null before it began. */
export function currentStep(task: TaskState): StepName | null {
  if (task.attempt === 0) return null;
  const current = STEP_NAMES.findLast((name) => task.steps[name].status === 'current');
  return current ?? STEP_NAMES.findLast((name) => task.steps[name].status !== 'later') ?? null;
}

/** Where the track's marks stand. */
export function trackPlace(task: TaskState, state: StateName): TrackPlace {
  const step = currentStep(task);
  const skipped = STEP_NAMES.flatMap((name, place) =>
    task.steps[name].status === 'skipped' ? [place + 1] : [],
  );
  if (state === 'done') return { at: STEP_NAMES.length + 1, state, skipped };
  return { at: step === null ? 0 : STEP_NAMES.indexOf(step) + 1, state, skipped };
}

/** How many tasks stand how. All but `tasks` add up to `tasks`. */
export interface TaskCounts {
  readonly tasks: number;
  readonly verified: number;
  readonly running: number;
  readonly waiting: number;
  readonly unproven: number;
  readonly failed: number;
  readonly queued: number;
  /** Done, with nothing to claim. */
  readonly empty: number;
  readonly skipped: number;
  /** Passed over by the plan's own condition. */
  readonly unneeded: number;
  /** Given up when the plan was revised. */
  readonly dropped: number;
  readonly stopped: number;
}

/** The counts of a run's header; they add up to the nodes in its frame. */
export function countTasks(tasks: readonly TaskState[]): TaskCounts {
  const of = (name: TaskState['status']['name']) => tasks.filter(({ status }) => status.name === name).length;
  return {
    tasks: tasks.length,
    verified: of('verified'),
    running: of('running') + of('retrying'),
    waiting: of('waiting'),
    unproven: of('unverified'),
    failed: of('failed'),
    queued: of('queued'),
    empty: of('empty'),
    skipped: of('skipped'),
    unneeded: of('unneeded'),
    dropped: of('dropped'),
    stopped: of('stopped'),
  };
}

/** Claims of all tasks, and how many of them were checked and hold. */
export function countClaims(tasks: readonly TaskState[]): {
  readonly claims: number;
  readonly proven: number;
} {
  let [claims, proven] = [0, 0];
  for (const { evidence } of tasks) {
    claims += evidence.length;
    for (const { verdict } of evidence) if (verdict.checked) proven += 1;
  }
  return { claims, proven };
}

/** How a call of a run of this status looks. What had not answered when the run was held or ended is held or stopped with it. */
export function callLook(call: CallState, run: RunState['status']['name']): StateName {
  switch (call.outcome.name) {
    case 'undecided':
      return 'waiting';
    case 'refused':
      return 'denied';
    case 'started':
      if (run === 'ended') return 'stopped';
      return isHeld(run) ? 'paused' : 'running';
    case 'completed':
      return 'done';
    case 'failed':
      return 'failed';
    default:
      return call.outcome satisfies never;
  }
}

/** Whether a call was made and never answered: its run is held or has ended. */
export function isCutOff(call: CallState, run: RunState['status']['name']): boolean {
  return call.outcome.name === 'started' && (run === 'ended' || isHeld(run));
}

/** The key of the word for how a call stands. */
export function callWord(call: CallState, run: RunState['status']['name']): string {
  return isCutOff(call, run) ? 'app.state.cutOff' : `app.state.${callLook(call, run)}`;
}

/** Whether a call's time goes on: it works, or waits for a person, in a run that is at work. */
export function isGoing({ outcome }: CallState, run: RunState['status']['name']): boolean {
  return (outcome.name === 'started' || outcome.name === 'undecided') && run !== 'ended' && !isHeld(run);
}

const TELLING = ['path', 'file', 'query', 'pattern', 'folder', 'title', 'url', 'name'] as const;

/**
 * What a call is about, in one line: the argument that names a file, a query or the like, else the first short one. Empty when
 * the arguments are stored elsewhere or say nothing.
 */
export function argumentLine(call: CallState): string {
  const given = parsed(call.arguments.inline);
  const named = TELLING.map((name) => given[name]);
  const lists = Object.values(given).filter((value) => Array.isArray(value));
  const words =
    [...named, ...lists, ...Object.values(given)].map(wordsOf).find(({ length }) => length > 0) ?? [];
  const [first = '', ...others] = words;
  return others.length === 0 ? first : `${first} +${others.length}`;
}

/** An id tells a person nothing. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{32,}$/;

/** What an argument says to a person: a text, a list of them, or the titles of things. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' || ID.test(value) ? [] : [value];
  if (!Array.isArray(value)) return [];
  const words = value.map((each: unknown) => {
    if (typeof each === 'string') return each;
    const title = typeof each === 'object' && each !== null && 'title' in each ? each.title : '';
    return typeof title === 'string' ? title : '';
  });
  return words.every((word) => word !== '' && !ID.test(word)) ? words : [];
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
