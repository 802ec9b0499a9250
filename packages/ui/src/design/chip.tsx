import { Quote } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';

export interface ChipProps {
  readonly children: ReactNode;
  readonly icon?: LucideIcon;
  /** An edge instead of a tint, for a name such as a plan. */
  readonly outlined?: boolean;
  readonly className?: string;
}

/** A short fact in grey. A state has its own chip, `StateChip`. */
export function Chip({ children, icon, outlined = false, className }: ChipProps) {
  return (
    <span
      className={cx(
        'inline-flex min-h-5 flex-none items-center gap-1 rounded-chip border px-[5px]',
        'text-meta leading-small font-medium whitespace-nowrap text-ink-2',
        outlined ? 'border-line-2' : 'border-transparent bg-hover sharp:border-line',
        className,
      )}
    >
      {icon !== undefined && <Icon of={icon} size={12} />}
      {children}
    </span>
  );
}

export interface CountProps {
  readonly children: ReactNode;
  /** In the corner of an icon button instead of at the end of a row. */
  readonly corner?: boolean;
  /** What the number counts, for a screen reader: "1 approval waits". */
  readonly label?: string;
}

/** The amber count of what needs a person. Other counts are plain grey text. */
export function Count({ children, corner = false, label }: CountProps) {
  return (
    <span
      className={cx(
        'inline-flex items-center justify-center rounded-full bg-waiting-bg font-semibold text-waiting-fg',
        corner
          ? 'absolute end-px top-px min-h-3.5 min-w-3.5 px-0.5 text-[10px] leading-3.5 ring ring-waiting-line'
          : 'min-h-4.5 min-w-4.5 px-[5px] text-meta sharp:ring sharp:ring-waiting-line',
      )}
    >
      {label === undefined ? (
        children
      ) : (
        <>
          <span aria-hidden="true">{children}</span>
          <span className="sr-only">{label}</span>
        </>
      )}
    </span>
  );
}

export interface CitationProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Path inside the folder, as it is shown: `queue.js`. */
  readonly file: string;
  readonly line?: number;
  /** The accessible name, which holds what is shown: "Open queue.js:121". */
  readonly label: string;
  /** Text without a tint or quote mark, for a list of evidence. */
  readonly bare?: boolean;
}

/** Where a claim stands. Pressing it opens the file at that line. */
export function Citation({ file, line, label, bare = false, className, ...rest }: CitationProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'hit mono inline-flex flex-none items-center gap-[3px] rounded-mark text-meta font-medium text-accent-text',
        'whitespace-nowrap hover:underline hover:underline-offset-2',
        !bare && 'min-h-4.5 bg-accent-bg px-[5px]',
        className,
      )}
    >
      {!bare && <Icon of={Quote} size={11} />}
      {line === undefined ? file : `${file}:${line}`}
    </button>
  );
}
