import { X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';

export interface PanelProps {
  readonly title: ReactNode;
  /** Before the title: a state icon or an icon of 18. */
  readonly mark?: ReactNode;
  /** Under the title: who, in which task. */
  readonly subtitle?: ReactNode;
  /** Icon buttons before the close button. */
  readonly actions?: ReactNode;
  readonly close?: {
    readonly label: string;
    readonly keys?: readonly string[];
    readonly onClose: () => void;
  };
  /** `Tabs`, or any content; it takes the height that is left. */
  readonly children?: ReactNode;
  /** Stays at the bottom while the content scrolls. */
  readonly footer?: ReactNode;
  readonly className?: string;
}

/** The shell of the inspector: head, content, foot. Its title names the region. */
export function Panel({ title, mark, subtitle, actions, close, children, footer, className }: PanelProps) {
  const id = useId();
  return (
    <aside
      aria-labelledby={id}
      // What had the focus in it may go away: then it lies with the panel.
      tabIndex={-1}
      className={cx(
        'outline-none flex min-h-0 min-w-0 flex-col overflow-hidden border-s border-line bg-app',
        className,
      )}
    >
      <header className="flex-none px-4 pt-3">
        <div className="flex min-w-0 items-center gap-2">
          {mark}
          <h2 id={id} className="cut flex-1 text-title">
            {title}
          </h2>
          {actions}
          {close !== undefined && (
            <IconButton icon={X} small label={close.label} keys={close.keys} onClick={close.onClose} />
          )}
        </div>
        {subtitle !== undefined && (
          <div className="mt-0.5 mb-2.5 flex min-w-0 flex-wrap items-center gap-2 text-small text-ink-3">
            {subtitle}
          </div>
        )}
      </header>
      <div className="flex min-h-0 flex-1 flex-col">{children}</div>
      {footer !== undefined && (
        <footer className="flex flex-none flex-col gap-1.5 border-t border-line px-4 py-3 text-small tabular-nums">
          {footer}
        </footer>
      )}
    </aside>
  );
}

export interface FootLineProps {
  readonly name: ReactNode;
  readonly children: ReactNode;
}

/** A name and its value at the two ends of a line. */
export function FootLine({ name, children }: FootLineProps) {
  return (
    <div className="flex min-w-0 items-center gap-2">
      <span className="flex-1 text-ink-3">{name}</span>
      <span className="min-w-0">{children}</span>
    </div>
  );
}
