import type { ReactNode } from 'react';
import { type CardProps, NodeFrame, type NodeFrameProps } from './card.tsx';
import { cx } from './cx.ts';
import { ProgressBar } from './fact.tsx';
import { Icon, type LucideIcon } from './icon.tsx';
import { STATES, type StateName } from './state.ts';
import { StateIcon } from './state-mark.tsx';
import { Track, type TrackProps } from './track.tsx';

export interface TaskCardProps extends Omit<NodeFrameProps, 'state'> {
  /** Where it stands, with the track's accessible text. */
  readonly track: TrackProps;
  readonly title: ReactNode;
  /** The tool and its argument. */
  readonly call: ReactNode;
  /** The state in words: "Execute: needs you". */
  readonly words: ReactNode;
  readonly time?: ReactNode;
}

/** A task on the board, near: title, tool, eight marks, state in words and time. 208 by 97 as a rule. */
export function TaskCard({ track, title, call, words, time, className, ...frame }: TaskCardProps) {
  return (
    <NodeFrame {...frame} state={track.state} className={cx('px-[11px] pt-[9px] pb-2.5', className)}>
      <div className="flex min-w-0 items-center gap-[7px] leading-small font-medium">
        <StateIcon state={track.state} />
        <span className="cut">{title}</span>
      </div>
      <div className="cut mono mt-1 mb-2 text-meta text-ink-3">{call}</div>
      <Track {...track} />
      <div className="mt-[5px] flex justify-between gap-2 text-meta text-ink-2">
        <span className="cut">{words}</span>
        <bdi className="flex-none text-ink-3 tabular-nums">{time}</bdi>
      </div>
    </NodeFrame>
  );
}

export interface NoteCardProps extends NodeFrameProps {
  readonly title?: ReactNode;
}

/** A note: paper colour, title, text. It has no head. */
export function NoteCard({ title, paper = 'yellow', children, className, ...frame }: NoteCardProps) {
  return (
    <NodeFrame {...frame} paper={paper} className={cx('overflow-hidden px-3.5 py-3', className)}>
      {title !== undefined && <div className="font-medium">{title}</div>}
      <div className="mt-[3px] text-small text-ink-2">{children}</div>
    </NodeFrame>
  );
}

export interface RunCardProps extends NodeFrameProps {
  readonly state: StateName;
  /** The state's word. */
  readonly stateLabel: string;
  readonly title: ReactNode;
  /** "2 of 7 tasks verified, 2 running, 1 needs you". */
  readonly summary: ReactNode;
  /** Time, cost, calls: an icon and a figure each. */
  readonly figures: readonly {
    readonly icon: LucideIcon;
    readonly label: string;
    readonly value: ReactNode;
  }[];
  /** Beside the figures: plan chip, Pause, more. */
  readonly actions?: ReactNode;
}

/** A run on the board in short: state, goal, counts, time, cost, calls. */
export function RunCard(props: RunCardProps) {
  const { state, stateLabel, title, summary, figures, actions, className, children, ...frame } = props;
  return (
    <NodeFrame
      {...frame}
      state={state}
      className={cx('flex flex-col gap-1.5 px-[13px] py-[11px]', className)}
    >
      <div className="flex min-w-0 items-center gap-2">
        <StateIcon state={state} size={18} label={stateLabel} />
        <h3 className="cut flex-1">{title}</h3>
        {actions}
      </div>
      <div className="text-small text-ink-2 tabular-nums">{summary}</div>
      <Figures figures={figures} />
      {children}
    </NodeFrame>
  );
}

/** Small figures in a line, each with the icon of what it measures. */
export function Figures({
  figures,
  large = false,
}: Pick<RunCardProps, 'figures'> & { readonly large?: boolean }) {
  return (
    <div
      className={cx(
        'flex flex-wrap text-ink-3 tabular-nums',
        large ? 'gap-x-4 text-small' : 'gap-x-2 text-meta',
      )}
    >
      {figures.map((figure) => (
        <span key={figure.label} className={cx('inline-flex items-center gap-1', large && 'text-ink-2')}>
          <Icon of={figure.icon} size={large ? 14 : 12} label={figure.label} className="text-ink-3" />
          <bdi>{figure.value}</bdi>
        </span>
      ))}
    </div>
  );
}

/** A group: a frame that lets the board through, its name above its content. */
export function GroupFrame({
  icon,
  title,
  children,
  className,
  ...frame
}: Omit<CardProps, 'aside' | 'note' | 'group'>) {
  return (
    <NodeFrame {...frame} group className={className}>
      <div className="flex items-center gap-1.5 px-3 py-2 text-small font-medium text-ink-2">
        {icon !== undefined && <Icon of={icon} size={14} className="text-ink-3" />}
        <span className="cut">{title}</span>
      </div>
      {children}
    </NodeFrame>
  );
}

type NodeKindMark =
  | { readonly state: StateName; readonly stateLabel: string; readonly icon?: undefined }
  | { readonly icon: LucideIcon; readonly state?: undefined; readonly stateLabel?: undefined };

export type MidNodeProps = Omit<NodeFrameProps, 'state'> &
  NodeKindMark & {
    readonly name: ReactNode;
    /** How far a task is, 0 to 1; other kinds have no bar. */
    readonly progress?: { readonly value: number; readonly label: string };
    /** At the end of the head: a seal. */
    readonly aside?: ReactNode;
    /** Its first lines: as many are shown as fit whole. */
    readonly children?: ReactNode;
  };

/** A node at mid zoom: icon, name, seal, one bar in the colour of its state, and its first lines. */
export function MidNode(props: MidNodeProps) {
  const { name, progress, state, stateLabel, icon, aside, children, className, ...frame } = props;
  return (
    <NodeFrame {...frame} className={cx('px-[9px] py-[7px]', className)}>
      <div className="mid-head flex min-w-0 flex-none items-center gap-1.5">
        {state === undefined ? (
          <Icon of={icon} size={18} className="text-ink-2" />
        ) : (
          <StateIcon state={state} size={18} label={stateLabel} />
        )}
        <span className="cut text-reading leading-body font-semibold">{name}</span>
        {aside}
      </div>
      {progress !== undefined && state !== undefined && (
        <ProgressBar
          value={progress.value}
          label={progress.label}
          tone={STATES[state].tone}
          thick
          className="mt-[7px] flex-none"
        />
      )}
      {children !== undefined && <div className="mid-lines mt-1 text-small text-ink-2">{children}</div>}
    </NodeFrame>
  );
}

export type FarTileProps = NodeKindMark & {
  /** The node's name, and its state's word: all that a far tile says aloud. */
  readonly label: string;
  readonly paper?: NodeFrameProps['paper'];
  readonly className?: string;
};

/** A node from afar: a tile in the tint of its state with the state's icon, or the icon of its kind. */
export function FarTile({ label, state, icon, paper, className }: FarTileProps) {
  const look = state === undefined ? { icon, tone: undefined } : STATES[state];
  return (
    <span
      role="img"
      aria-label={label}
      data-tone={look.tone}
      style={
        paper === undefined
          ? undefined
          : { background: `var(--note-${paper})`, borderColor: `var(--note-${paper}-line)` }
      }
      className={cx(
        'inline-flex min-h-6 min-w-6 flex-none items-center justify-center rounded-mark border',
        look.tone === undefined
          ? 'border-line-2 bg-card text-ink-2'
          : 'border-tone-line bg-tone-bg text-tone',
        className,
      )}
    >
      {look.icon !== undefined && <Icon of={look.icon} size={14} />}
    </span>
  );
}
