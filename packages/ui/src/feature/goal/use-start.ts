import type { Fault, Slots } from '@soma/schemas/event';
import { useCallback } from 'react';
import { useCanvas, useClient, useCommands, useFolder } from '../../client/index.ts';

/** A goal that is ready to start, about the open folder. */
export interface Wish {
  readonly text: string;
  readonly plan: string | null;
  readonly slots: Slots;
}

/** Starts a goal on the open board and shows its run. Answers why not, or null. */
export function useStart(): (wish: Wish) => Promise<Fault | null> {
  const { view } = useClient();
  const commands = useCommands();
  const board = useCanvas();
  const folder = useFolder();
  return useCallback(
    async (wish) => {
      if (folder === null || board === null) return null;
      const answer = await commands.submitGoal({ ...wish, folder: folder.id, canvas: board.id });
      if (!answer.ok) return answer.fault;
      view.openCanvas(board.id);
      view.showRun(answer.run);
      view.select({ kind: 'run', run: answer.run });
      return null;
    },
    [view, commands, board, folder],
  );
}
