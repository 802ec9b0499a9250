import { type FileHandle, lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { openInside } from '../tool-folder/index.ts';

/** Largest text, in bytes, that a call may read, make or write in one file. */
export const CHANGE_FILE_LIMIT = 4 * 1024 * 1024;

/** A text file as it is now: its text exactly, byte-order mark and line ends included, and its permission bits. */
export interface TextFile {
  readonly text: string;
  readonly mode: number;
}

/**
 * The text of a file inside that may be changed; null when there is none. Throws FaultError PATH_OUTSIDE, FILE_UNREADABLE,
 * FILE_TOO_LARGE, and FILE_NOT_UTF8 for bytes that would not come back the same after decoding.
 */
export async function readExact(root: string, path: string): Promise<TextFile | null> {
  const opened = await openInside(root, path).catch((error: unknown) => {
    if (error instanceof FaultError && error.fault.code === 'FILE_GONE') return null;
    throw error;
  });
  if (opened === null) return null;
  const { handle, stats } = opened;
  try {
    if (stats.size > CHANGE_FILE_LIMIT) throw tooLarge(path, stats.size);
    return { text: exactText(await readAll(handle, path), path), mode: stats.mode & 0o7777 };
  } finally {
    await handle.close();
  }
}

async function readAll(handle: FileHandle, path: string): Promise<Uint8Array> {
  const bytes = await handle.readFile();
  if (bytes.length > CHANGE_FILE_LIMIT) throw tooLarge(path, bytes.length);
  return bytes;
}

export function tooLarge(path: string, size: number): FaultError {
  return new FaultError('FILE_TOO_LARGE', { path, size, limit: CHANGE_FILE_LIMIT });
}

function exactText(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw new FaultError('FILE_NOT_UTF8', { path });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FaultError('FILE_NOT_UTF8', { path });
  }
}

/**
 * Where a file inside really stands, or would stand: links within the folder are followed, none leads out. Throws FaultError
 * PATH_OUTSIDE, or FILE_UNWRITABLE where a link leads nowhere.
 */
export async function placeInside(root: string, path: string): Promise<string> {
  const plain = normalize(path);
  if (isAbsolute(path) || path.includes('\0') || plain === '.' || plain.split(sep).includes('..'))
    throw new FaultError('PATH_OUTSIDE', { path });
  const place = await realPlace(join(root, plain), path);
  if (!place.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new FaultError('PATH_OUTSIDE', { path });
  return place;
}

/** The real path of what is there; of what is not, its name in the real path of the folder above. */
async function realPlace(absolute: string, path: string): Promise<string> {
  try {
    return await realpath(absolute);
  } catch {
    const isLink = await lstat(absolute).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (isLink) throw new FaultError('FILE_UNWRITABLE', { path, cause: 'link-to-nothing' });
    return join(await realPlace(dirname(absolute), path), basename(absolute));
  }
}
