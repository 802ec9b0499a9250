import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { DescriptionList } from './fact.tsx';
import { Icon, type LucideIcon } from './icon.tsx';
import { STATES, type Tone } from './state.ts';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** Says what is so: "No runs yet". */
  readonly title: ReactNode;
  /** One or two sentences. */
  readonly children: ReactNode;
  /** One button. */
  readonly action?: ReactNode;
  readonly className?: string;
}

/** An absence: plain words and one thing to do. Never red. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cx(
        'flex h-full flex-col items-center justify-center gap-[3px] p-3.5 text-center',
        className,
      )}
    >
      <Icon of={icon} size={20} className="text-ink-3" />
      <h3 className="mt-1">{title}</h3>
      <p className="max-w-[14.375rem] text-small text-ink-2">{children}</p>
      {action !== undefined && <div className="mt-2">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** Red when something broke, amber at a limit or a cut, grey for a refusal. */
  readonly tone: Extract<Tone, 'failed' | 'waiting' | 'stopped'>;
  readonly icon?: LucideIcon;
  /** What happened: "The key for OpenAI was refused". */
  readonly title: ReactNode;
  /** Names and sentences in order: cause, effect, next. */
  readonly facts: readonly { readonly id: string; readonly name: ReactNode; readonly value: ReactNode }[];
  /** One or two buttons, at most one of them primary. */
  readonly actions?: ReactNode;
  /** The stable code, for a search or a report. */
  readonly code: string;
  /** Announced at once, for an error that was not there before. */
  readonly live?: boolean;
  readonly className?: string;
}

/** An error in the place where the thing is. */
export function ErrorState({ tone, icon, title, facts, actions, code, live, className }: ErrorStateProps) {
  return (
    <div
      role={live === true ? 'alert' : undefined}
      data-tone={tone}
      className={cx('flex h-full min-w-0 items-start gap-3 px-3.5 py-3', className)}
    >
      <span className="flex h-[1.25rem] items-center text-tone">
        <Icon of={icon ?? STATES[tone].icon} size={18} />
      </span>
      <div className="flex h-full min-w-0 flex-1 flex-col gap-1">
        <h3>{title}</h3>
        <DescriptionList facts={facts} plain />
        <div className="mt-auto flex flex-wrap items-center gap-2 pt-1.5">
          {actions}
          <code className="ms-auto text-meta text-ink-3">{code}</code>
        </div>
      </div>
    </div>
  );
}
