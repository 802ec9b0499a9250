import { OctagonX, TriangleAlert } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Fragment } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import type { Tone } from './state.ts';

export interface DescriptionListProps {
  readonly facts: readonly { readonly id: string; readonly name: ReactNode; readonly value: ReactNode }[];
  /** Names as narrow as they are and values in supporting grey, for the sentences of an error. */
  readonly plain?: boolean;
  readonly className?: string;
}

/** Names and values in two columns. */
export function DescriptionList({ facts, plain = false, className }: DescriptionListProps) {
  return (
    <dl
      className={cx(
        'grid text-small',
        plain
          ? 'grid-cols-[minmax(52px,auto)_minmax(0,1fr)] gap-x-2 gap-y-0.5'
          : 'grid-cols-[minmax(92px,auto)_minmax(0,1fr)] gap-x-3 gap-y-[5px]',
        className,
      )}
    >
      {facts.map((fact) => (
        <Fragment key={fact.id}>
          <dt className="text-ink-3">{fact.name}</dt>
          <dd className={cx('min-w-0', plain && 'text-ink-2')}>{fact.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export interface ProgressBarProps {
  /** 0 to 1. */
  readonly value: number;
  /** What progresses: "9 of 22 functions". */
  readonly label: string;
  readonly tone?: Tone;
  /** 5 px instead of 4, for a node seen from afar. */
  readonly thick?: boolean;
  readonly className?: string;
}

const percent = (part: number): string => `${Math.min(100, Math.max(0, part * 100))}%`;

/** How far something is. Its words stand beside it. */
export function ProgressBar({ value, label, tone, thick = false, className }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, Math.max(0, value)) * 100)}
      data-tone={tone}
      data-swatch
      className={cx(
        'overflow-hidden rounded-full bg-active forced-colors:border forced-colors:border-[CanvasText]',
        thick ? 'h-[5px] bg-line-2' : 'h-1',
        className,
      )}
    >
      <div
        style={{ inlineSize: percent(value) }}
        className={cx(
          'h-full rounded-full transition-[inline-size] duration-140',
          tone === undefined ? 'bg-ink-2' : 'bg-tone',
        )}
      />
    </div>
  );
}

export interface CostMeterProps {
  /** Parts of the limit, 0 to 1 each: what was spent, and what is set aside for calls under way. */
  readonly spent: number;
  readonly setAside: number;
  /** Where the soft limit is, 0 to 1. */
  readonly soft?: number;
  /** "$0.31 of $1.00 this run", never left out. */
  readonly words: ReactNode;
  /** At the other end: "$0.04 set aside". */
  readonly note?: ReactNode;
  /** The whole in one sentence, for a screen reader. */
  readonly label: string;
}

const HATCH: CSSProperties = {
  backgroundImage: 'repeating-linear-gradient(45deg, var(--text-3) 0 2px, transparent 2px 4px)',
};

/** Spent solid, set aside hatched, the limit at the end. Amber from the soft limit, red at the hard one. */
export function CostMeter({ spent, setAside, soft, words, note, label }: CostMeterProps) {
  const used = spent + setAside;
  const tone: Tone | undefined =
    used >= 1 ? 'failed' : soft !== undefined && used >= soft ? 'waiting' : undefined;
  return (
    <div data-tone={tone} className="flex min-w-0 flex-col gap-1.5 text-small tabular-nums">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        {tone !== undefined && (
          <Icon of={tone === 'failed' ? OctagonX : TriangleAlert} size={14} className="text-tone" />
        )}
        <span className={cx('flex-1', tone !== undefined && 'text-tone-fg')}>{words}</span>
        {note !== undefined && <span className="text-ink-3">{note}</span>}
      </div>
      <div
        role="img"
        aria-label={label}
        data-swatch
        className="relative h-1.5 rounded-[3px] bg-active forced-colors:border forced-colors:border-[CanvasText]"
      >
        <i
          style={{ ...HATCH, inlineSize: percent(used) }}
          className="absolute inset-y-0 start-0 rounded-[3px]"
        />
        <i
          style={{ inlineSize: percent(spent) }}
          className={cx(
            'absolute inset-y-0 start-0 rounded-[3px]',
            tone === undefined ? 'bg-ink-2' : 'bg-tone',
          )}
        />
        {soft !== undefined && (
          <i style={{ insetInlineStart: percent(soft) }} className="absolute -inset-y-0.5 w-0.5 bg-ink" />
        )}
      </div>
    </div>
  );
}
