import { createStore, useStore } from 'zustand';

/** What the open board can be told to do by a key or from the palette. */
export const BOARD_ACTIONS = [
  'select-tool',
  'hand-tool',
  'note-tool',
  'arrow-tool',
  'frame-tool',
  'undo',
  'redo',
  'select-all',
  'duplicate',
  'group',
  'bring-forward',
  'send-backward',
  'remove',
  'zoom-in',
  'zoom-out',
  'zoom-whole',
  'fit-board',
  'fit-selection',
] as const;
export type BoardAction = (typeof BOARD_ACTIONS)[number];

/** The open board as the command table sees it. The board itself listens to none of these keys. */
export interface BoardActions {
  /** Why it cannot be done now, as a key of the catalogue under `app.palette.reason`; null when it can. */
  readonly reason: (action: BoardAction) => string | null;
  readonly perform: (action: BoardAction) => void;
  /** Selects a node and brings it into view. */
  readonly reveal: (node: string) => void;
}

const open = createStore<{ readonly board: BoardActions | null }>(() => ({ board: null }));

/** Makes this the board that commands go to, until the returned function is called. */
export function provideBoard(board: BoardActions): () => void {
  open.setState({ board });
  return () => {
    if (open.getState().board === board) open.setState({ board: null });
  };
}

/** Brings a node of the open board into view. */
export function revealNode(node: string): void {
  open.getState().board?.reveal(node);
}

export function useBoardActions(): BoardActions | null {
  return useStore(open, ({ board }) => board);
}
