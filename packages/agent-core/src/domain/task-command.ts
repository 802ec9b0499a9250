import type { Content, EventData, Fault, Note, RunEvent } from '@soma/schemas/event';
import { fault } from '@soma/schemas/event';
import { isReply, openApprovals, type RunState, type TaskState } from '@soma/schemas/run';

/** What a person may ask of one task of a run. */
export type TaskCommand =
  | { readonly type: 'retry-task'; readonly task: string }
  | { readonly type: 'skip-task'; readonly task: string }
  | { readonly type: 'edit-task'; readonly task: string; readonly arguments: Content };

type DecidedTask =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly fault: Fault };

/** The facts that come of a command on a task. Unlike the commands on a run, doing a task again is possible after the run's end. */
export function decideTask(state: RunState, command: TaskCommand): DecidedTask {
  const task = state.tasks.find(({ id }) => id === command.task);
  if (task === undefined) return refuse('TASK_UNKNOWN', command.task);
  if (command.type === 'retry-task') return retry(state, task);
  if (state.status.name === 'ended') return { ok: false, fault: fault('RUN_ENDED') };
  const isSpeaking =
    command.type === 'skip-task' && task.status.name === 'running' && isReply(state, task.id);
  if (!isPending(task) && !isSpeaking) return refuse('TASK_NOT_PENDING', task.id);
  switch (command.type) {
    case 'skip-task':
      return record({
        type: 'task.skipped',
        data: { task: task.id, note: skipNote(state, task) },
      });
    case 'edit-task':
      return record({ type: 'task.edited', data: { task: task.id, arguments: command.arguments } });
    default:
      return command satisfies never;
  }
}

/** Tasks due anew when `first` are: themselves, all that need them, and what a stop cut off, in the plan's order after the first. */
export function requeued(state: RunState, first: readonly string[]): EventData<'task.requeued'> | null {
  const cutOff = state.tasks.filter(({ status }) => status.name === 'stopped').map(({ id }) => id);
  const wanted = new Set([...first, ...cutOff]);
  for (let before = -1; before < wanted.size; ) {
    before = wanted.size;
    for (const { id, after, status } of state.tasks)
      if (status.name !== 'dropped' && after.some((needed) => wanted.has(needed))) wanted.add(id);
  }
  const again = state.tasks.filter(({ id }) => wanted.has(id));
  const questions = openApprovals(state).filter(
    ({ task, call }) => wanted.has(task) && state.calls[call]?.compensates === undefined,
  ).length;
  if (again.length === 0) return null;
  const evidence = again.flatMap((task) => task.evidence);
  return {
    tasks: [...new Set([...first, ...again.map(({ id }) => id)])],
    withdrawn: {
      verified: again.filter(({ status }) => status.name === 'verified').length,
      claims: evidence.length,
      checked: evidence.filter(({ verdict }) => verdict.checked).length,
      ...(questions === 0 ? {} : { questions }),
    },
  };
}

function retry(state: RunState, task: TaskState): DecidedTask {
  if (task.status.name === 'dropped') return refuse('TASK_DROPPED', task.id);
  if (isPending(task) || isUnderWay(task)) return refuse('TASK_NOT_OVER', task.id);
  const data = requeued(state, [task.id]);
  if (data === null) return refuse('TASK_UNKNOWN', task.id);
  // What builds on it and is at work would go on with a result that is about to change.
  const busy = state.tasks.find((other) => data.tasks.includes(other.id) && isUnderWay(other));
  return busy === undefined ? record({ type: 'task.requeued', data }) : refuse('TASK_BUSY', busy.id);
}

/** Without a reply nothing of what was asked for is left out. */
function skipNote(state: RunState, task: TaskState): Note {
  return { code: isReply(state, task.id) ? 'reply-stopped' : 'skipped-by-person', data: {} };
}

/** Nothing of its next attempt has begun. */
function isPending(task: TaskState): boolean {
  return task.status.name === 'queued' || task.status.name === 'retrying';
}

function isUnderWay(task: TaskState): boolean {
  return task.status.name === 'running' || task.status.name === 'waiting';
}

function record(event: RunEvent): DecidedTask {
  return { ok: true, events: [event] };
}

function refuse(code: Fault['code'], task: string): DecidedTask {
  return { ok: false, fault: fault(code, { task }) };
}
