import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { filesBelow } from './ignored.ts';

/** Largest file, in bytes, that a claim may rest on. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** A file as Verify read it: its bytes' hash and its lines without their ends. */
export interface ReadFile {
  readonly hash: string;
  readonly lines: readonly string[];
}

/** Rereads files of one folder, each once for one round of checks. */
export interface RereadFolder {
  readonly root: string;
  /** Null when there is no such regular file inside the folder, or it cannot be read. */
  read(path: string): Promise<ReadFile | null>;
  /** The files that are not ignored, at most `PATH_LIMIT`. */
  paths(): Promise<readonly string[]>;
  /** Those of them that bear this name, in whatever folder. */
  named(name: string): Promise<readonly string[]>;
}

/** Above this many files they are not counted again, and a claim about their number does not pass. */
const PATH_LIMIT = 200_001;

/** Throws FaultError FOLDER_GONE when the folder is not there. */
export async function openFolder(folder: string, signal: AbortSignal): Promise<RereadFolder> {
  const root = await realpath(folder).catch(() => {
    throw new FaultError('FOLDER_GONE', { path: folder });
  });
  const seen = new Map<string, Promise<ReadFile | null>>();
  let listed: Promise<readonly string[]> | null = null;
  const paths = () => {
    listed ??= filesBelow(root, PATH_LIMIT, signal);
    return listed;
  };
  let byName: Promise<ReadonlyMap<string, readonly string[]>> | null = null;
  return {
    root,
    named: async (name) => {
      byName ??= namesOf(paths());
      return (await byName).get(name) ?? [];
    },
    paths,
    read: (path) => {
      const known = seen.get(path) ?? readInside(root, path);
      seen.set(path, known);
      return known;
    },
  };
}

async function namesOf(listed: Promise<readonly string[]>): Promise<ReadonlyMap<string, readonly string[]>> {
  const byName = new Map<string, string[]>();
  for (const path of await listed) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [path]);
    else same.push(path);
  }
  return byName;
}

async function readInside(root: string, path: string): Promise<ReadFile | null> {
  if (isAbsolute(path) || path.includes('\0') || path.split('/').includes('..')) return null;
  let handle: FileHandle | null = null;
  try {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > SIZE_LIMIT) return null;
    const bytes = await handle.readFile();
    return { hash: createHash('sha256').update(bytes).digest('hex'), lines: linesOf(bytes) };
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}

/** Lines end with LF or CRLF; a last line without an end counts, an empty rest after the last end does not. */
function linesOf(bytes: Uint8Array): string[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
