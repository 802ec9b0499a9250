import type { ApproveMode, RecordedRunEvent, RunEvent } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import { requeued } from './task-command.ts';

/** A branch of a run, after one of its events. */
export interface ForkWish {
  /** Id of the branch. */
  readonly run: string;
  /** The parent's events, up to and including the one to branch after. */
  readonly history: readonly RecordedRunEvent[];
  readonly approve: ApproveMode;
  /** Waits before it does anything, so that a person can edit what comes. */
  readonly paused: boolean;
}

/** A fact with the time it has in the parent; without one it is recorded as happening now. */
export type Dated = RunEvent & { readonly time?: string };

/**
 * The branch's own stream: the parent's history without its pauses and ends, then what makes it a run of its own. What was under way is
 * due anew under the branch's keys. Null for a history that does not begin with *goal.submitted*.
 */
export function forkEvents({ run, history, approve, paused }: ForkWish): readonly Dated[] | null {
  const [first, ...rest] = withoutTakingBack(history.filter(({ type }) => !type.startsWith('run.')));
  const state = fold(first === undefined ? [] : [first, ...rest]);
  if (first?.type !== 'goal.submitted' || state === null) return null;
  const fork = { run: first.data.run, sequence: history.at(-1)?.sequence ?? 1, events: rest.length + 1 };
  const open = state.tasks.filter(({ status }) => ['running', 'waiting', 'retrying'].includes(status.name));
  const again =
    open.length === 0
      ? null
      : requeued(
          state,
          open.map(({ id }) => id),
        );
  // The parent's deadline was set for the parent, and whoever waits for the parent does not wait for its branch.
  const { deadline, parent, ...goal } = first.data;
  return [
    { type: 'goal.submitted', data: { ...goal, run, approve, fork }, time: first.time },
    ...rest.map(asFact),
    ...(again === null ? [] : [{ type: 'task.requeued' as const, data: again }]),
    ...(paused ? [{ type: 'run.paused' as const, data: { reason: 'person' as const, fault: null } }] : []),
  ];
}

/** What the parent did is the parent's to take back: the branch neither owes it nor asks about it. */
function withoutTakingBack(history: readonly RecordedRunEvent[]): readonly RecordedRunEvent[] {
  const calls = new Set<string>();
  const approvals = new Set<string>();
  for (const { type, data } of history) {
    if (type === 'tool-call.decided' && data.compensates !== undefined) calls.add(data.call);
    if (type === 'approval.requested' && calls.has(data.call)) approvals.add(data.approval);
  }
  return history
    .filter(({ data }) => !('call' in data && calls.has(data.call)))
    .filter(({ data }) => !('approval' in data && approvals.has(data.approval)))
    .map((event) => {
      if (event.type !== 'task.failed') return event;
      const { compensate, ...data } = event.data;
      return { ...event, data };
    });
}

function asFact({ id, stream, sequence, version, scope, ...fact }: RecordedRunEvent): Dated {
  return fact;
}
