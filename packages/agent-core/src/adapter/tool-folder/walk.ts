import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { type IgnoreRules, parseIgnoreRules } from './ignore-rules.ts';
import { codeOf } from './inside.ts';
import skip from './skip.json' with { type: 'json' };

/** Why a path below the folder was not read. */
export type Reason =
  | 'ignored'
  | 'dependencies'
  | 'generated'
  | 'version-control'
  | 'link-out'
  | 'not-a-file'
  | 'unreadable'
  | 'too-many'
  | 'binary'
  | 'too-large'
  | 'empty';

export interface NotRead {
  readonly path: string;
  readonly reason: Reason;
  readonly folder: boolean;
}

/** Everything below a folder that is neither ignored nor skipped, in order of path. */
export interface Walked {
  readonly files: readonly string[];
  /** The folders that were entered, the root as an empty path. */
  readonly folders: readonly string[];
  readonly notRead: readonly NotRead[];
  /** More files than the limit: the rest was not looked at. */
  readonly truncated: boolean;
}

export interface WalkOptions {
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onFiles?: (count: number) => void;
}

interface Rules {
  readonly prefix: string;
  readonly rules: IgnoreRules;
}

const SKIPPED: Readonly<Record<string, string>> = skip.folders;

/** Walks breadth first. Links are followed to files inside only; folders are never entered through a link, so a loop cannot happen. */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const files: string[] = [];
  const folders: string[] = [];
  const notRead: NotRead[] = [];
  let queue: { path: string; rules: readonly Rules[] }[] = [{ path: '', rules: [] }];
  while (queue.length > 0 && files.length <= options.limit) {
    options.signal.throwIfAborted();
    const next: typeof queue = [];
    for (const folder of queue) {
      options.signal.throwIfAborted();
      folders.push(folder.path);
      const entries = await entriesOf(root, folder.path, notRead);
      const rules = await withOwnRules(root, folder, entries);
      for (const entry of entries)
        await sort({ root, folder: folder.path, entry, rules }, { files, notRead, next });
      options.onFiles?.(files.length);
      if (files.length > options.limit) break;
    }
    queue = next;
  }
  const truncated = files.length > options.limit;
  const kept = files.slice(0, options.limit).sort();
  return { files: kept, folders, notRead: notRead.sort((a, b) => (a.path < b.path ? -1 : 1)), truncated };
}

interface Found {
  readonly root: string;
  readonly folder: string;
  readonly entry: Dirent;
  readonly rules: readonly Rules[];
}

interface Into {
  readonly files: string[];
  readonly notRead: NotRead[];
  readonly next: { path: string; rules: readonly Rules[] }[];
}

async function sort({ root, folder, entry, rules }: Found, into: Into): Promise<void> {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  const isFolder = entry.isDirectory();
  const skipped = isFolder ? SKIPPED[entry.name] : undefined;
  const refuse = (reason: Reason) => into.notRead.push({ path, reason, folder: isFolder });
  if (skipped !== undefined) {
    if (skipped !== 'version-control') refuse(skipped === 'dependencies' ? 'dependencies' : 'generated');
    return;
  }
  if (isIgnored(path, isFolder, rules)) return void refuse('ignored');
  if (isFolder) return void into.next.push({ path, rules });
  if (entry.isFile()) return void into.files.push(path);
  if (entry.isSymbolicLink() && (await leadsInside(root, path))) return;
  refuse(entry.isSymbolicLink() ? 'link-out' : 'not-a-file');
}

/** A link to something inside is that thing's second name: the thing itself is listed where it lies. */
async function leadsInside(root: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(join(root, path));
    return real === root || real.startsWith(root + sep);
  } catch {
    return false;
  }
}

async function entriesOf(root: string, path: string, notRead: NotRead[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (path === '')
      throw new FaultError(codeOf(error) === 'ENOENT' ? 'FOLDER_GONE' : 'FOLDER_UNREADABLE', {
        path: root,
        cause: codeOf(error),
      });
    notRead.push({ path, reason: 'unreadable', folder: true });
    return [];
  }
}

async function withOwnRules(
  root: string,
  folder: { path: string; rules: readonly Rules[] },
  entries: readonly Dirent[],
) {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return folder.rules;
  const path = join(root, folder.path, '.gitignore');
  const size = await lstat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  const text = size > 1_000_000 ? '' : await readFile(path, 'utf8').catch(() => '');
  const prefix = folder.path === '' ? '' : `${folder.path}/`;
  return [...folder.rules, { prefix, rules: parseIgnoreRules(text) }];
}

/** The innermost file that says anything about the path decides, as git has it. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (let level = rules.length - 1; level >= 0; level -= 1) {
    const decided = rules[level]?.rules.decide(path.slice(rules[level]?.prefix.length), isFolder) ?? null;
    if (decided !== null) return decided === 'ignored';
  }
  return false;
}
