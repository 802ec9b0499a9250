import type { Compensation } from '../event/task.ts';
import type { RunState, TaskState } from './state.ts';

/** Id, and idempotency key, of the call that takes another back. */
export function takeBackOf(call: string): string {
  return `${call}-back`;
}

/** What is still to be taken back of a task, in order: nothing was tried of it, or what was tried has no outcome yet. */
export function owedBy(state: RunState, task: TaskState): readonly Compensation[] {
  return (task.compensate ?? []).filter(({ call }) => {
    const name = state.calls[takeBackOf(call)]?.outcome.name;
    return name !== 'completed' && name !== 'failed' && name !== 'refused';
  });
}
