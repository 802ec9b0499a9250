import type { KeyboardEvent } from 'react';
import { addNote, GRID, moveSelected, selectedNodes, selectOnly } from './board-edit.ts';
import type { Board } from './board-store.ts';
import type { Camera } from './camera.ts';
import { readingOrder } from './flow.ts';

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -GRID],
  ArrowRight: [GRID, 0],
  ArrowDown: [0, GRID],
  ArrowLeft: [-GRID, 0],
};

const TABBABLE = 'a[href], button:not(:disabled), input, textarea, [tabindex="0"]';

/** How long a node that was out of sight may take to be drawn, in frames. */
const PATIENCE = 40;

/** The id of the node an element stands for or lies in. */
export function nodeAround(
  target: EventTarget | null,
): { readonly id: string; readonly itself: boolean } | null {
  const around = target instanceof Element ? target.closest('.react-flow__node') : null;
  const id = around?.getAttribute('data-id');
  return id === null || id === undefined ? null : { id, itself: around === target };
}

/** Selects a node, brings it into view and gives it the focus as soon as it is drawn. */
export function focusNode(
  parts: { readonly board: Board; readonly camera: Camera; readonly stage: HTMLElement },
  id: string,
): void {
  const { board, camera, stage } = parts;
  selectOnly(board, [id]);
  camera.bringIn(id);
  const attempt = (left: number) => {
    const drawn = stage.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (drawn !== null) drawn.focus({ preventScroll: true });
    else if (left > 0) requestAnimationFrame(() => attempt(left - 1));
  };
  attempt(PATIENCE);
}

export interface BoardKeys {
  readonly board: Board;
  readonly camera: Camera;
  readonly stage: HTMLElement;
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
  const node = nodeAround(event.target);
  if (node?.itself === false) return;
  const big = event.shiftKey ? 4 : 1;
  if (node !== null && !selectedNodes(board).some(({ id }) => id === node.id)) selectOnly(board, [node.id]);
  if (!moveSelected(board, { x: x * big, y: y * big })) {
    if (node !== null) onTaskArrow({ board, camera, stage }, node.id, [x, y]);
  } else if (node !== null) camera.bringIn(node.id);
  event.preventDefault();
}

/** Tasks stay where their plan puts them: arrows go from one to the next instead. */
function onTaskArrow(
  parts: Parameters<typeof focusNode>[0],
  from: string,
  [x, y]: readonly [number, number],
): void {
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
  if (next !== undefined) focusNode(parts, next.id);
}

/** Enter goes in: it edits a text or a name, and on everything else goes to its first control. */
function onEnter(event: KeyboardEvent, { board, camera, stage }: BoardKeys): void {
  const at = nodeAround(event.target);
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
  const at = nodeAround(event.target);
  if (tool !== 'select' || connecting !== null) {
    board.store.setState({ tool: 'select', connecting: null });
    event.preventDefault();
  } else if (at !== null && !at.itself) {
    stage.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(at.id)}"]`)?.focus();
    event.preventDefault();
  }
}

/** Tab goes from node to node in reading order, and through the controls of a node once one is inside it. */
function onTab(event: KeyboardEvent, keys: BoardKeys): void {
  const { board, exit } = keys;
  const at = nodeAround(event.target);
  const order = readingOrder(board.store.getState().nodes);
  const step = event.shiftKey ? -1 : 1;
  if (at !== null && !at.itself && !isLastInside(event.target, step)) return;
  if (at === null && (event.target !== event.currentTarget || step === -1)) return;
  const here = at === null ? -1 : order.findIndex(({ id }) => id === at.id);
  const next = at !== null && !at.itself && step === -1 ? order[here] : order[here + step];
  if (next !== undefined) {
    event.preventDefault();
    focusNode(keys, next.id);
  } else if (step === -1) {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus({ preventScroll: true });
  } else exit?.focus({ preventScroll: true });
}

function isLastInside(target: EventTarget, step: 1 | -1): boolean {
  const around = target instanceof Element ? target.closest('.react-flow__node') : null;
  const inside = [...(around?.querySelectorAll(TABBABLE) ?? [])];
  return (step === 1 ? inside.at(-1) : inside[0]) === target;
}
