import { CANVAS_LIMITS, type CanvasClient, readCanvas } from '@soma/schemas/canvas';
import type { RunState } from '@soma/schemas/run';
import { mintId } from '../../client/index.ts';
import { revealNode } from '../palette/board-actions.ts';

export interface Pinning {
  readonly canvases: CanvasClient;
  readonly run: RunState;
  readonly words: string;
}

/**
 * Puts words onto the board of a run as a note, below the run's node or where there is room, and shows it where that board is open. It can be
 * undone as anything put there by hand.
 */
export function pinNote({ canvases, run, words }: Pinning): void {
  const board = canvases.open(run.canvas);
  const node = readCanvas(board.doc).nodes.find((each) => each.kind === 'run' && each.run === run.id);
  const card = { kind: 'note' as const, id: mintId(), text: words.slice(0, CANVAS_LIMITS.text) };
  board.apply([{ type: 'place-cards', beside: node?.id ?? null, cards: [card] }]);
  board.close();
  // The board draws what is new to it in its next frame.
  requestAnimationFrame(() => revealNode(card.id));
}
