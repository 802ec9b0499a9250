import type { Fault, Slots } from '@soma/schemas/event';
import { useCallback } from 'react';
import { useCanvas, useClient, useCommands, useFolder, useText } from '../../client/index.ts';

/** A goal that is ready to start, about the open folder. */
export interface Wish {
  readonly text: string;
  readonly plan: string | null;
  readonly slots: Slots;
}

/**
 * Starts a goal on the open board, or, when none is open, on the newest or a first one of the folder; shows its run. Answers why not,
 * or null.
 */
export function useStart(): (wish: Wish) => Promise<Fault | null> {
  const { view, workspace } = useClient();
  const commands = useCommands();
  const say = useText();
  const open = useCanvas();
  const folder = useFolder();
  return useCallback(
    async (wish) => {
      if (folder === null) return null;
      const known =
        open ?? workspace.getState().workspace.canvases.findLast((canvas) => canvas.folder === folder.id);
      const board =
        known === undefined
          ? await commands.createCanvas(say('app.goal.canvasTitle', { folder: folder.name }), folder.id)
          : ({ ok: true, canvas: known.id } as const);
      if (!board.ok) return board.fault;
      const answer = await commands.submitGoal({ ...wish, folder: folder.id, canvas: board.canvas });
      if (!answer.ok) return answer.fault;
      view.openCanvas(board.canvas);
      view.showRun(answer.run);
      view.select({ kind: 'run', run: answer.run });
      return null;
    },
    [view, workspace, commands, say, open, folder],
  );
}
