import { isUtf8 } from 'node:buffer';
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
  /** Lines that are no UTF-8, by their index, as Windows-1252 has them. */
  readonly western: ReadonlyMap<number, string>;
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
  const handle = await openBelow(root, path);
  if (handle === null) return null;
  try {
    if ((await handle.stat()).size > SIZE_LIMIT) return null;
    const bytes = await handle.readFile();
    return { hash: createHash('sha256').update(bytes).digest('hex'), ...linesOf(bytes) };
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Opens a regular file inside for reading; null when there is none or it may not be read. The caller closes it. */
export async function openBelow(root: string, path: string): Promise<FileHandle | null> {
  if (isAbsolute(path) || path.includes('\0') || path.split('/').includes('..')) return null;
  let handle: FileHandle | null = null;
  try {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return null;
    handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
  } catch {
    // What cannot be opened or looked at is not there for Verify.
  }
  await handle?.close();
  return null;
}

/** Every way the bytes of a line may be read: as UTF-8, and when they are none, also as Windows-1252. */
export function readings(line: Uint8Array): readonly string[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
  return isUtf8(line) ? [text] : [text, new TextDecoder('windows-1252').decode(line)];
}

/** Lines end with LF or CRLF; a last line without an end counts, an empty rest after the last end does not. */
function linesOf(bytes: Buffer): Pick<ReadFile, 'lines' | 'western'> {
  const lines = new TextDecoder(encodingOf(bytes), { ignoreBOM: true }).decode(bytes).split('\n');
  const western = new Map<number, string>();
  if (encodingOf(bytes) === 'utf-8' && !isUtf8(bytes)) {
    for (let from = 0, index = 0; from < bytes.length; index += 1) {
      const end = bytes.indexOf(10, from);
      const [, other] = readings(bytes.subarray(from, end === -1 ? bytes.length : end));
      if (other !== undefined) western.set(index, withoutReturn(other));
      from = end === -1 ? bytes.length : end + 1;
    }
  }
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.map(withoutReturn), western };
}

/** UTF-16 is known by its byte order mark. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
