import { Check, Minus } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import type { StateName } from './state.ts';
import { StateIcon } from './state-mark.tsx';

export interface RowProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly children: ReactNode;
  readonly icon?: LucideIcon;
  /** A state icon instead of an icon, with the state's word as its name. */
  readonly state?: { readonly name: StateName; readonly label: string };
  /** At the end: an age, a right, a `Count`. */
  readonly end?: ReactNode;
  /** The one that is open or chosen. */
  readonly current?: boolean;
}

/** A row of a list, 28 high, that opens what it names. */
export function Row({ children, icon, state, end, current = false, className, ...rest }: RowProps) {
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      {...rest}
      className={cx(
        'flex min-h-row w-full min-w-0 flex-none items-center gap-2 rounded-control px-2 text-start text-body',
        'transition-colors -outline-offset-2',
        current ? 'bg-active font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
        className,
      )}
    >
      {icon !== undefined && <Icon of={icon} className={current ? 'text-ink' : 'text-ink-3'} />}
      {state !== undefined && <StateIcon state={state.name} label={state.label} />}
      <span className="cut flex-1">{children}</span>
      {end !== undefined && (
        <bdi className="flex-none text-meta font-normal text-ink-3 tabular-nums">{end}</bdi>
      )}
    </button>
  );
}

export interface RowGroupProps {
  readonly title: ReactNode;
  /** A small icon button at the end of the head. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Rows under a small head. */
export function RowGroup({ title, action, children }: RowGroupProps) {
  return (
    <section className="mt-3 flex flex-col">
      <header className="flex min-h-6.5 items-center ps-2 text-meta text-ink-3">
        <h3 className="cut flex-1 font-medium">{title}</h3>
        {action}
      </header>
      {children}
    </section>
  );
}

export interface StreamRowProps extends Omit<ComponentProps<'div'>, 'children'> {
  /** Time since the start of the run. */
  readonly since: ReactNode;
  readonly state: { readonly name: StateName | 'done'; readonly label: string };
  readonly tool: ReactNode;
  /** The argument, and the result so far. */
  readonly call: ReactNode;
  /** What policy said: a `Chip`, or a bare `StateChip` when it needs a person. */
  readonly verdict: ReactNode;
  readonly duration: ReactNode;
  /** Narrow columns, for a side panel. */
  readonly narrow?: boolean;
}

/** One tool call of the stream, 28 high, in columns that line up from row to row. Amber when it needs a person. */
export function StreamRow(props: StreamRowProps) {
  const { since, state, tool, call, verdict, duration, narrow = false, className, ...rest } = props;
  return (
    <div
      {...rest}
      className={cx(
        'grid min-h-row items-center gap-x-2 border-t border-line px-3 text-small -outline-offset-2',
        narrow
          ? 'grid-cols-[3rem_0.875rem_3.25rem_minmax(0,1fr)_auto_2.125rem]'
          : 'grid-cols-[4.25rem_1.25rem_8.25rem_minmax(0,1fr)_6.75rem_3.875rem]',
        state.name === 'waiting' && 'bg-waiting-bg',
        className,
      )}
    >
      <bdi className="text-meta text-ink-3 tabular-nums">{since}</bdi>
      {state.name === 'done' ? (
        <Icon of={Check} size={14} label={state.label} className="text-ink-3" />
      ) : (
        <StateIcon state={state.name} size={14} label={state.label} />
      )}
      <span className="cut font-medium">{tool}</span>
      <code className="cut text-ink-2">{call}</code>
      <span className="justify-self-start">{verdict}</span>
      <bdi className="text-end text-meta text-ink-3 tabular-nums">{duration}</bdi>
    </div>
  );
}

export interface EvidenceRowProps {
  readonly state: { readonly name: StateName; readonly label: string };
  /** The claim. Without it the row is the quote alone. */
  readonly claim?: ReactNode;
  /** What the file says there. */
  readonly quote: ReactNode;
  readonly citation: ReactNode;
  /** How it was checked: "line equal". */
  readonly checked?: ReactNode;
}

/** A claim, what the file says there, where, and how it was checked. */
export function EvidenceRow({ state, claim, quote, citation, checked }: EvidenceRowProps) {
  if (claim === undefined) {
    return (
      <div className="flex min-w-0 items-center gap-2 border-t border-line px-3 py-[7px]">
        <StateIcon state={state.name} size={14} label={state.label} />
        <code className="cut flex-1">{quote}</code>
        {citation}
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-1.5 border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex min-w-0 items-center gap-2">
        <StateIcon state={state.name} size={14} label={state.label} />
        <span className="min-w-0 flex-1 font-medium">{claim}</span>
      </div>
      {quote}
      <div className="flex min-w-0 items-center gap-2">
        {citation}
        <span className="ms-auto text-meta text-ink-3">{checked}</span>
      </div>
    </div>
  );
}

export interface TimelineRowProps {
  readonly state: { readonly name: StateName | 'done' | 'skipped'; readonly label: string };
  readonly title: ReactNode;
  readonly time?: ReactNode;
  /** One sentence; for the current one also its call, verdict and progress. */
  readonly children?: ReactNode;
}

/** One of the eight states down a line, inside a list. */
export function TimelineRow({ state, title, time, children }: TimelineRowProps) {
  const rest = state.name === 'queued' || state.name === 'skipped';
  return (
    <li className="group relative grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-2.5 px-4">
      <span className="relative row-span-2 flex justify-center group-last:after:hidden after:absolute after:top-[1.25rem] after:-bottom-1 after:w-px after:bg-line-2">
        <span className="flex h-[1.25rem] items-center">
          {state.name === 'done' || state.name === 'skipped' ? (
            <Icon
              of={state.name === 'done' ? Check : Minus}
              size={14}
              label={state.label}
              className="text-ink-3"
            />
          ) : (
            <StateIcon state={state.name} size={14} label={state.label} />
          )}
        </span>
      </span>
      <span className={rest ? 'text-ink-3' : 'font-medium'}>{title}</span>
      <bdi className="text-meta leading-body text-ink-3 tabular-nums">{time}</bdi>
      <div className="col-span-2 col-start-2 min-w-0 pb-2.5 text-small text-ink-2">{children}</div>
    </li>
  );
}
