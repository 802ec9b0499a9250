import type { RunState, TaskState } from '@soma/schemas/run';
import {
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  getStraightPath,
  type InternalNode,
  Position,
  useInternalNode,
  useStore,
} from '@xyflow/react';
import { useLayoutEffect, useRef } from 'react';
import { useClient, useShownRun, useText } from '../../client/index.ts';
import { EdgeBadge, type EdgeKind, EdgePath, edgeHead } from '../../design/index.ts';
import { nameOf } from '../document/index.ts';
import { useBoardState } from './board-context.tsx';
import type { BoardState } from './board-store.ts';
import type { FlowNode, LinkFlow, PlanFlow } from './flow.ts';
import { LINES_FROM } from './level.ts';

const isDone = ({ status }: TaskState) =>
  ['verified', 'unverified', 'empty', 'unneeded'].includes(status.name);

/** What the arrow between two tasks says now. */
function planEdgeKind(state: RunState, from: string, to: string): EdgeKind {
  const source = state.tasks.find(({ id }) => id === from);
  const target = state.tasks.find(({ id }) => id === to);
  if (source === undefined || target === undefined) return 'link';
  switch (target.status.name) {
    case 'waiting':
      return 'person';
    case 'failed':
      return 'failed';
    case 'running':
    case 'retrying':
      return state.status.name === 'running' ? 'active' : 'done';
    case 'queued':
      return 'waits';
    case 'skipped':
    case 'dropped':
    case 'stopped':
      return isDone(source) && target.attempt > 0 ? 'done' : 'link';
    case 'verified':
    case 'unverified':
    case 'empty':
    case 'unneeded':
      return 'done';
    default:
      return target.status satisfies never;
  }
}

/** An arrow of a plan; a badge on it leads to what needs a person or has failed. */
export function PlanEdge(props: EdgeProps<PlanFlow>) {
  const { data, source, target } = props;
  const [from, to] = [useInternalNode<FlowNode>(source), useInternalNode<FlowNode>(target)];
  const level = useBoardState((state) => state.level);
  const hidden = useStore(({ transform }) => transform[2] < LINES_FROM);
  const kind = useShownRun(data?.run ?? null, (state) => ({
    of: data?.says === 'instead' ? 'instead' : planEdgeKind(state, data?.from ?? '', data?.to ?? ''),
  }))?.of;
  if (kind === undefined || data === undefined || from === undefined || to === undefined || hidden)
    return null;
  // What came in the place of a task stands under it, or begins a later layer.
  const [sourcePosition, targetPosition] =
    kind === 'instead' ? facing(boxOf(from), boxOf(to)) : [Position.Right, Position.Left];
  const [sourceX, sourceY] = pointAt(boxOf(from), sourcePosition);
  const [targetX, targetY] = pointAt(boxOf(to), targetPosition);
  const ends = { sourceX, sourceY, targetX: kind === 'instead' ? targetX : targetX - 2, targetY };
  const [path, x, y] =
    level === 'far' ? getStraightPath(ends) : getBezierPath({ ...ends, sourcePosition, targetPosition });
  return (
    <>
      <EdgePath kind={kind} path={path} far={level === 'far'} />
      {(kind === 'person' || kind === 'failed') && level !== 'far' && (
        <PlanBadge kind={kind} run={data.run} task={data.to} x={x} y={y} />
      )}
    </>
  );
}

interface PlanBadgeProps {
  readonly kind: 'person' | 'failed';
  readonly run: string;
  readonly task: string;
  readonly x: number;
  readonly y: number;
}

function PlanBadge({ kind, run, task, x, y }: PlanBadgeProps) {
  const text = useText();
  const { view } = useClient();
  return (
    <EdgeLabelRenderer>
      <div
        className="pointer-events-auto absolute"
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, zIndex: 1 }}
      >
        <EdgeBadge
          kind={kind}
          label={text(`app.canvas.badge.${kind}`)}
          onOpen={() => view.select({ kind: 'task', run, task }, { reveal: true })}
        />
      </div>
    </EdgeLabelRenderer>
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(node: InternalNode<FlowNode>): Box {
  const { x, y } = node.internals.positionAbsolute;
  return { x, y, width: node.width ?? 0, height: node.height ?? 0 };
}

