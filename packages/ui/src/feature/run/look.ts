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

/** How a task looks on its own. A run that is held holds its tasks: see `taskLook`. */
export function statusLook(status: TaskState['status']): StateName {
  switch (status.name) {
    case 'retrying':
      return 'running';
    case 'empty':
      return 'done';
    case 'skipped':
    case 'unneeded':
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
  const held = run === 'paused' || run === 'interrupted';
  return held && look === 'running' ? 'paused' : look;
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
export function callLook(call: CallState, run: RunState['status']['name'] = 'running'): StateName {
  switch (call.outcome.name) {
    case 'undecided':
      return 'waiting';
    case 'refused':
      return 'denied';
    case 'started':
      if (run === 'ended') return 'stopped';
      return run === 'paused' || run === 'interrupted' ? 'paused' : 'running';
    case 'completed':
      return 'done';
    case 'failed':
      return 'failed';
    default:
      return call.outcome satisfies never;
  }
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
