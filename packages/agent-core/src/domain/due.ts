import type { Compensation, EndState, Note } from '@soma/schemas/event';
import { owedBy, type RunState, type TaskState, takeBackOf } from '@soma/schemas/run';
import { isWorking } from './decide.ts';
import { LONGEST_PAUSE_MS } from './retry.ts';
import { isRevisionAsked, mayRevise } from './revise.ts';

/*
 * What remains to be done, as data derived from the state, so that resuming after a crash is folding again.
 * Never a task that is busy, never more than the limit, and the same state always gives the same answer in the same order.
 */

export type Due =
  | { readonly type: 'propose-plan' }
  | { readonly type: 'approve-plan' }
  | { readonly type: 'start-attempt'; readonly task: string; readonly attempt: number }
  | { readonly type: 'continue-attempt'; readonly task: string }
  | ({ readonly type: 'compensate'; readonly task: string } & Compensation)
  | { readonly type: 'skip-task'; readonly task: string; readonly because: string }
  /** Others come in the place of a task that came to nothing. */
  | { readonly type: 'revise'; readonly task: string }
  | { readonly type: 'wait'; readonly until: string }
  | { readonly type: 'end'; readonly state: EndState; readonly note: Note };

export interface DueContext {
  /** RFC 3339 in UTC. */
  readonly now: string;
  /** Work this process is doing already: task ids, `plan`, or what `waitName` calls a wait. */
  readonly busy: ReadonlySet<string>;
  /** How many tasks of a run may be under way at once. */
  readonly limit: number;
  /** Times that were waited for, whatever the clock says since. */
  readonly passed?: ReadonlySet<string>;
}

/** Most tasks that are named where a run says what was left out. */
const NAMED = 5;

/** Everything that may start now. Older tasks of the plan come first. */
export function due(state: RunState, context: DueContext): readonly Due[] {
  if (!isWorking(state)) return [];
  const { deadline } = state;
  if (deadline !== null && deadline <= context.now) return [ended('stuck', 'deadline-passed', 0)];
  const work = workDue(state, context);
  return deadline === null || work.some(({ type }) => type === 'end')
    ? work
    : [...work, { type: 'wait', until: deadline }];
}

function workDue(state: RunState, context: DueContext): readonly Due[] {
  if (state.plan === null) return context.busy.has('plan') ? [] : [{ type: 'propose-plan' }];
  if (!state.plan.approved) return context.busy.has('plan') ? [] : [{ type: 'approve-plan' }];
  // Until a person has said which plan it is, nothing of either begins.
  if (isRevisionAsked(state)) return [];
  if (
    state.tasks.every((task) => isOver(task) && owedBy(state, task).length === 0 && !mayRevise(state, task))
  )
    return [...context.busy].every(isWait) ? [end(state)] : [];
  const free = context.limit - [...context.busy].filter((id) => id !== 'plan' && !isWait(id)).length;
  const ready = state.tasks
    .filter((task) => !context.busy.has(task.id))
    .flatMap((task) => dueOf(task, state, context));
  const work = ready
    .filter(({ type }) => type === 'start-attempt' || type === 'continue-attempt' || type === 'compensate')
    .slice(0, Math.max(0, free));
  const rest = ready.filter(({ type }) => type === 'skip-task' || type === 'wait' || type === 'revise');
  return [...rest, ...work];
}

function dueOf(task: TaskState, state: RunState, { now, passed }: DueContext): Due[] {
  const [owed] = owedBy(state, task);
  // What an attempt that failed had done goes before another begins.
  if (owed !== undefined) return isAsked(state, owed) ? [] : [{ type: 'compensate', task: task.id, ...owed }];
  switch (task.status.name) {
    case 'queued': {
      const before = state.tasks.filter((other) => task.after.includes(other.id));
      // Others may come in the place of one it needs, now or once what that one did is taken back.
      if (before.some((other) => mayRevise(state, other) || isToRevise(state, other))) return [];
      const broken = before.find((other) => isOver(other) && !hasResult(other) && other.optional !== true);
      if (broken !== undefined) return [{ type: 'skip-task', task: task.id, because: broken.id }];
      return before.every((other) => hasResult(other) || (other.optional === true && isOver(other)))
        ? [{ type: 'start-attempt', task: task.id, attempt: task.attempt + 1 }]
        : [];
    }
    case 'retrying':
      if (isAhead(task.status, now) && passed?.has(task.status.retryAt) !== true)
        return [{ type: 'wait', until: task.status.retryAt }];
      return [{ type: 'start-attempt', task: task.id, attempt: task.attempt + 1 }];
    case 'running':
      return [{ type: 'continue-attempt', task: task.id }];
    case 'unverified':
    case 'failed':
      return mayRevise(state, task) ? [{ type: 'revise', task: task.id }] : [];
    case 'waiting':
    case 'verified':
    case 'empty':
    case 'unneeded':
    case 'skipped':
    case 'dropped':
    case 'stopped':
      return [];
    default:
      return task.status satisfies never;
  }
}