/** The sides of two boxes that face each other. */
function facing(from: Box, to: Box): readonly [Position, Position] {
  const across = to.x + to.width / 2 - (from.x + from.width / 2);
  const down = to.y + to.height / 2 - (from.y + from.height / 2);
  const beside =
    Math.abs(across) - (from.width + to.width) / 2 >= Math.abs(down) - (from.height + to.height) / 2;
  if (beside) return across >= 0 ? [Position.Right, Position.Left] : [Position.Left, Position.Right];
  return down >= 0 ? [Position.Bottom, Position.Top] : [Position.Top, Position.Bottom];
}

function pointAt({ x, y, width, height }: Box, side: Position): readonly [number, number] {
  switch (side) {
    case Position.Top:
      return [x + width / 2, y];
    case Position.Right:
      return [x + width, y + height / 2];
    case Position.Bottom:
      return [x + width / 2, y + height];
    case Position.Left:
      return [x, y + height / 2];
    default:
      return side satisfies never;
  }
}

const SIDES = {
  top: Position.Top,
  right: Position.Right,
  bottom: Position.Bottom,
  left: Position.Left,
} as const;

/** Gives the element around a line, which belongs to the flow library, the names of its two ends. */
function useLineName(source: string, target: string) {
  const text = useText();
  const line = useRef<SVGPathElement>(null);
  const name = (id: string) => (state: BoardState) => {
    const node = state.nodes.find((each) => each.id === id)?.data.node;
    return node === undefined ? '' : nameOf(node) || text(`app.kind.${node.kind}`);
  };
  const [from, to] = [useBoardState(name(source)), useBoardState(name(target))];
  useLayoutEffect(() => {
    const around = line.current?.closest('.react-flow__edge');
    around?.setAttribute('aria-label', text('app.canvas.line', { from, to }));
    around?.setAttribute('aria-roledescription', text('app.kind.line'));
  });
  return line;
}

/** A line a person or an agent drew. Without sides of its own it goes where the two nodes face each other. */
export function LinkEdge({ source, target, data, selected }: EdgeProps<LinkFlow>) {
  const level = useBoardState((state) => state.level);
  const hidden = useStore(({ transform }) => transform[2] < LINES_FROM);
  const [from, to] = [useInternalNode<FlowNode>(source), useInternalNode<FlowNode>(target)];
  const line = useLineName(source, target);
  if (from === undefined || to === undefined || data === undefined || hidden) return null;
  const { edge } = data;
  const [near, far] = facing(boxOf(from), boxOf(to));
  const sourcePosition = edge.fromSide === undefined ? near : SIDES[edge.fromSide];
  const targetPosition = edge.toSide === undefined ? far : SIDES[edge.toSide];
  const [sourceX, sourceY] = pointAt(boxOf(from), sourcePosition);
  const [targetX, targetY] = pointAt(boxOf(to), targetPosition);
  const ends = { sourceX, sourceY, targetX, targetY };
  const [path, x, y] =
    level === 'far' ? getStraightPath(ends) : getBezierPath({ ...ends, sourcePosition, targetPosition });
  if (level === 'far') return <EdgePath kind="link" path={path} far />;
  return (
    <>
      <path
        ref={line}
        d={path}
        className="react-flow__edge-interaction"
        fill="none"
        strokeOpacity={0}
        strokeWidth={20}
      />
      <path
        d={path}
        className="edge-line react-flow__edge-path"
        data-edge="link"
        style={selected === true ? { stroke: 'var(--accent)', strokeWidth: 2 } : {}}
        markerEnd={edge.toEnd === 'none' ? undefined : edgeHead('link')}
        markerStart={edge.fromEnd === 'arrow' ? edgeHead('link') : undefined}
      />
      {edge.label !== undefined && level === 'near' && (
        <EdgeLabelRenderer>
          <span
            className="absolute rounded-mark bg-canvas px-1 text-meta text-ink-2"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {edge.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
