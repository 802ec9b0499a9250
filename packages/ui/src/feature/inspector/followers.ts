import type { RunState, TaskState } from '@soma/schemas/run';

/** The tasks that need one of these, directly or through others, in the plan's order. */
export function followersOf(tasks: readonly TaskState[], first: readonly string[]): readonly TaskState[] {
  const reached = new Set(first);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const { id, after, status } of tasks)
      if (status.name !== 'dropped' && after.some((needed) => reached.has(needed))) reached.add(id);
  }
  return tasks.filter(({ id }) => reached.has(id) && !first.includes(id));
}

/** The tasks that are done with this one when it is done again: those that need it, and those a stop cut off. */
export function doneWith({ tasks }: RunState, task: string): readonly TaskState[] {
  const cutOff = tasks.filter(({ id, status }) => id !== task && status.name === 'stopped');
  const first = [task, ...cutOff.map(({ id }) => id)];
  const needing = new Set(followersOf(tasks, first));
  return tasks.filter((each) => needing.has(each) || cutOff.includes(each));
}

/** Nothing of its next attempt has begun: it can be left out and edited. */
export function isPending({ status }: TaskState): boolean {
  return status.name === 'queued' || status.name === 'retrying';
}

/** It has come to an end, one way or another: it can be done again, unless the plan was revised and goes on without it. */
export function isOver({ status }: TaskState): boolean {
  return !(['queued', 'retrying', 'running', 'waiting', 'dropped'] as const).some(
    (name) => name === status.name,
  );
}
