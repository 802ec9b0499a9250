import { useEffect } from 'react';
import { type BoardAction, provideBoard } from '../palette/board-actions.ts';
import {
  duplicateSelected,
  groupSelected,
  ownSelected,
  type Removed,
  removeSelected,
  selectOnly,
} from './board-edit.ts';
import { focusStop } from './board-focus.ts';
import type { Board, Tool } from './board-store.ts';
import type { Camera } from './camera.ts';

const TOOLS = {
  'select-tool': 'select',
  'hand-tool': 'hand',
  'note-tool': 'note',
  'arrow-tool': 'arrow',
  'frame-tool': 'frame',
} as const satisfies Partial<Record<BoardAction, Tool>>;
type ToolAction = keyof typeof TOOLS;

function isTool(action: BoardAction): action is ToolAction {
  return Object.hasOwn(TOOLS, action);
}

/** What the command table acts on. */
export interface CommandedBoard {
  readonly board: Board;
  readonly camera: Camera | null;
  readonly stage: HTMLElement | null;
  /** Told what a command removed. */
  readonly onRemoved: (removed: Removed) => void;
}

/** Lets the command table act on this board while it is open. */
export function useBoardCommands({ board, camera, stage, onRemoved }: CommandedBoard): void {
  useEffect(() => {
    if (camera === null || stage === null) return;
    return provideBoard({
      reveal: (node) => focusStop({ board, camera, stage }, node),
      reason: (action) => reasonOf(board, action),
      perform: (action) => {
        if (isTool(action)) board.store.setState({ tool: TOOLS[action], connecting: null });
        else if (action === 'remove') {
          onRemoved(removeSelected(board));
          // What had the focus is gone.
          stage.focus({ preventScroll: true });
        } else perform(board, camera, action);
      },
    });
  }, [board, camera, stage, onRemoved]);
}

/** Why an action has nothing to act on; null when it has. */
function reasonOf(board: Board, action: BoardAction): string | null {
  const { canvas, store } = board;
  switch (action) {
    case 'undo':
      return canvas.undoState.get().canUndo ? null : 'app.palette.reason.nothing-to-undo';
    case 'redo':
      return canvas.undoState.get().canRedo ? null : 'app.palette.reason.nothing-to-redo';
    case 'remove': {
      const some =
        ownSelected(board).length > 0 || store.getState().edges.some(({ selected }) => selected === true);
      return some ? null : 'app.palette.reason.nothing-selected';
    }
    case 'duplicate':
    case 'group':
    case 'bring-forward':
    case 'send-backward':
    case 'fit-selection':
      return ownSelected(board).length > 0 ? null : 'app.palette.reason.nothing-selected';
    default:
      return null;
  }
}

function perform(board: Board, camera: Camera, action: Exclude<BoardAction, ToolAction | 'remove'>) {
  const { canvas, store } = board;
  switch (action) {
    case 'undo':
      return canvas.undo();
    case 'redo':
      return canvas.redo();
    case 'select-all': {
      const own = store.getState().nodes.filter(({ parentId }) => parentId === undefined);
      return selectOnly(
        board,
        own.map(({ id }) => id),
      );
    }
    case 'duplicate':
      return duplicateSelected(board);
    case 'group':
      return groupSelected(board);
    case 'bring-forward':
    case 'send-backward': {
      const to = action === 'bring-forward' ? 'forward' : 'backward';
      return canvas.apply([{ type: 'order', nodes: [...ownSelected(board)], to }]);
    }
    case 'zoom-in':
      return camera.zoom('in');
    case 'zoom-out':
      return camera.zoom('out');
    case 'zoom-whole':
      return camera.zoom('whole');
    case 'fit-board':
      return camera.fit();
    case 'fit-selection':
      return camera.fit(ownSelected(board));
    default:
      return action satisfies never;
  }
}
