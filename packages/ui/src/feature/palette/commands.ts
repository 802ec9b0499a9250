import { BOARD } from './board-commands.ts';
import type { Command } from './command.ts';
import { PLANS, RUNS, TRAVEL } from './run-commands.ts';
import { HELP, WINDOW } from './window-commands.ts';

/** The one table of commands: palette, keys and cheat sheet all come from it. */
export const COMMANDS: readonly Command[] = [...BOARD, ...RUNS, ...TRAVEL, ...PLANS, ...WINDOW, ...HELP];
