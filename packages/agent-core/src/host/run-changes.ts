import { ChangeSet, type Content, type Fault, FaultError, fault, type Scope } from '@soma/schemas/event';
import { mergeChanges, type RunState } from '@soma/schemas/run';
import type { Engine } from '../engine/index.ts';
import type { ContentStore } from '../port/index.ts';
import type { FileRestorer } from './parts.ts';

/** What each call of the run did to files, in the order of the calls. Throws FaultError CONTENT_GONE. */
export async function changeSetsOf(
  content: ContentStore,
  scope: Scope,
  state: RunState,
): Promise<ChangeSet[]> {
  const sets: ChangeSet[] = [];
  for (const { set } of state.changes)
    sets.push(ChangeSet.parse(JSON.parse(await textOf(content, scope, set))));
  return sets;
}

async function textOf(content: ContentStore, scope: Scope, stored: Content): Promise<string> {
  const text = await content.get(scope, stored);
  if (text === null) throw new FaultError('CONTENT_GONE', { hash: stored.hash });
  return text;
}

export interface UndoParts {
  readonly content: ContentStore;
  readonly engine: Engine;
  readonly files: FileRestorer;
  /** Where the run's folder is now. */
  readonly folder: string;
}

export interface UndoRequest {
  readonly id: string;
  readonly scope: Scope;
  readonly state: RunState;
  /** Null: every file the run changed. */
  readonly paths: readonly string[] | null;
}

export type Undone =
  | {
      readonly ok: true;
      readonly restored: string[];
      readonly kept: { path: string; fault: Fault }[];
      readonly sequence: number;
    }
  | { readonly ok: false; readonly fault: Fault };

/**
 * Gives the files of an ended run the texts they had before it, each on its own, and records what came of it. Sent again after a
 * crash, it finds the files that are restored already and goes on.
 */
export async function undoFiles(parts: UndoParts, request: UndoRequest): Promise<Undone> {
  const { content, engine, files, folder } = parts;
  const { id, scope, state, paths } = request;
  if (state.status.name !== 'ended') return { ok: false, fault: fault('RUN_NOT_ENDED', { run: state.id }) };
  const wanted = mergeChanges(await changeSetsOf(content, scope, state)).filter(
    ({ path }) => !state.undone.includes(path) && (paths === null || paths.includes(path)),
  );
  if (wanted.length === 0) return { ok: false, fault: fault('NOTHING_TO_CHANGE') };
  const restored: string[] = [];
  const kept: { path: string; fault: Fault }[] = [];
  for (const { path, before, after } of wanted) {
    const to = before === null ? null : await textOf(content, scope, before);
    const from = after === null ? null : await textOf(content, scope, after);
    const problem = await files.restore(folder, { path, from, to });
    if (problem === null) restored.push(path);
    else kept.push({ path, fault: problem });
  }
  const undone = { restored, kept };
  const recorded = await engine.command(state.id, { type: 'record-undo', undone }, { id, scope });
  return recorded.ok ? { ok: true, ...undone, sequence: recorded.sequence } : recorded;
}
