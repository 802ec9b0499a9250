import type { KeyboardEvent } from 'react';
import { selectOnly } from './board-edit.ts';
import type { Board, BoardState } from './board-store.ts';
import type { Camera } from './camera.ts';
import { readingOrder } from './flow.ts';

/** What a person can tab to inside a node. */
export const TABBABLE = 'a[href], button:not(:disabled), input, textarea, [tabindex="0"]';

const STOP = '.react-flow__node, .react-flow__edge';

/** How long a node that was out of sight may take to be drawn, in frames. */
const PATIENCE = 40;

/** A board on a page, as far as the focus is concerned. */
export interface FocusParts {
  readonly board: Board;
  readonly camera: Camera;
  readonly stage: HTMLElement;
}

/** The node or line an element stands for or lies in. */
export function stopAround(
  target: EventTarget | null,
): { readonly id: string; readonly itself: boolean } | null {
  const around = target instanceof Element ? target.closest(STOP) : null;
  const id = around?.getAttribute('data-id');
  return id === null || id === undefined ? null : { id, itself: around === target };
}

/** Where the Tab key stops, in reading order: every node, and after it the lines that begin there. */
function stopsOf({ nodes, edges }: BoardState): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { id, source, type } of edges) {
    if (type === 'link') lines.set(source, [...(lines.get(source) ?? []), id]);
  }
  return readingOrder(nodes).flatMap(({ id }) => [id, ...(lines.get(id) ?? [])]);
}

/** Selects a node or a line, brings it into view and gives it the focus as soon as it is drawn. */
export function focusStop({ board, camera, stage }: FocusParts, id: string): void {
  selectOnly(board, [id]);
  camera.bringIn(board.store.getState().edges.find((edge) => edge.id === id)?.source ?? id);
  const attempt = (left: number) => {
    const drawn = drawnStop(stage, id);
    if (drawn !== undefined) drawn.focus({ preventScroll: true });
    else if (left > 0) requestAnimationFrame(() => attempt(left - 1));
  };
  attempt(PATIENCE);
}

function drawnStop(stage: HTMLElement, id: string): HTMLElement | SVGElement | undefined {
  return [...stage.querySelectorAll<HTMLElement | SVGElement>(STOP)].find(
    (stop) => stop.getAttribute('data-id') === id,
  );
}

/** Gives a node the focus when what had it goes away in the next moment; whoever still has it keeps it. */
export function catchFocus(stage: HTMLElement, id: string): void {
  const attempt = (left: number) => {
    if (document.activeElement === document.body) drawnStop(stage, id)?.focus({ preventScroll: true });
    else if (left > 0) requestAnimationFrame(() => attempt(left - 1));
  };
  requestAnimationFrame(() => attempt(PATIENCE));
}

/** Tab goes from stop to stop, and through the controls of a node once one is inside it. `exit` takes the focus at the end. */
export function onTab(event: KeyboardEvent, parts: FocusParts & { readonly exit: HTMLElement | null }): void {
  const at = stopAround(event.target);
  const order = stopsOf(parts.board.store.getState());
  const step = event.shiftKey ? -1 : 1;
  if (at !== null && !at.itself && !isLastInside(event.target, step)) return;
  if (at === null && (event.target !== event.currentTarget || step === -1)) return;
  const here = at === null ? -1 : order.indexOf(at.id);
  const next = at !== null && !at.itself && step === -1 ? order[here] : order[here + step];
  if (next !== undefined) {
    event.preventDefault();
    focusStop(parts, next);
  } else if (step === -1) {
    event.preventDefault();
    parts.stage.focus({ preventScroll: true });
  } else parts.exit?.focus({ preventScroll: true });
}

function isLastInside(target: EventTarget, step: 1 | -1): boolean {
  const around = target instanceof Element ? target.closest(STOP) : null;
  const inside = [...(around?.querySelectorAll(TABBABLE) ?? [])];
  return (step === 1 ? inside.at(-1) : inside[0]) === target;
}
