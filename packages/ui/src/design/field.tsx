import { OctagonX } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';

/** What a field gives the control inside it. */
export interface FieldBinding {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export interface FieldProps {
  readonly label: ReactNode;
  /** What it does, under the label. */
  readonly help?: ReactNode;
  /** What is wrong with the value and what to type instead. */
  readonly error?: ReactNode;
  /** The control, given the ids that tie it to its label, help and error. */
  readonly children: (binding: FieldBinding) => ReactNode;
  readonly className?: string;
}

/** Label, control, help and error as one thing. */
export function Field({ label, help, error, children, className }: FieldProps) {
  const id = useId();
  const told = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`].filter(
    (part) => part !== false,
  );
  const binding: FieldBinding = {
    id,
    ...(told.length > 0 && { 'aria-describedby': told.join(' ') }),
    ...(error !== undefined && { 'aria-invalid': true as const }),
  };
  return (
    <div className={cx('flex min-w-0 flex-col gap-0.5', className)}>
      <label htmlFor={id} className="text-small font-medium">
        {label}
      </label>
      {help !== undefined && (
        <span id={`${id}-help`} className="text-small text-ink-3">
          {help}
        </span>
      )}
      {children(binding)}
      {error !== undefined && (
        <span id={`${id}-error`} className="mt-0.5 text-small text-failed-fg">
          {error}
        </span>
      )}
    </div>
  );
}

const EDGE = cx(
  'rounded-control border border-line-ctl bg-card text-body transition-colors',
  'has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent',
  'has-[[aria-invalid]]:border-failed-solid has-disabled:bg-sunken has-disabled:text-ink-off',
);

export interface InputProps extends ComponentProps<'input'> {
  /** Before the text: a search glass, a filter. */
  readonly icon?: LucideIcon;
  /** At the end: a key, a unit. */
  readonly end?: ReactNode;
  /** 24 px high with a quieter edge, for a bar. */
  readonly small?: boolean;
}

/** One line of text. */
export function Input({ icon, end, small = false, className, ...rest }: InputProps) {
  return (
    <span
      className={cx(
        EDGE,
        'inline-flex min-w-0 items-center gap-2',
        small ? 'min-h-6.5 px-2 text-small' : 'min-h-8 px-2.5',
        className,
      )}
    >
      {icon !== undefined && <Icon of={icon} size={small ? 12 : 14} className="text-ink-3" />}
      <input {...rest} className="min-h-6 min-w-0 flex-1 bg-transparent outline-none" />
      {rest['aria-invalid'] === true && <Icon of={OctagonX} size={14} className="text-failed-solid" />}
      {end}
    </span>
  );
}
