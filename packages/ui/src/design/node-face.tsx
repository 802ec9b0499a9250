import { Bot } from 'lucide-react';
import type { ReactNode } from 'react';
import { type CardProps, NodeFrame, type NodeFrameProps } from './card.tsx';
import { Chip } from './chip.tsx';
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
  /** The agent whose task it is. */
  readonly agent?: string;
  /** The tool and its argument. */
  readonly call: ReactNode;
  /** The state in words: "Execute: needs you". */
  readonly words: ReactNode;
  readonly time?: ReactNode;
}

/** A task on the board, near: title, tool, eight marks, state in words and time. 208 by 97 as a rule. */
export function TaskCard({ track, title, agent, call, words, time, className, ...frame }: TaskCardProps) {
  return (
    <NodeFrame {...frame} state={track.state} className={cx('px-[11px] pt-[9px] pb-2.5', className)}>
      <div className="flex min-w-0 items-center gap-[7px] leading-small font-medium">
        <StateIcon state={track.state} />
        <span className="cut">{title}</span>
      </div>
      <div className="mt-1 mb-2 flex min-w-0 items-center gap-2 text-meta text-ink-3">
        <span className="cut mono flex-1">{call}</span>
        {agent !== undefined && (
          <Chip icon={Bot} className="min-h-4! max-w-[60%] overflow-hidden border-0! leading-meta!">
            <span className="cut">{agent}</span>
          </Chip>
        )}
      </div>
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
