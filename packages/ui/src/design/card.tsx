import type { ComponentProps, CSSProperties, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type LucideIcon } from './icon.tsx';
import type { Hue } from './person.tsx';
import { STATES, type StateName } from './state.ts';

/** The three paper colours of notes; a state never uses them. */
export type Paper = 'yellow' | 'blue' | 'pink';

const PRESETS: Readonly<Record<string, string>> = {
  '1': 'var(--p8)',
  '2': 'var(--p4)',
  '3': 'var(--note-yellow-line)',
  '4': 'var(--p3)',
  '5': 'var(--p2)',
  '6': 'var(--p7)',
};

/**
 * The look of a JSON Canvas colour, "1" to "6" or a hex: 12 % of it over the card, so that it is never taken
 * for a state.
 */
export function canvasTint(color: string): string {
  return `color-mix(in oklab, ${PRESETS[color] ?? color} 12%, var(--card))`;
}

export interface NodeFrameProps extends Omit<ComponentProps<'section'>, 'title'> {
  readonly paper?: Paper;
  /** A JSON Canvas colour. */
  readonly color?: string;
  /** Running and waiting colour the edge; other states leave it grey. */
  readonly state?: StateName;
  readonly selected?: boolean;
  /** Who else has it selected: name and colour of the person. */
  readonly holder?: { readonly name: string; readonly hue: Hue };
  /** Belongs to a later point than the one being looked at. */
  readonly later?: boolean;
  /** Holds other nodes: a larger radius and a ground that lets the board through. */
  readonly group?: boolean;
}

function edgeOf({ state, selected, holder, later, paper }: NodeFrameProps): string {
  if (selected === true) return 'border-accent ring ring-accent sharp:ring-2 shadow-2';
  if (holder !== undefined) return 'border-hue ring ring-hue';
  if (later === true) return 'border-dashed border-line-2';
  if (state === 'running' || state === 'waiting') return 'border-tone shadow-1';
  return paper === undefined ? 'border-line-2 shadow-1' : 'border-paper-line shadow-1';
}

/** The frame of everything on the board: ground, edge, selection. Places and sizes belong to the board. */
export function NodeFrame(props: NodeFrameProps) {
  const { paper, color, state, selected, holder, later, group, className, style, children, ...rest } = props;
  const ground: CSSProperties & Record<`--${string}`, string> = {};
  if (paper !== undefined) {
    ground['--paper'] = `var(--note-${paper})`;
    ground['--paper-line'] = `var(--note-${paper}-line)`;
  } else if (color !== undefined) {
    ground.backgroundColor = canvasTint(color);
  }
  return (
    <section
      {...rest}
      data-tone={state === undefined ? undefined : STATES[state].tone}
      data-hue={holder?.hue}
      style={{ ...ground, ...style }}
      className={cx(
        'relative min-w-0 border transition-[border-color,box-shadow] duration-140',
        group === true ? 'rounded-float' : 'rounded-card',
        paper !== undefined && 'bg-paper',
        paper === undefined && (group === true || later === true ? 'bg-card/45' : 'bg-card'),
        later === true && 'text-ink-3',
        edgeOf(props),
        className,
      )}
    >
      {holder !== undefined && <HolderFlag name={holder.name} />}
      {children}
      {selected === true && <SelectionHandles />}
    </section>
  );
}

function HolderFlag({ name }: { readonly name: string }) {
  return (
    <span className="absolute start-[-2px] top-[-17px] rounded-t-mark bg-hue px-1.5 text-[10px] leading-meta text-on-hue">
      {name}
    </span>
  );
}

const CORNERS = [
  '-start-[5px] -top-[5px]',
  '-end-[5px] -top-[5px]',
  '-start-[5px] -bottom-[5px]',
  '-end-[5px] -bottom-[5px]',
];

function SelectionHandles() {
  return CORNERS.map((corner) => (
    <i
      key={corner}
      aria-hidden="true"
      className={cx(
        'pointer-events-none absolute size-2 rounded-[2px] border-[1.5px] border-accent bg-card',
        corner,
      )}
    />
  ));
}

export interface CardHeadProps {
  readonly icon?: LucideIcon;
  readonly title: ReactNode;
  /** What stands beside the title: "348 lines, read by this run". */
  readonly note?: ReactNode;
  /** At the end: a seal, a chip, an icon button. */
  readonly children?: ReactNode;
}

/** The head of a card on the board: icon, title, what is said of it, and its seal. */
export function CardHead({ icon, title, note, children }: CardHeadProps) {
  return (
    <header className="flex min-h-[30px] min-w-0 items-center gap-2 pt-2.5 ps-3.5 pe-3">
      {icon !== undefined && <Icon of={icon} size={14} className="text-ink-3" />}
      <h3 className={cx('cut', note === undefined && 'flex-1')}>{title}</h3>
      {note !== undefined && <span className="cut flex-1 text-meta text-ink-3">{note}</span>}
      {children}
    </header>
  );
}

export interface CardProps extends NodeFrameProps, Omit<CardHeadProps, 'children'> {
  /** At the end of the head. */
  readonly aside?: ReactNode;
}

/** A card on the board with a head: an artifact, a file, a link. */
export function Card({ icon, title, note, aside, children, className, ...frame }: CardProps) {
  return (
    <NodeFrame {...frame} className={cx('flex flex-col', className)}>
      <CardHead icon={icon} title={title} note={note}>
        {aside}
      </CardHead>
      <div className="min-h-0 flex-1 px-3.5 pt-2 pb-3 text-small">{children}</div>
    </NodeFrame>
  );
}

export interface ClaimLineProps {
  readonly children: ReactNode;
  /** The claim's citation, at the line's end. */
  readonly citation?: ReactNode;
  /** Shown whole, over as many lines as it takes. */
  readonly whole?: boolean;
}

/** One claim a line, its citation at the end. */
export function ClaimLine({ children, citation, whole = false }: ClaimLineProps) {
  return (
    <div className={cx('flex min-h-[22px] min-w-0 gap-2', whole ? 'items-baseline py-0.5' : 'items-center')}>
      <span className={cx('flex-1', whole ? 'min-w-0 break-words' : 'cut')}>{children}</span>
      {citation}
    </div>
  );
}

export interface SurfaceProps extends ComponentProps<'div'> {
  /** `sheet` lies in a page, `float` above everything. */
  readonly level?: 'sheet' | 'float';
}

/** A plain rounded ground in a page, or a floating one. */
export function Surface({ level = 'sheet', className, ...rest }: SurfaceProps) {
  const look =
    level === 'sheet'
      ? 'rounded-panel border-line bg-card'
      : 'rounded-float border-line-2 bg-raised shadow-3';
  return <div {...rest} className={cx('min-w-0 overflow-hidden border', look, className)} />;
}
