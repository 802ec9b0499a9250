import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import { ariaKeys, Keys } from './key.tsx';
import { Tip } from './tip.tsx';

type Native = Omit<ComponentProps<'button'>, 'children' | 'aria-keyshortcuts' | 'aria-pressed'>;

export interface ButtonProps extends Native {
  readonly children: ReactNode;
  /** `primary` is the one filled action of a view; `danger` destroys; `quiet` has no edge; `link` is text. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'link';
  /** 26 px instead of 30, for cards. */
  readonly small?: boolean;
  readonly icon?: LucideIcon;
  /** The key that does the same, printed on the button. */
  readonly keys?: readonly string[];
  /** Why it cannot be done now. The button stays reachable and says so. */
  readonly reason?: string;
}

const KINDS = {
  primary: 'border-accent bg-accent text-on-accent hover:border-accent-hover hover:bg-accent-hover shadow-1',
  plain: 'border-line-2 bg-card text-ink hover:bg-hover active:bg-active shadow-1',
  quiet: 'border-transparent text-ink-2 hover:bg-hover hover:text-ink active:bg-active',
  danger: 'border-line-2 bg-card text-failed-fg hover:bg-failed-bg shadow-1',
  link: 'hit border-transparent text-accent-text hover:underline underline-offset-3',
} as const;
const OFF = 'border-line-2 bg-sunken text-ink-off';

function buttonFace({
  kind,
  small,
  off,
}: {
  kind: keyof typeof KINDS;
  small: boolean;
  off: boolean;
}): string {
  const size = small ? 'min-h-6.5 px-[9px] text-small' : 'min-h-7.5 px-3 text-body';
  return cx(
    'inline-flex flex-none items-center justify-center gap-1.5 rounded-control border font-medium',
    'whitespace-nowrap transition-colors select-none',
    kind === 'link' ? 'text-small' : size,
    off ? OFF : KINDS[kind],
  );
}

/** A push button. Its words start with a verb and name the object. */
export function Button(props: ButtonProps) {
  const { children, kind = 'plain', small = false, icon, keys, reason, className, disabled, ...rest } = props;
  const off = disabled === true || reason !== undefined;
  const stop = (event: MouseEvent) => event.preventDefault();
  const button = (
    <button
      type="button"
      aria-keyshortcuts={ariaKeys(keys)}
      {...rest}
      {...(reason === undefined ? { disabled } : { 'aria-disabled': true, onClick: stop })}
      className={cx(buttonFace({ kind, small, off }), className)}
    >
      {icon !== undefined && <Icon of={icon} size={15} />}
      {children}
      {keys !== undefined && (
        <span aria-hidden="true" className="contents">
          <Keys keys={keys} filled={kind === 'primary' && !off} />
        </span>
      )}
    </button>
  );
  return reason === undefined ? button : <Tip text={reason}>{button}</Tip>;
}

export interface IconButtonProps extends Native {
  readonly icon: LucideIcon;
  /** The name: its tip and its accessible name. */
  readonly label: string;
  readonly keys?: readonly string[];
  /** 24 px instead of 28. */
  readonly small?: boolean;
  /** For what stays on until pressed again, such as a panel. */
  readonly pressed?: boolean;
  readonly kind?: 'quiet' | 'primary' | 'held';
  readonly tipSide?: 'top' | 'right' | 'bottom' | 'left';
  /** A count or letter in the corner. */
  readonly children?: ReactNode;
}

const ICON_KINDS = {
  quiet: 'text-ink-2 hover:bg-hover hover:text-ink active:bg-active aria-expanded:bg-active',
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  held: 'bg-active text-ink hover:bg-hover',
} as const;

/** A button that is only an icon; its tip gives the name and the key. */
export function IconButton(props: IconButtonProps) {
  const {
    icon,
    label,
    keys,
    small = false,
    pressed,
    kind = 'quiet',
    tipSide,
    children,
    className,
    ...rest
  } = props;
  return (
    <Tip text={label} keys={keys} side={tipSide}>
      <button
        type="button"
        aria-label={label}
        aria-keyshortcuts={ariaKeys(keys)}
        aria-pressed={pressed}
        {...rest}
        className={cx(
          'relative inline-flex flex-none items-center justify-center rounded-control transition-colors',
          'disabled:text-ink-off',
          small ? 'size-6' : 'size-7',
          ICON_KINDS[pressed === true ? 'held' : kind],
          className,
        )}
      >
        <Icon of={icon} />
        {children}
      </button>
    </Tip>
  );
}