/** Whether the task has another way, which is not looked at before what it did is taken back. */
function isToRevise(state: RunState, task: TaskState): boolean {
  return (task.otherwise ?? []).length > 0 && owedBy(state, task).length > 0;
}

function isAsked({ approvals }: RunState, { call }: Compensation): boolean {
  return Object.values(approvals).some((asked) => asked.call === takeBackOf(call) && asked.answer === null);
}

/** A pause of the product's own that is longer than any it makes is none: the clock was set back since. */
function isAhead(
  { retryAt, fault }: Extract<TaskState['status'], { name: 'retrying' }>,
  now: string,
): boolean {
  const left = Date.parse(retryAt) - Date.parse(now);
  return left > 0 && (fault.retry.when === 'at' || left <= LONGEST_PAUSE_MS);
}

function end(state: RunState): Due {
  const leftOut = state.tasks.filter((task) => isLeftOut(task, state));
  const failed = state.tasks.filter(
    (task) =>
      (task.status.name === 'failed' || task.status.name === 'skipped') &&
      task.optional !== true &&
      !leftOut.includes(task),
  );
  // Whatever might have helped was tried as often as it may be.
  const spent = failed.filter(
    ({ status }) => status.name === 'failed' && status.fault.retry.when !== 'never',
  );
  if (spent.length > 0) return ended('stuck', 'tries-spent', spent.length);
  const ways = waysSpent(state);
  if (ways.length > 0)
    return {
      type: 'end',
      state: 'stuck',
      note: { code: 'ways-spent', data: { count: ways.length, tried: [...ways] } },
    };
  if (failed.length > 0) return ended('failed', 'tasks-failed', failed.length);
  const unproven = state.tasks.filter((task) => task.status.name === 'unverified');
  if (unproven.length > 0) return ended('unverified', 'tasks-unverified', unproven.length);
  if (leftOut.length > 0)
    return { type: 'end', state: 'unverified', note: naming('tasks-left-out', leftOut) };
  const undone = state.tasks.filter((task) => isUndone(state, task));
  if (undone.length > 0) return { type: 'end', state: 'unverified', note: naming('tasks-undone', undone) };
  const claims = state.tasks.flatMap((task) => task.evidence).length;
  return claims === 0 ? ended('unverified', 'nothing-claimed', 0) : ended('verified', 'all-verified', claims);
}

/** Whether it was to change or send something and came to nothing: what comes after may say that it did. */
function isUndone({ calls }: RunState, task: TaskState): boolean {
  const acts = task.calls.some((id) => ['write', 'execute', 'network'].includes(calls[id]?.risk ?? 'read'));
  return task.optional === true && acts && isOver(task) && !hasResult(task) && task.status.name !== 'dropped';
}

/** A note with the titles of the first of the tasks. */
function naming(code: string, tasks: readonly TaskState[]): Note {
  const named = tasks.slice(0, NAMED).map(({ title }) => title);
  return { code, data: { count: tasks.length, tasks: named, more: tasks.length - named.length } };
}

/** What was tried, in order, where the plan was revised and what came in its place came to nothing either. */
function waysSpent({ tasks }: RunState): readonly string[] {
  const last = tasks.filter(
    ({ insteadOf, from, status }) =>
      insteadOf !== undefined &&
      // What a result asked for is no other way.
      from === undefined &&
      (status.name === 'unverified' || (status.name === 'failed' && status.fault.code !== 'POLICY_DENIED')),
  );
  const tried = new Set(last.map(({ id }) => id));
  for (let before = -1; before < tried.size; ) {
    before = tried.size;
    for (const { id, insteadOf = [] } of tasks)
      if (tried.has(id)) for (const one of insteadOf) tried.add(one);
  }
  return tasks.filter(({ id }) => tried.has(id)).map(({ title }) => title);
}

/** What a person left out, and what for that alone could not begin: a run without it has not failed, nor done all that was asked. */
function isLeftOut({ status }: TaskState, state: RunState): boolean {
  if (status.name !== 'skipped') return false;
  if (status.note.code === 'skipped-by-person') return true;
  const needed = state.tasks.find(({ id }) => id === status.note.data.task);
  return needed !== undefined && isLeftOut(needed, state);
}

function ended(state: EndState, code: string, count: number): Due {
  return { type: 'end', state, note: { code, data: { count } } };
}

/** What a wait is called among the work under way; waits for other times are other waits. */
export function waitName(until: string): string {
  return `wait ${until}`;
}

function isWait(name: string): boolean {
  return name.startsWith('wait ');
}

function hasResult(task: TaskState): boolean {
  return ['verified', 'unverified', 'empty', 'unneeded'].includes(task.status.name);
}

function isOver(task: TaskState): boolean {
  return (
    hasResult(task) ||
    task.status.name === 'failed' ||
    task.status.name === 'skipped' ||
    task.status.name === 'dropped' ||
    task.status.name === 'stopped'
  );
}
