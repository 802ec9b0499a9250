import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx, Icon } from '../../design/index.ts';

export interface StepProps {
  readonly number: number;
  readonly state: 'done' | 'current' | 'later';
  readonly title: ReactNode;
  /** At the end of the row. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

const MARKS = {
  done: 'bg-ink text-app',
  current: 'bg-accent text-on-accent',
  later: 'bg-hover text-ink-2',
} as const;

/** One step of a card: its number, its title, and what is to be done; number and text of all steps share their edges. */
export function Step({ number, state, title, end, children }: StepProps) {
  return (
    <li className="flex min-w-0 items-start gap-3 border-t border-line px-3.5 py-3 first:border-t-0">
      <span
        className={cx(
          'flex size-6 flex-none items-center justify-center rounded-full text-meta font-semibold tabular-nums',
          state === 'done' && 'mt-2',
          MARKS[state],
        )}
      >
        {state === 'done' ? <Icon of={Check} size={14} /> : number}
      </span>
      <div className={cx('flex min-w-0 flex-1 flex-col', state === 'done' ? '' : 'gap-1.5')}>
        <h2 className={cx('font-medium', state !== 'done' && 'leading-[1.5rem]')}>{title}</h2>
        {children}
      </div>
      {end !== undefined && <span className="self-center">{end}</span>}
    </li>
  );
}
