import { type Board, moveNode, resizeNode } from './board.ts';
import { readNodes, readPlaces } from './document.ts';
import type { CanvasMutation } from './mutation.ts';
import type { CanvasNode, Rect } from './node.ts';
import { contains, overlaps, PLACE_GAP } from './place.ts';
import { RUN_FRAME } from './run-frame.ts';

/**
 * How the ids of the notes begin that a run made itself: a person's window gives ids of its own, so no note of a person has such a
 * one.
 */
export const ownNotePrefix = (run: string): string => `note-${run}/`;

/** Whether the run put the node on the board. */
function isOwn(node: CanvasNode, run: string): boolean {
  return node.kind === 'note'
    ? node.id.startsWith(ownNotePrefix(run))
    : node.kind === 'artifact' && node.run === run;
}

/**
 * Lowers the frame of an ended run to the card it folds to, and moves what the run put below it up by as much. When something
 * else stands there by now, everything stays where it is but for the frame's lower edge.
 */
export function foldRun(board: Board, wish: Extract<CanvasMutation, { type: 'fold-run' }>): void {
  const places = readPlaces(board.doc);
  const frame = places.get(wish.id);
  if (frame === undefined) {
    board.miss(wish.id);
    return;
  }
  const rise = frame.height - RUN_FRAME.folded;
  if (rise <= 0) return;
  const bottom = frame.y + frame.height;
  const below: Rect = { x: frame.x, y: bottom, width: frame.width, height: Number.MAX_SAFE_INTEGER - bottom };
  const cards = readNodes(board.doc).filter((node) => isOwn(node, wish.run) && contains(below, node));
  const moving = new Set([wish.id, ...cards.map(({ id }) => id)]);
  const others = [...places].filter(([id, { kind }]) => !moving.has(id) && kind !== 'group');
  const raised = cards.map(({ id, x, y, width, height }) => ({ id, x, y: y - rise, width, height }));
  resizeNode(board, wish.id, { width: frame.width, height: RUN_FRAME.folded });
  const free = raised.every((card) => others.every(([, other]) => !overlaps(card, other, PLACE_GAP)));
  if (free) for (const card of raised) moveNode(board, card.id, card);
}
