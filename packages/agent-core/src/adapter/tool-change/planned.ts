import { type ChangeSet, FaultError, type FileChange } from '@soma/schemas/event';
import { kindOf } from '@soma/schemas/run';
import { diffLines } from 'diff';
import type { ContentStore, ToolContext } from '../../port/index.ts';

/** One file's text before and after a call, whole; null where there is no file. */
export interface PlannedChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Most text, in bytes, that the files of one call may hold together, before and after counted each. */
const SET_LIMIT = 64 * 1024 * 1024;
/** How long, in milliseconds, the lines of one file may be compared before every line counts as changed. */
const DIFF_MS = 500;

/**
 * The same with both texts in the content store, so that the texts before are durable before anything is written. What changes
 * nothing is left out. Throws FaultError CHANGE_TOO_LARGE.
 */
export async function storedChanges(
  planned: readonly PlannedChange[],
  { content, scope }: { readonly content: ContentStore; readonly scope: ToolContext['scope'] },
): Promise<FileChange[]> {
  const size = planned.reduce((sum, { before, after }) => sum + lengthOf(before) + lengthOf(after), 0);
  if (size > SET_LIMIT) throw new FaultError('CHANGE_TOO_LARGE', { size, limit: SET_LIMIT });
  const put = async (text: string | null) =>
    text === null ? null : content.put(scope, text, 'text/plain; charset=utf-8');
  const changes: FileChange[] = [];
  for (const { path, before, after } of planned) {
    if (before === after) continue;
    const stored = { before: await put(before), after: await put(after) };
    changes.push({
      path,
      kind: kindOf(stored.before, stored.after),
      ...stored,
      ...linesChanged(before, after),
    });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The texts of a stored change set. Throws FaultError CONTENT_GONE. */
export async function loadedChanges(
  { files: stored }: ChangeSet,
  { content, scope }: { readonly content: ContentStore; readonly scope: ToolContext['scope'] },
): Promise<PlannedChange[]> {
  const load = async (text: FileChange['before']) => {
    const loaded = text === null ? null : await content.get(scope, text);
    if (text !== null && loaded === null) throw new FaultError('CONTENT_GONE', { hash: text.hash });
    return loaded;
  };
  const loaded: PlannedChange[] = [];
  for (const { path, before, after } of stored)
    loaded.push({ path, before: await load(before), after: await load(after) });
  return loaded;
}

function lengthOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

/** How many lines the change adds and removes; past the time bound, all of them. */
function linesChanged(before: string | null, after: string | null): { added: number; removed: number } {
  const all = { added: countLines(after ?? ''), removed: countLines(before ?? '') };
  if (before === null || after === null) return all;
  const parts = diffLines(before, after, { timeout: DIFF_MS });
  if (parts === undefined) return all;
  const sum = (of: 'added' | 'removed') =>
    parts.reduce((total, part) => total + (part[of] ? part.count : 0), 0);
  return { added: sum('added'), removed: sum('removed') };
}

function countLines(text: string): number {
  if (text === '') return 0;
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
