import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { FaultError, type Sha256 } from '@soma/schemas/event';

/** Most of a text file, in bytes, that is read into memory. */
export const TEXT_LIMIT = 4 * 1024 * 1024;
/** How much of a file, in bytes, decides whether it is text. */
const SNIFF = 8192;

/** Text of a file; `repaired` says that some bytes were no UTF-8 and stand as replacement characters. */
export interface Text {
  readonly text: string;
  readonly size: number;
  readonly repaired: boolean;
}

/** Resolves a granted folder. Throws FaultError FOLDER_GONE, FOLDER_NOT_A_FOLDER or FOLDER_UNREADABLE. */
export async function resolveFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) throw new FaultError('FOLDER_NOT_A_FOLDER', { path });
    return real;
  } catch (error) {
    throw folderFault(error, path);
  }
}

function folderFault(error: unknown, path: string): Error {
  if (error instanceof FaultError) return error;
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new FaultError('FOLDER_GONE', { path });
  return new FaultError('FOLDER_UNREADABLE', { path, cause: code });
}

/**
 * Opens a regular file below `root` for reading without following a link out of it: the path is resolved, the resolved one is opened
 * without following links, and where the opened file itself lies is looked at once more, so that a swap in between is noticed.
 * Throws FaultError PATH_OUTSIDE, FILE_GONE or FILE_UNREADABLE.
 */
export async function openInside(root: string, path: string): Promise<{ handle: FileHandle; stats: Stats }> {
  if (isAbsolute(path) || path.includes('\0')) throw new FaultError('PATH_OUTSIDE', { path });
  let real: string;
  try {
    real = await realpath(join(root, path));
  } catch (error) {
    throw fileFault(error, path);
  }
  if (!isBelow(root, real)) throw new FaultError('PATH_OUTSIDE', { path });
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw fileFault(error, path);
    },
  );
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new FaultError('FILE_UNREADABLE', { path, cause: 'not-a-file' });
    if (!isBelow(root, await placeOf(handle, stats, real))) throw new FaultError('PATH_OUTSIDE', { path });
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error instanceof FaultError ? error : fileFault(error, path);
  }
}

/**
 * Where what was opened lies. Linux says it of the open file itself; elsewhere the name is resolved again, and an empty answer means that
 * it no longer leads to what was opened.
 */
async function placeOf(handle: FileHandle, stats: Stats, real: string): Promise<string> {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${handle.fd}`);
  const named = await stat(real);
  return named.ino === stats.ino && named.dev === stats.dev ? realpath(real) : '';
}

/** The bytes of an opened file of a known size; what was added since is left. */
export async function bytesOf(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const { bytesRead } = await handle.read(bytes, read, size - read, read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** The whole text of a file inside. Throws what `openInside` throws, FILE_BINARY, or FILE_TOO_LARGE above `limit` bytes. */
export async function readText(root: string, path: string, limit = TEXT_LIMIT): Promise<Text> {
  const bytes = await readBytes(root, path, limit);
  if (isBinary(bytes)) throw new FaultError('FILE_BINARY', { path });
  return { ...decode(bytes), size: bytes.length };
}

/** The whole of a file inside. Throws what `openInside` throws, or FILE_TOO_LARGE above `limit` bytes. */
export async function readBytes(root: string, path: string, limit = TEXT_LIMIT): Promise<Uint8Array> {
  const { handle, stats } = await openInside(root, path);
  try {
    if (stats.size > limit) throw new FaultError('FILE_TOO_LARGE', { path, size: stats.size, limit });
    return await bytesOf(handle, stats.size);
  } finally {
    await handle.close();
  }
}

/** A file with a zero byte near its start is not text. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, SNIFF).includes(0);
}

export function decode(bytes: Uint8Array): { text: string; repaired: boolean } {
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      repaired: false,
    };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), repaired: true };
  }
}

/** What a text is known by before it is changed: SHA-256 of its bytes in UTF-8. */
export function hashOf(text: string): Sha256 {
  return createHash('sha256').update(text).digest('hex');
}

/** Lines without their ends (LF or CRLF). What follows the last end is a line only when it is not empty. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

function fileFault(error: unknown, path: string): FaultError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new FaultError('FILE_GONE', { path });
  return new FaultError('FILE_UNREADABLE', { path, cause: code });
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
