import {
  cx,
  Icon,
  type LucideIcon,
  type NodeFrameProps,
  STATES,
  type StateName,
} from '../../design/index.ts';

export interface FarFaceProps {
  readonly state?: StateName;
  readonly icon?: LucideIcon;
  readonly paper?: NodeFrameProps['paper'];
  /** Shown where the tile is large enough for it. */
  readonly title?: string;
  readonly selected: boolean;
}

/** A node from afar: a tile in the tint of its state with the state's icon, or the icon of its kind. Icon and title keep their size on screen. */
export function FarFace({ state, icon, paper, title, selected }: FarFaceProps) {
  const look = state === undefined ? { icon, tone: undefined } : STATES[state];
  const waits = state === 'waiting';
  return (
    <div
      data-tone={look.tone}
      style={
        paper === undefined
          ? {}
          : { background: `var(--note-${paper})`, borderColor: `var(--note-${paper}-line)` }
      }
      className={cx(
        'far-tile flex size-full flex-col items-center justify-center',
        look.tone === undefined
          ? 'border-line-2 bg-card text-ink-2'
          : 'border-tone-line bg-tone-bg text-tone',
        waits && 'far-waits border-tone',
        selected && 'far-selected',
      )}
    >
      {look.icon !== undefined && (
        <span className="far-icon">
          <Icon of={look.icon} size={14} className={cx(state === 'running' && 'animate-turn')} />
        </span>
      )}
      {title !== undefined && <span className="far-title cut">{title}</span>}
    </div>
  );
}

export interface FarFrameProps {
  readonly state?: StateName;
  readonly icon?: LucideIcon;
  readonly name: string;
  readonly detail?: string;
  readonly selected: boolean;
  /** Holds nothing any more: the frame itself wears the tint and the icon of its state. */
  readonly tinted?: boolean;
  /** Opened over other cards: it lets nothing of them through. */
  readonly over?: boolean;
}

/** A frame from afar: its name above it in a fixed size, and the board through it. */
export function FarFrame(props: FarFrameProps) {
  const { state, icon, name, detail, selected, tinted = false, over = false } = props;
  const look = state === undefined ? { icon, tone: undefined } : STATES[state];
  return (
    <div
      data-tone={look.tone}
      className={cx(
        'far-frame relative flex size-full items-center justify-center',
        tinted ? 'bg-tone-bg text-tone' : over ? 'bg-canvas' : 'bg-card/45',
        selected && 'far-selected',
      )}
    >
      {tinted && look.icon !== undefined && (
        <span className="far-icon">
          <Icon of={look.icon} size={14} />
        </span>
      )}
      <div className="far-name absolute bottom-full start-0 flex max-w-full items-center font-semibold text-ink">
        {look.icon !== undefined && (
          <Icon of={look.icon} size={14} className={look.tone === undefined ? 'text-ink-2' : 'text-tone'} />
        )}
        <span className="flex-none">{name}</span>
        {detail !== undefined && <span className="cut font-normal text-ink-3">{detail}</span>}
      </div>
    </div>
  );
}
