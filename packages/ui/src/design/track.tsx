import { cx } from './cx.ts';
import { STATES, type StateName } from './state.ts';

/** How one mark of the track is drawn. The seventh is the gate: `passed` is filled green, `held` is outlined. */
export type TrackMark = 'rest' | 'done' | 'skipped' | 'current' | 'passed' | 'held';

/** Where a task stands in its eight states: Plan, Recall, Select tool, Execute, Observe, Reflect, Verify, Commit. */
export interface TrackPlace {
  /** The state it works at or ended in, 1 to 8; 0 before it began, 9 when all are past. */
  readonly at: number;
  readonly state: StateName;
  /** States that did nothing, 1 to 8. */
  readonly skipped?: readonly number[];
}

const GATE = 7;

function markOf(step: number, { at, state, skipped = [] }: TrackPlace): TrackMark {
  const gate = step === GATE;
  if (state === 'verified') return step >= GATE ? 'passed' : skipped.includes(step) ? 'skipped' : 'done';
  if (step === at) return gate ? 'held' : 'current';
  if (step > at) return 'rest';
  // What had nothing to check passed no gate.
  if (gate) return state === 'done' ? 'skipped' : 'passed';
  return skipped.includes(step) ? 'skipped' : 'done';
}

/** The eight marks of a task, in order. Only a verified task has a green Commit, and never before its gate. */
export function trackMarks(
  place: TrackPlace,
): readonly { readonly step: number; readonly mark: TrackMark }[] {
  return [1, 2, 3, 4, 5, 6, 7, 8].map((step) => ({ step, mark: markOf(step, place) }));
}

const BARS: Readonly<Record<TrackMark, string>> = {
  rest: 'h-1 bg-track-rest inset-ring inset-ring-track-ring',
  done: 'h-1 bg-ink-3',
  skipped: 'h-px bg-ink-3',
  current: 'h-1.5 bg-tone',
  passed: 'h-1 bg-verified-solid',
  held: 'h-1.5 bg-tone',
};
const GATES: Readonly<Record<TrackMark, string>> = {
  rest: 'bg-card inset-ring-[1.6px] inset-ring-line-2',
  done: 'bg-verified-solid',
  skipped: 'bg-card inset-ring-[1.6px] inset-ring-line-2',
  current: 'bg-tone-bg inset-ring-2 inset-ring-tone',
  passed: 'bg-verified-solid animate-fill',
  held: 'bg-tone-bg inset-ring-2 inset-ring-tone',
};

export interface TrackProps extends TrackPlace {
  /** The accessible text: "Execute, state 4 of 8". */
  readonly label: string;
  /** Half as large again, for the place that explains it. */
  readonly large?: boolean;
}

/** Eight marks with a diamond at Verify. What is done is grey, what is now is taller and in its colour. */
export function Track({ label, large = false, ...place }: TrackProps) {
  const { tone } = STATES[place.state];
  return (
    <div
      role="img"
      aria-label={label}
      data-tone={tone}
      className={cx('flex h-[9px] items-center gap-0.5', large && '[zoom:1.5]')}
    >
      {trackMarks(place).map(({ step, mark }) => (
        <i
          key={step}
          data-mark={mark}
          className={cx(
            'track-mark rounded-[1.5px] transition-colors duration-140',
            step === GATE
              ? cx('mx-0.5 size-2 flex-none rotate-45 scale-88', GATES[mark])
              : cx('flex-1', BARS[mark]),
          )}
        />
      ))}
    </div>
  );
}
