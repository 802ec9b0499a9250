import type { Side } from '@soma/schemas/canvas';
import {
  applyEdgeChanges,
  applyNodeChanges,
  type Connection,
  type EdgeChange,
  type NodeChange,
} from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { connect, insideOf } from './board-edit.ts';
import type { Board } from './board-store.ts';
import type { FlowEdge, FlowNode } from './flow.ts';

/** What the flow library asks for while a person drags, selects and draws lines. */
export interface BoardFlow {
  readonly onNodesChange: (changes: NodeChange<FlowNode>[]) => void;
  readonly onEdgesChange: (changes: EdgeChange<FlowEdge>[]) => void;
  readonly onNodeDragStart: (event: unknown, node: FlowNode, nodes: FlowNode[]) => void;
  readonly onNodeDragStop: (event: unknown, node: FlowNode, nodes: FlowNode[]) => void;
  readonly onConnect: (connection: Connection) => void;
}

const SIDES: readonly Side[] = ['top', 'right', 'bottom', 'left'];
const sideOf = (handle: string | null): Side | undefined => SIDES.find((side) => side === handle);

/** Draws what is under way at once; the document is written when it is over, as one step of undo. */
export function useBoardFlow(board: Board): BoardFlow {
  /** What lies in the groups that are dragged, and goes with them. */
  const carried = useRef<ReadonlyMap<string, readonly string[]>>(new Map());
  return useMemo(
    () => ({
      onNodesChange: (changes) => {
        const drawn = changes.filter((change) => isDrawn(change));
        if (drawn.length === 0) return;
        board.draw((nodes) =>
          applyNodeChanges([...drawn, ...carriedBy(nodes, drawn, carried.current)], [...nodes]),
        );
      },
      onEdgesChange: (changes) => {
        const drawn = changes.filter(({ type }) => type === 'select');
        if (drawn.length > 0) board.drawEdges((edges) => applyEdgeChanges(drawn, [...edges]));
      },
      onNodeDragStart: (_event, _node, nodes) => {
        const moving = new Set(nodes.map(({ id }) => id));
        carried.current = new Map(
          nodes.map(({ id }) => [id, insideOf(board, id).filter((inner) => !moving.has(inner))]),
        );
      },
      onNodeDragStop: (_event, _node, nodes) => {
        const ids = new Set(nodes.flatMap(({ id }) => [id, ...(carried.current.get(id) ?? [])]));
        carried.current = new Map();
        const moves = board.store
          .getState()
          .nodes.filter(({ id, data }) => ids.has(id) && data.node !== undefined)
          .map(({ id, position }) => ({ id, x: Math.round(position.x), y: Math.round(position.y) }));
        if (moves.length > 0) board.canvas.apply([{ type: 'move-nodes', moves }]);
      },
      onConnect: ({ source, target, sourceHandle, targetHandle }) => {
        const [fromSide, toSide] = [sideOf(sourceHandle), sideOf(targetHandle)];
        connect(board, {
          from: source,
          to: target,
          ...(fromSide !== undefined && { fromSide }),
          ...(toSide !== undefined && { toSide }),
        });
      },
    }),
    [board],
  );
}

/** Selection, places and sizes under a person's hand. What nodes measure themselves to be says nothing: sizes are the document's. */
function isDrawn(change: NodeChange<FlowNode>): boolean {
  if (change.type === 'dimensions')
    return change.resizing !== undefined && change.setAttributes !== undefined;
  return change.type === 'select' || change.type === 'position';
}

/** The same movement for what lies in a dragged group. */
function carriedBy(
  nodes: readonly FlowNode[],
  changes: readonly NodeChange<FlowNode>[],
  carried: ReadonlyMap<string, readonly string[]>,
): NodeChange<FlowNode>[] {
  if (carried.size === 0) return [];
  const places = new Map(nodes.map((node) => [node.id, node.position]));
  return changes.flatMap((change): NodeChange<FlowNode>[] => {
    if (change.type !== 'position' || change.position === undefined) return [];
    const from = places.get(change.id);
    const inside = carried.get(change.id) ?? [];
    if (from === undefined) return [];
    const [x, y] = [change.position.x - from.x, change.position.y - from.y];
    return inside.flatMap((id): NodeChange<FlowNode>[] => {
      const at = places.get(id);
      return at === undefined ? [] : [{ id, type: 'position', position: { x: at.x + x, y: at.y + y } }];
    });
  });
}
