import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** What a line between two nodes says. */
export type EdgeKind = 'done' | 'active' | 'waits' | 'person' | 'failed' | 'link' | 'instead';

const HEADS: Readonly<Record<EdgeKind, string>> = {
  done: 'fill-ink-3',
  active: 'fill-running-solid',
  waits: 'fill-line-ctl',
  person: 'fill-waiting-solid',
  failed: 'fill-failed-solid',
  link: 'fill-line-ctl',
  instead: 'fill-line-ctl',
};
const KINDS: readonly EdgeKind[] = ['done', 'active', 'waits', 'person', 'failed', 'link', 'instead'];

/** The id of a kind's arrowhead, for `marker-end`. */
export function edgeHead(kind: EdgeKind): string {
  return `url(#edge-head-${kind})`;
}

/** The arrowheads of all edges. Stands once in the page, before any edge. */
export function EdgeHeads() {
  return (
    <svg aria-hidden="true" className="absolute size-0">
      <defs>
        {KINDS.map((kind) => (
          <marker
            key={kind}
            id={`edge-head-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path
              d="M0.5 0.8 7.2 4 0.5 7.2z"
              className={cx(HEADS[kind], 'forced-colors:fill-[CanvasText]')}
            />
          </marker>
        ))}
      </defs>
    </svg>
  );
}

export interface EdgePathProps {
  readonly kind: EdgeKind;
  /** The path's `d`. */
  readonly path: string;
  /** No arrowhead and one pixel, for a board seen from afar. */
  readonly far?: boolean;
}

/** The line of an edge, inside an SVG. */
export function EdgePath({ kind, path, far = false }: EdgePathProps) {
  return far ? (
    <path d={path} className="edge-line" data-edge="link" style={{ strokeWidth: 1 }} />
  ) : (
    <path d={path} className="edge-line" data-edge={kind} markerEnd={edgeHead(kind)} />
  );
}

export interface EdgeBadgeProps {
  readonly kind: Extract<EdgeKind, 'active' | 'person' | 'failed'>;
  /** What it says, or where it leads: "Open the approval". */
  readonly label: string;
  /** The count of an active edge: "3 of 9". */
  readonly children?: ReactNode;
  /** Opens the approval or the error. */
  readonly onOpen?: () => void;
}

/** Two bars or a cross, firm enough for eight pixels. */
function BadgeSign({ kind }: { readonly kind: 'person' | 'failed' }) {
  return (
    <svg
      width="8"
      height="8"
      viewBox="0 0 8 8"
      aria-hidden="true"
      className="fill-none stroke-current stroke-2"
    >
      <path d={kind === 'person' ? 'M1.5 0.5v7M6.5 0.5v7' : 'M0.5 0.5l7 7M7.5 0.5l-7 7'} />
    </svg>
  );
}

const TONES = { active: 'running', person: 'waiting', failed: 'failed' } as const;

/** The badge on an edge: a count, a pause for a person, a cross for a failure. */
export function EdgeBadge({ kind, label, children, onOpen }: EdgeBadgeProps) {
  const look = cx(
    'relative inline-flex items-center justify-center rounded-full border bg-tone-bg text-meta tabular-nums font-medium text-tone-fg',
    kind === 'active' ? 'h-4 border-tone-line px-1.5' : 'size-4.5 border-tone',
  );
  const face = kind === 'active' ? children : <BadgeSign kind={kind} />;
  if (onOpen === undefined) {
    return (
      <span data-tone={TONES[kind]} className={look}>
        {kind === 'active' ? face : <span className="sr-only">{label}</span>}
        {kind !== 'active' && face}
      </span>
    );
  }
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      data-tone={TONES[kind]}
      onClick={onOpen}
      className={cx('hit', look)}
    >
      {face}
    </button>
  );
}
