import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pattern, patternsOf } from './pattern.ts';

/*
 * Counting files again, by code of its own. The rules are those of gitignore(5): the last pattern that matches decides, the file nearest to the path first.
 */

/** Folders that hold no source of the folder's own, however they are ignored. */
const NEVER =
  /^(?:\.git|\.hg|\.svn|node_modules|bower_components|\.venv|site-packages|__pycache__|\.tox|\.mypy_cache|\.pytest_cache|\.gradle|\.cache)$/;

interface Level {
  readonly at: string;
  readonly patterns: readonly Pattern[];
}

/** Paths of the regular files below `root` that no .gitignore names. Stops at `limit`. */
export async function filesBelow(
  root: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  await look({ root, at: '', levels: [], limit, signal, found });
  return found;
}

interface Look {
  readonly root: string;
  readonly at: string;
  readonly levels: readonly Level[];
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly found: string[];
}

async function look({ at, levels, ...rest }: Look): Promise<void> {
  const { root, limit, signal, found } = rest;
  signal.throwIfAborted();
  const entries = await readdir(join(root, at), { withFileTypes: true }).catch(() => []);
  const rules = entries.some(({ name }) => name === '.gitignore');
  const own = rules ? await patternsIn(join(root, at, '.gitignore')) : [];
  const inner = own.length > 0 ? [{ at, patterns: own }, ...levels] : levels;
  for (const entry of entries) {
    if (found.length >= limit) return;
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isFile()) {
      if (!ignored(path, false, inner)) found.push(path);
    } else if (entry.isDirectory() && !NEVER.test(entry.name) && !ignored(path, true, inner)) {
      await look({ ...rest, at: path, levels: inner });
    }
  }
}

function ignored(path: string, isFolder: boolean, levels: readonly Level[]): boolean {
  for (const { at, patterns } of levels) {
    const below = at === '' ? path : path.slice(at.length + 1);
    const decisive = patterns.findLast(
      (pattern) => (isFolder || !pattern.foldersOnly) && pattern.matches(below),
    );
    if (decisive !== undefined) return !decisive.keeps;
  }
  return false;
}

async function patternsIn(path: string): Promise<readonly Pattern[]> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || !stats.isFile() || stats.size > 1_000_000) return [];
  const text = await readFile(path, 'utf8').catch(() => '');
  return patternsOf(text);
}
