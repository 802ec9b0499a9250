import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconProps } from './icon.tsx';
import { STATES, type StateName } from './state.ts';

export interface StateIconProps {
  readonly state: StateName;
  /** The state's word. Give it wherever the word does not stand beside the icon. */
  readonly label?: string;
  readonly size?: IconProps['size'];
  readonly className?: string;
}

/** The shape of a state in its colour. Running turns, unless motion is reduced or the board stands still. */
export function StateIcon({ state, label, size = 16, className }: StateIconProps) {
  const { icon, tone } = STATES[state];
  return (
    <span data-tone={tone} className={cx('inline-flex flex-none text-tone', className)}>
      <Icon of={icon} size={size} label={label} className={state === 'running' ? 'animate-turn' : ''} />
    </span>
  );
}

export interface StateChipProps {
  readonly state: StateName;
  /** The state's word, or a count of it ("2 running"). */
  readonly children: ReactNode;
  /** No tint of its own, for a row that is tinted already. */
  readonly bare?: boolean;
  readonly className?: string;
}

/** Colour, shape and word of a state together. */
export function StateChip({ state, children, bare = false, className }: StateChipProps) {
  const { icon, tone } = STATES[state];
  return (
    <span
      data-tone={tone}
      className={cx(
        'inline-flex min-h-5 flex-none items-center gap-1 rounded-chip border border-transparent ps-1 pe-1.5 sharp:border-tone-line',
        'text-meta leading-small font-medium whitespace-nowrap text-tone-fg transition-colors duration-140',
        !bare && 'bg-tone-bg',
        className,
      )}
    >
      <Icon of={icon} size={12} className={cx('text-tone', state === 'running' && 'animate-turn')} />
      {children}
    </span>
  );
}

export interface SealProps {
  /** Claims with checked evidence. */
  readonly proven: number;
  readonly claims: number;
  /** The seal's words: "5 of 5". */
  readonly children: ReactNode;
}

/** How many claims of a card have evidence: green only when all have, plum otherwise. */
export function Seal({ proven, claims, children }: SealProps) {
  const whole = claims > 0 && proven === claims;
  return <StateChip state={whole ? 'verified' : 'unverified'}>{children}</StateChip>;
}
