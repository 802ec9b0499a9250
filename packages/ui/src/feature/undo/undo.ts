import type { Fault } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { useCallback } from 'react';
import { createStore, useStore } from 'zustand';
import { type Commands, type Undone, useCommands } from '../../client/index.ts';

/** What was just undone, to be said once. `board` is null where the board was not touched. */
export interface Notice extends Undone {
  readonly run: string;
  readonly board: 'taken' | 'back' | 'nothing' | null;
}

interface Undoing {
  /** The run whose undo is being asked about. */
  readonly asked: RunState | null;
  readonly notice: Notice | null;
  /** Whether what was kept is shown. */
  readonly kept: (Undone & { readonly run: string }) | null;
  readonly refused: Fault | null;
}

const REST: Undoing = { asked: null, notice: null, kept: null, refused: null };
const undoing = createStore<Undoing>(() => REST);

/** What is being undone in this window. */
export function useUndoing(): Undoing {
  return useStore(undoing);
}

/** Asks whether to undo all of a run. */
export function askUndo(run: RunState): void {
  undoing.setState({ ...REST, asked: run });
}

export function dismiss(part: 'asked' | 'notice' | 'kept'): void {
  undoing.setState({ [part]: null, refused: null });
}

export function showKept(notice: Notice): void {
  undoing.setState({ kept: notice });
}

const NOTHING: Undone = { restored: [], kept: [] };

/** What there is to take back of a run: whether any file, and the runs that it had started. */
export interface Whole {
  readonly files: boolean;
  readonly started: readonly string[];
}

/** Takes back what a run did, and says what came of it. */
export interface Undo {
  /** Everything, of those it started too: files, when any of them is not undone yet, and cards. */
  readonly run: (state: RunState, what: Whole) => void;
  readonly file: (run: string, path: string) => void;
  readonly bringBack: (run: string) => void;
}

export function useUndo(): Undo {
  const commands = useCommands();
  const run = useCallback(
    (state: RunState, what: Whole) => void undoRun(commands, state.id, what),
    [commands],
  );
  const file = useCallback((of: string, path: string) => void undoFile(commands, of, path), [commands]);
  const bringBack = useCallback((of: string) => void redoBoard(commands, of), [commands]);
  return { run, file, bringBack };
}

async function undoRun(commands: Commands, run: string, { files, started }: Whole): Promise<void> {
  const answer = files ? await commands.undoFiles(run, null, started) : { ok: true as const, ...NOTHING };
  if (!answer.ok) return undoing.setState({ refused: answer.fault });
  const board = await commands.undoBoard(run, false);
  if (!board.ok) return undoing.setState({ refused: board.fault });
  tell({ ...answer, run, board: board.changed ? 'taken' : 'nothing' });
}

async function undoFile(commands: Commands, run: string, path: string): Promise<void> {
  const answer = await commands.undoFiles(run, [path]);
  if (answer.ok) tell({ ...answer, run, board: null });
  else undoing.setState({ refused: answer.fault });
}

async function redoBoard(commands: Commands, run: string): Promise<void> {
  const board = await commands.undoBoard(run, true);
  if (board.ok) tell({ ...NOTHING, run, board: board.changed ? 'back' : 'nothing' });
  else undoing.setState({ refused: board.fault });
}

function tell({ run, board, restored, kept }: Notice): void {
  const notice = { run, board, restored, kept };
  undoing.setState({ ...REST, notice, kept: kept.length === 0 ? null : notice });
}
