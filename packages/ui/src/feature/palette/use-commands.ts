import { useEffect, useMemo } from 'react';
import { useClient, useCommands, useRunRow, useRuns, useView } from '../../client/index.ts';
import { focusGoal, GOAL_FIELD } from '../goal/goal-focus.ts';
import { useNewCanvas, useOpenFolder } from '../goal/open-folder.ts';
import { useBoardActions } from './board-actions.ts';
import type { Now } from './command.ts';
import { COMMANDS } from './commands.ts';
import { isChord, isMac, isTyping } from './keys.ts';

/** What commands act on, as it is now. */
export function useNow(): Now {
  const client = useClient();
  const commands = useCommands();
  const view = useView((all) => all);
  const run = useRunRow(view.run);
  const waiting = useRuns().filter(({ phase }) => phase === 'waiting').length;
  const board = useBoardActions();
  const openFolder = useOpenFolder();
  const newCanvas = useNewCanvas();
  return useMemo(
    () => ({ client, commands, view, run, waiting, board, openFolder, focusGoal, newCanvas }),
    [client, commands, view, run, waiting, board, openFolder, newCanvas],
  );
}

/** Makes the keys of the table work. Stands once in the app; what lies deeper may take a key first. */
export function useCommandKeys(): void {
  const now = useNow();
  useEffect(() => {
    const mac = isMac(navigator);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = COMMANDS.find(
        ({ inside, keys }) => inside === 'window' && keys.some((chord) => isChord(event, chord, mac)),
      );
      if (pressed === undefined) return;
      const held = mac ? event.metaKey : event.ctrlKey;
      // In a text, and under something that floats, letters and signs are not commands; nor is what a text does itself.
      if (
        (isTyping(event.target) && !leavesText(event) && !(held && pressed.group !== 'edit')) ||
        isCovered(now, pressed.id)
      )
        return;
      if (pressed.when(now) !== null) return;
      event.preventDefault();
      pressed.run(now);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [now]);
}

/** Escape in a goal field with nothing in it is no part of a text: who just started a run can pause it at once. */
function leavesText({ key, target }: KeyboardEvent): boolean {
  return (
    key === 'Escape' &&
    target instanceof HTMLTextAreaElement &&
    target.hasAttribute(GOAL_FIELD) &&
    target.value === ''
  );
}

function isCovered({ view }: Now, command: string): boolean {
  return view.overlay !== null && command !== 'palette';
}
