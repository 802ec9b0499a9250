import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';

/** Eight colours of participants, given in order of joining; never without a name or initials. */
export type Hue = 'p1' | 'p2' | 'p3' | 'p4' | 'p5' | 'p6' | 'p7' | 'p8';

const HUES: readonly Hue[] = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'];

/** The colour of the participant who joined as number `order`, counted from 0. */
export function hueOf(order: number): Hue {
  return HUES[((order % HUES.length) + HUES.length) % HUES.length] ?? 'p1';
}

export interface AvatarProps {
  readonly hue: Hue;
  readonly name: string;
  /** A person's one or two letters. */
  readonly initials?: string;
  /** An agent's icon; with it the avatar is square. */
  readonly icon?: LucideIcon;
  /** 20 px instead of 24. */
  readonly small?: boolean;
}

/** People are round, agents are square. */
export function Avatar({ hue, name, initials, icon, small = false }: AvatarProps) {
  const shape = icon === undefined ? 'rounded-full' : small ? 'rounded-chip' : 'rounded-control';
  return (
    <span
      role="img"
      aria-label={name}
      title={name}
      data-hue={hue}
      data-swatch
      className={cx(
        'inline-flex flex-none items-center justify-center bg-hue font-semibold tracking-[0.01em] text-on-hue',
        small ? 'size-5 text-[9px]' : 'size-6 text-[10px]',
        shape,
      )}
    >
      {icon === undefined ? initials : <Icon of={icon} size={14} />}
    </span>
  );
}

export interface CursorProps {
  readonly hue: Hue;
  readonly name: string;
  /** An agent's icon; people have none. */
  readonly icon?: LucideIcon;
  /** Why an agent looks here, present tense, up to 60 characters. */
  readonly why?: ReactNode;
}

/** A participant's pointer with its tag: round for people, square-cornered with a why line for agents. */
export function Cursor({ hue, name, icon, why }: CursorProps) {
  return (
    <span data-hue={hue} data-swatch className="pointer-events-none flex text-hue" dir="ltr">
      <svg width="18" height="20" viewBox="0 0 18 20" aria-hidden="true" className="flex-none drop-shadow-sm">
        <path
          d="M2 1.5 15.5 9l-6 1.7L6.6 17z"
          fill="currentColor"
          stroke="var(--cursor-edge)"
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
      </svg>
      <span
        className={cx(
          'mt-3.5 -ms-0.5 bg-hue px-2 text-meta font-medium whitespace-nowrap text-on-hue',
          icon === undefined
            ? 'rounded-[4px_10px_10px_10px] leading-small'
            : 'rounded-mark pt-[3px] pb-1 leading-meta',
        )}
      >
        {icon === undefined ? (
          name
        ) : (
          <span className="flex items-center gap-1 font-semibold">
            <Icon of={icon} size={12} />
            {name}
          </span>
        )}
        {why !== undefined && <span className="block font-normal">{why}</span>}
      </span>
    </span>
  );
}
