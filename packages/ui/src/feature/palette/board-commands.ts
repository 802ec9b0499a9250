import {
  Frame,
  Grab,
  LayoutGrid,
  type LucideIcon,
  Maximize,
  Minus,
  MousePointer2,
  MoveUpRight,
  Plus,
  Redo2,
  Scan,
  Search,
  StickyNote,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { BoardAction } from './board-actions.ts';
import { type Command, type CommandGroup, command } from './command.ts';
import type { Chord } from './keys.ts';

type BoardParts = readonly [BoardAction, CommandGroup, LucideIcon, ...Chord[]];

function onBoard([id, group, icon, ...keys]: BoardParts): Command {
  return command({
    id,
    group,
    icon,
    keys,
    when: ({ board }) => (board === null ? 'app.palette.reason.no-board' : board.reason(id)),
    run: ({ board }) => board?.perform(id),
  });
}

/** What is done on the open board. */
export const BOARD: readonly Command[] = (
  [
    ['fit-board', 'move', Maximize, 'Shift+1'],
    ['fit-selection', 'move', Scan, 'Shift+2'],
    ['zoom-whole', 'move', Search, 'Mod+0'],
    ['zoom-in', 'move', Plus, 'Mod+=', 'Mod++'],
    ['zoom-out', 'move', Minus, 'Mod+-'],
    ['select-tool', 'tools', MousePointer2, 'V'],
    ['hand-tool', 'tools', Grab, 'H'],
    ['note-tool', 'tools', StickyNote, 'N'],
    ['arrow-tool', 'tools', MoveUpRight, 'A'],
    ['frame-tool', 'tools', Frame, 'F'],
    ['undo', 'edit', Undo2, 'Mod+Z'],
    ['redo', 'edit', Redo2, 'Mod+Shift+Z', 'Mod+Y'],
    ['select-all', 'edit', LayoutGrid, 'Mod+A'],
    ['duplicate', 'edit', Plus, 'Mod+D'],
    ['group', 'edit', Frame, 'Mod+G'],
    ['bring-forward', 'edit', MoveUpRight, 'Mod+]'],
    ['send-backward', 'edit', MoveUpRight, 'Mod+['],
    ['remove', 'edit', Trash2, 'Delete', 'Backspace'],
  ] as const satisfies readonly BoardParts[]
).map(onBoard);
