import { type CanvasMutation, contains, type NewNode, type Rect } from '@soma/schemas/canvas';
import { mintId } from '../../client/index.ts';
import type { Board } from './board-store.ts';
import type { FlowNode } from './flow.ts';

/** Nodes snap to this many canvas units; arrow keys move by it. */
export const GRID = 8;

/** The size of a new note. */
const NOTE = { width: 240, height: 120 } as const;

/** Arrow keys pressed within this time of one another are one step of undo, in milliseconds. */
const MOVE_STEP_MS = 800;
const lastMoves = new WeakMap<Board, number>();

const snapped = (value: number): number => Math.round(value / GRID) * GRID;

export function selectedNodes(board: Board): readonly FlowNode[] {
  return board.store.getState().nodes.filter(({ selected }) => selected === true);
}

/** The selected nodes that a document holds: tasks inside a run's frame belong to the run and are not changed by hand. */
export function ownSelected(board: Board): readonly string[] {
  return selectedNodes(board).flatMap((node) => (node.data.node === undefined ? [] : [node.id]));
}

/** Selects these nodes and lines and no others. */
export function selectOnly(board: Board, ids: readonly string[]): void {
  lastMoves.delete(board);
  const chosen = new Set(ids);
  board.draw((nodes) =>
    nodes.map((node) =>
      (node.selected ?? false) === chosen.has(node.id) ? node : { ...node, selected: chosen.has(node.id) },
    ),
  );
  board.drawEdges((edges) =>
    edges.map((edge) =>
      (edge.selected ?? false) === chosen.has(edge.id) ? edge : { ...edge, selected: chosen.has(edge.id) },
    ),
  );
}

/** What lies wholly within a group; frames of runs bring their tasks along by themselves. */
export function insideOf(board: Board, group: string): readonly string[] {
  const { nodes } = board.store.getState();
  const outer = nodes.find(({ id }) => id === group);
  if (outer?.type !== 'group') return [];
  const frame = rectOf(outer);
  return nodes
    .filter((node) => node.id !== group && node.parentId === undefined && contains(frame, rectOf(node)))
    .map(({ id }) => id);
}

export function rectOf(node: FlowNode): Rect {
  return { ...node.position, width: node.width ?? 0, height: node.height ?? 0 };
}

/** Moves what is selected, with what lies in selected groups, by a step. Steps in quick succession are one step of undo. */
export function moveSelected(board: Board, by: { readonly x: number; readonly y: number }): boolean {
  const ids = new Set(ownSelected(board));
  for (const id of [...ids]) for (const inner of insideOf(board, id)) ids.add(inner);
  const moves = board.store
    .getState()
    .nodes.filter(({ id, data }) => ids.has(id) && data.node !== undefined)
    .map(({ id, position }) => ({ id, x: Math.round(position.x + by.x), y: Math.round(position.y + by.y) }));
  if (moves.length === 0) return false;
  const now = performance.now();
  const joined = now - (lastMoves.get(board) ?? Number.NEGATIVE_INFINITY) < MOVE_STEP_MS;
  lastMoves.set(board, now);
  board.canvas.apply([{ type: 'move-nodes', moves }], { joined });
  return true;
}

/** What went: cards of the board, and lines between them. */
export interface Removed {
  readonly cards: number;
  readonly lines: number;
}

/** Removes what is selected. */
export function removeSelected(board: Board): Removed {
  const nodes = ownSelected(board);
  const edges = board.store
    .getState()
    .edges.flatMap(({ id, selected, type }) => (selected === true && type === 'link' ? [id] : []));
  const removed = { cards: nodes.length, lines: edges.length };
  if (nodes.length + edges.length === 0) return removed;
  board.canvas.apply([{ type: 'remove', nodes: [...nodes], edges }]);
  return removed;
}

/** A new note with its middle here, selected and open for writing. */
export function addNote(board: Board, at: { readonly x: number; readonly y: number }): string {
  const id = mintId();
  const x = snapped(at.x - NOTE.width / 2);
  const y = snapped(at.y - 20);
  board.canvas.apply([{ type: 'add-node', node: { id, kind: 'note', x, y, ...NOTE, text: '' } }]);
  selectOnly(board, [id]);
  board.store.setState({ editing: id, tool: 'select' });
  return id;
}

/** A line from one node to another; nothing when it is there already or leads back to itself. */
export function connect(
  board: Board,
  line: Pick<Extract<CanvasMutation, { type: 'add-edge' }>['edge'], 'from' | 'to' | 'fromSide' | 'toSide'>,
): void {
  const { edges } = board.store.getState();
  const known = edges.some(({ source, target }) => source === line.from && target === line.to);
  if (known || line.from === line.to) return;
  board.canvas.apply([{ type: 'add-edge', edge: { id: mintId(), ...line } }]);
}

/** A group around what is selected. */
export function groupSelected(board: Board): void {
  const nodes = ownSelected(board);
  if (nodes.length === 0) return;
  const id = mintId();
  board.canvas.apply([{ type: 'group', id, nodes: [...nodes], label: null }]);
  selectOnly(board, [id]);
  board.store.setState({ editing: id });
}

/** An empty group where a rectangle was drawn. */
export function addFrame(board: Board, rect: Rect): void {
  const id = mintId();
  const [x, y] = [snapped(rect.x), snapped(rect.y)];
  const [width, height] = [Math.max(96, snapped(rect.width)), Math.max(64, snapped(rect.height))];
  board.canvas.apply([
    { type: 'add-node', node: { id, kind: 'group', x, y, width, height } },
    { type: 'order', nodes: [id], to: 'back' },
  ]);
  selectOnly(board, [id]);
  board.store.setState({ editing: id, tool: 'select' });
}

/** Copies of the selected notes, files, links and groups, a little further on. Runs and what they made are not copied. */
export function duplicateSelected(board: Board): void {
  const copies = selectedNodes(board).flatMap((flow): NewNode[] => {
    const { node } = flow.data;
    if (node === undefined) return [];
    const place = { id: mintId(), x: node.x + 3 * GRID, y: node.y + 3 * GRID };
    switch (node.kind) {
      case 'note':
      case 'file':
      case 'link':
      case 'group': {
        const { z: _, ...rest } = node;
        return [{ ...rest, ...place }];
      }
      case 'run':
      case 'task':
      case 'artifact':
        return [];
      default:
        return node satisfies never;
    }
  });
  if (copies.length === 0) return;
  board.canvas.apply(copies.map((node) => ({ type: 'add-node', node })));
  selectOnly(
    board,
    copies.map(({ id }) => id),
  );
}
