import type { Fork, RecordedRunEvent } from '@soma/schemas/event';

/** A sign on a lane: a gate of Verify, a decision (a person's, or another plan), or a failure. */
export interface LaneMark {
  readonly sequence: number;
  readonly kind: 'gate' | 'decision' | 'failure';
  /** Its place, 0 to 1. */
  readonly at: number;
}

/** One branch as a line, from where it leaves its parent. */
export interface Lane {
  readonly from: number;
  readonly to: number;
  readonly marks: readonly LaneMark[];
}

export interface Lanes {
  /** The run it branched off; null for a run of its own, or while the parent's events are not here. */
  readonly parent: Lane | null;
  readonly own: Lane;
  /** Where the n-th event of the run stands, 0 to 1. */
  readonly placeOf: (at: number) => number;
}

/** The lines of a run and its parent on one scale: what they share lies at the same place. */
export function lanesOf(
  own: readonly RecordedRunEvent[],
  parent: readonly RecordedRunEvent[],
  fork: Fork | null,
): Lanes {
  const steps = Math.max(1, own.length - 1, fork === null ? 0 : parent.length - 1);
  const placeOf = (at: number) => Math.max(0, at - 1) / steps;
  const marks = (events: readonly RecordedRunEvent[]) =>
    events.flatMap((event, index): LaneMark[] => {
      const kind = markOf(event);
      return kind === null ? [] : [{ sequence: event.sequence, kind, at: placeOf(index + 1) }];
    });
  const joins = placeOf(fork?.events ?? 0);
  return {
    parent:
      fork === null || parent.length === 0
        ? null
        : { from: 0, to: placeOf(parent.length), marks: marks(parent) },
    own: {
      from: joins,
      to: placeOf(own.length),
      marks: marks(own).filter(({ at }) => fork === null || at > joins),
    },
    placeOf,
  };
}

function markOf(event: RecordedRunEvent): LaneMark['kind'] | null {
  switch (event.type) {
    case 'step.completed':
      return event.data.step === 'verify' ? 'gate' : null;
    case 'approval.requested':
    case 'approval.answered':
    case 'plan.revised':
    case 'task.requeued':
    case 'task.edited':
      return 'decision';
    case 'task.failed':
    case 'tool-call.failed':
      return 'failure';
    default:
      return null;
  }
}
