import type { KeyboardEvent } from 'react';
import { addNote, GRID, moveSelected, selectedNodes, selectOnly } from './board-edit.ts';
import { type FocusParts, focusStop, onTab, stopAround, TABBABLE } from './board-focus.ts';

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -GRID],
  ArrowRight: [GRID, 0],
  ArrowDown: [0, GRID],
  ArrowLeft: [-GRID, 0],
};

export interface BoardKeys extends FocusParts {
  /** What takes the focus when Tab leaves the last node. */
  readonly exit: HTMLElement | null;
  /** Asks what a node is to be connected to. */
  readonly onConnect: (from: string) => void;
}

/** Keys of the board that are not in the command table: they mean something only where the focus is on it. */
export function onBoardKey(event: KeyboardEvent, keys: BoardKeys) {
  if (event.defaultPrevented || event.nativeEvent.isComposing || isTyping(event.target)) return;
  const { key, ctrlKey, metaKey, altKey } = event;
  if (key === 'Tab') return onTab(event, keys);
  if (ctrlKey || metaKey || altKey) return;
  const arrow = ARROWS[key];
  if (arrow !== undefined) return onArrow(event, keys, arrow);
  if (key === 'Enter') return onEnter(event, keys);
  if (key === 'Escape') return onEscape(event, keys);
  if (key.toLowerCase() === 'c' && !event.shiftKey) {
    const [only] = selectedNodes(keys.board).filter(({ data }) => data.node !== undefined);
    if (only === undefined) return;
    event.preventDefault();
    keys.onConnect(only.id);
  }
}

function isTyping(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable="true"]') !== null;
}

function onArrow(
  event: KeyboardEvent,
  { board, camera, stage }: BoardKeys,
  [x, y]: readonly [number, number],
): void {
  const node = stopAround(event.target);
  if (node?.itself === false) return;
  const big = event.shiftKey ? 4 : 1;
  if (node !== null && !selectedNodes(board).some(({ id }) => id === node.id)) selectOnly(board, [node.id]);
  if (!moveSelected(board, { x: x * big, y: y * big })) {
    if (node !== null) onTaskArrow({ board, camera, stage }, node.id, [x, y]);
  } else if (node !== null) camera.bringIn(node.id);
  event.preventDefault();
}

/** Tasks stay where their plan puts them: arrows go from one to the next instead. */
function onTaskArrow(parts: FocusParts, from: string, [x, y]: readonly [number, number]): void {
  const { nodes } = parts.board.store.getState();
  const here = nodes.find(({ id }) => id === from);
  const others = nodes.filter(
    ({ parentId, id }) => parentId === here?.parentId && parentId !== undefined && id !== from,
  );
  if (here === undefined) return;
  const ahead = others
    .map((node) => ({
      id: node.id,
      across: node.position.x - here.position.x,
      down: node.position.y - here.position.y,
    }))
    .filter(({ across, down }) =>
      x === 0 ? Math.sign(down) === Math.sign(y) : Math.sign(across) === Math.sign(x),
    )
    .map(({ id, across, down }) => ({
      id,
      far: x === 0 ? Math.abs(down) + 4 * Math.abs(across) : Math.abs(across) + 2 * Math.abs(down),
    }))
    .sort((a, b) => a.far - b.far);
  const [next] = ahead;
  if (next !== undefined) focusStop(parts, next.id);
}

/** Enter goes in: it edits a text or a name, and on everything else goes to its first control. */
function onEnter(event: KeyboardEvent, { board, camera, stage }: BoardKeys): void {
  const at = stopAround(event.target);
  if (at === null) {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    addNote(board, camera.middle());
    return;
  }
  if (!at.itself) return;
  event.preventDefault();
  const node = board.store.getState().nodes.find(({ id }) => id === at.id);
  if (node?.type === 'note' || node?.type === 'group') {
    board.store.setState({ editing: at.id });
    return;
  }
  const around = stage.querySelector(`.react-flow__node[data-id="${CSS.escape(at.id)}"]`);
  around?.querySelector<HTMLElement>(TABBABLE)?.focus();
}

/** Escape goes out: from a control to its node, from a tool to the pointer, from a line half drawn to none. */
function onEscape(event: KeyboardEvent, { board, stage }: BoardKeys): void {
  const { tool, connecting } = board.store.getState();
  const at = stopAround(event.target);
  if (tool !== 'select' || connecting !== null) {
    board.store.setState({ tool: 'select', connecting: null });
    event.preventDefault();
  } else if (at !== null && !at.itself) {
    stage.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(at.id)}"]`)?.focus();
    event.preventDefault();
  }
}
