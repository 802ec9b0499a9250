import type { Content, EventData, Fault, Json, Note, RunEvent } from '@soma/schemas/event';
import type { TaskTemplate } from '@soma/schemas/plan';
import type { RunState, TaskState } from '@soma/schemas/run';
import type { RunMemo } from './memo.ts';
import type { Performing } from './outcome.ts';

/** Why an attempt is aborted whose task a person left out while it was under way: what became of its call is recorded all the same. */
export const SKIPPED = 'skipped';

/** One try of one task. */
export interface Attempt extends Performing {
  readonly task: string;
  readonly template: TaskTemplate;
  readonly memo: RunMemo;
}

/** What a state came to. `before` and `after` are committed with it; a non-empty `after` ends the attempt. */
export type StepResult =
  | {
      readonly name: 'completed';
      readonly note: Note;
      readonly output: Content | null;
      readonly before: readonly RunEvent[];
      readonly after: readonly RunEvent[];
      /** Left out: always. Where it is not so of the state any more, nothing of it is committed, and the state is done anew. */
      readonly stands?: (now: RunState) => boolean;
    }
  | { readonly name: 'skipped'; readonly note: Note; readonly after: readonly RunEvent[] }
  | { readonly name: 'failed'; readonly fault: Fault; readonly events: readonly RunEvent[] }
  | { readonly name: 'stalled'; readonly fault: Fault }
  | { readonly name: 'waiting' }
  | { readonly name: 'aborted' };

export function taskOf(attempt: Attempt): TaskState {
  const task = attempt.writer.state().tasks.find(({ id }) => id === attempt.task);
  if (task === undefined) throw new Error(`the plan has no task ${attempt.task}`);
  return task;
}

export function completed(
  note: Note,
  output: Content | null,
  before: readonly RunEvent[] = [],
): Extract<StepResult, { name: 'completed' }> {
  return { name: 'completed', note, output, before, after: [] };
}

export function skipped(note: Note): Extract<StepResult, { name: 'skipped' }> {
  return { name: 'skipped', note, after: [] };
}

export function failed(problem: Fault): StepResult {
  return { name: 'failed', fault: problem, events: [] };
}

export function overAs(attempt: Attempt, state: EventData<'task.completed'>['state']): RunEvent {
  const { id: task, attempt: number } = taskOf(attempt);
  return { type: 'task.completed', data: { task, attempt: number, state } };
}

export function put(attempt: Attempt, value: Json): Promise<Content> {
  return attempt.parts.content.put(attempt.writer.state().scope, JSON.stringify(value), 'application/json');
}
