import {
  type CanvasEdge,
  type CanvasNode,
  layoutTasks,
  type NodeKind,
  RUN_FRAME,
  runFrameSize,
  type Side,
} from '@soma/schemas/canvas';
import type { TaskState } from '@soma/schemas/run';
import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import { insteadArrows, planArrows } from '../plan/plan-graph.tsx';

/** A node of the document on the board. */
export type DocumentFlow = Node<{ readonly node: CanvasNode }, Exclude<NodeKind, 'task'>>;
/** A task: inside its run's frame, drawn from the run alone, or placed on the board by a document. */
export type TaskFlow = Node<
  {
    readonly run: string;
    readonly task: string;
    readonly title: string;
    /** Only where a document placed it. */
    readonly node?: CanvasNode;
  },
  'task'
>;
export type FlowNode = DocumentFlow | TaskFlow;

/** A line a person or an agent drew. */
export type LinkFlow = Edge<{ readonly edge: CanvasEdge }, 'link'>;
/** An arrow of a run's plan: to what comes after, or from what was given up to what came in its place. */
export type PlanFlow = Edge<
  {
    readonly run: string;
    readonly from: string;
    readonly to: string;
    readonly says: 'then' | 'instead';
  },
  'plan'
>;
export type FlowEdge = LinkFlow | PlanFlow;

const SIDES: readonly Side[] = ['top', 'right', 'bottom', 'left'];
const POSITIONS: Readonly<Record<Side, Position>> = {
  top: Position.Top,
  right: Position.Right,
  bottom: Position.Bottom,
  left: Position.Left,
};

/** Where lines may begin and end: the middle of each side. Known without drawing the node, so that lines show at once. */
function handlesOf(width: number, height: number): NodeHandle[] {
  const at: Readonly<Record<Side, readonly [number, number]>> = {
    top: [width / 2, 0],
    right: [width, height / 2],
    bottom: [width / 2, height],
    left: [0, height / 2],
  };
  return SIDES.map((side) => {
    const [x, y] = at[side];
    return { id: side, type: 'source', position: POSITIONS[side], x, y, width: 1, height: 1 };
  });
}

/** Size and handles; the board itself is the one stop of the Tab key and leads on to the nodes. */
function boxOf(width: number, height: number) {
  return {
    width,
    height,
    measured: { width, height },
    handles: handlesOf(width, height),
    domAttributes: { tabIndex: -1 },
  };
}

/** What is opened over everything else is drawn above it. */
const ABOVE = 1_000_000;

/** The rank at which a run's opened plan is drawn. */
export function openedRank(rank: number): number {
  return ABOVE + rank;
}

/**
 * The document's node as the board draws it; an ended run whose plan is open is as high as the plan and lies above what stands
 * below it.
 */
export function documentFlow(
  node: CanvasNode,
  rank: number,
  opened: readonly TaskState[] | null = null,
): FlowNode {
  const { id, x, y, width } = node;
  const height = opened === null ? node.height : Math.max(node.height, runFrameSize(opened).height);
  const common = { id, position: { x, y }, zIndex: rank * 2, ...boxOf(width, height) };
  if (node.kind === 'task') {
    const data = { run: node.run, task: node.task, title: node.task, node };
    return { ...common, type: 'task', data };
  }
  return { ...common, type: node.kind, data: { node } };
}

/** The id on the board of a task inside the frame of `frame`. */
export function taskFlowId(frame: string, task: string): string {
  return `${frame}::${task}`;
}

/** The tasks and arrows of a plan inside their run's frame. */
export function planFlow(
  frame: { readonly id: string; readonly run: string; readonly rank: number },
  tasks: readonly TaskState[],
): { readonly nodes: readonly TaskFlow[]; readonly edges: readonly PlanFlow[] } {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const zIndex = frame.rank * 2 + 1;
  const nodes = layoutTasks(tasks).map(
    (place): TaskFlow => ({
      id: taskFlowId(frame.id, place.id),
      type: 'task',
      parentId: frame.id,
      position: { x: place.x, y: place.y },
      data: { run: frame.run, task: place.id, title: titles.get(place.id) ?? place.id },
      draggable: false,
      connectable: false,
      deletable: false,
      zIndex,
      ...boxOf(RUN_FRAME.taskWidth, RUN_FRAME.taskHeight),
    }),
  );
  const arrows = [
    ...planArrows(tasks).map((arrow) => ({ ...arrow, says: 'then' as const })),
    ...insteadArrows(tasks).map((arrow) => ({ ...arrow, says: 'instead' as const })),
  ];
  const edges = arrows.map(
    ({ from, to, says }): PlanFlow => ({
      id: `${frame.id}::${from}${says === 'then' ? '>' : '~'}${to}`,
      type: 'plan',
      source: taskFlowId(frame.id, from),
      target: taskFlowId(frame.id, to),
      sourceHandle: 'right',
      targetHandle: 'left',
      data: { run: frame.run, from, to, says },
      selectable: false,
      focusable: false,
      deletable: false,
      // What a task comes after is said by the task itself.
      domAttributes: { 'aria-hidden': true },
      zIndex,
    }),
  );
  return { nodes, edges };
}

/** The document's edge as the board draws it. */
export function linkFlow(edge: CanvasEdge): LinkFlow {
  return {
    id: edge.id,
    type: 'link',
    source: edge.from,
    target: edge.to,
    sourceHandle: edge.fromSide ?? 'right',
    targetHandle: edge.toSide ?? 'left',
    data: { edge },
    domAttributes: { tabIndex: -1 },
    zIndex: 0,
  };
}

/** Nodes in the order one reads them: by rows of the board, each from the left. A frame comes before what it holds. */
export function readingOrder(nodes: readonly FlowNode[]): readonly FlowNode[] {
  const places = new Map(nodes.map((node) => [node.id, node]));
  const at = ({ position, parentId }: FlowNode) => {
    const parent = parentId === undefined ? undefined : places.get(parentId);
    return { x: position.x + (parent?.position.x ?? 0), y: position.y + (parent?.position.y ?? 0) };
  };
  const inside = new Map<string, FlowNode[]>();
  const top: FlowNode[] = [];
  for (const node of nodes) {
    if (node.parentId === undefined) top.push(node);
    else inside.set(node.parentId, [...(inside.get(node.parentId) ?? []), node]);
  }
  const rows = (list: readonly FlowNode[]) =>
    [...list].sort((a, b) => {
      const [one, other] = [at(a), at(b)];
      return Math.abs(one.y - other.y) < ROW ? one.x - other.x || one.y - other.y : one.y - other.y;
    });
  const columns = (list: readonly FlowNode[]) =>
    [...list].sort((a, b) => at(a).x - at(b).x || at(a).y - at(b).y);
  return rows(top).flatMap((node) => [node, ...columns(inside.get(node.id) ?? [])]);
}

/** Nodes whose tops differ by less than this stand in one row. */
const ROW = 24;
