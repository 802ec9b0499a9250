import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bytesOf, decode, isBinary, openInside } from './inside.ts';
import languages from './language.json' with { type: 'json' };
import type { Reason } from './walk.ts';

/** Files above this size, in bytes, are listed and not read. */
export const READ_LIMIT = 2 * 1024 * 1024;
/** How much of a file, in bytes, is looked at for its first line. */
const FIRST_LOOK = 4096;
/** Rows kept between calls, and how long after the last call, in milliseconds. */
const KEPT = 20_000;
const KEPT_MS = 60_000;

export const FileRow = z.object({
  path: z.string(),
  size: z.number().int(),
  /** Lines of a text file; null when it was not read. */
  lines: z.number().int().nullable(),
  language: z.string().nullable(),
  /** Its first line that is not blank, to be quoted; null when it was not read. */
  first: z.object({ line: z.number().int(), quote: z.string() }).nullable(),
});
export type FileRow = z.infer<typeof FileRow>;

/** A row, and why its file was not read; null when it was. */
export interface ReadRow {
  readonly row: FileRow;
  readonly unread: Reason | null;
}

const byExtension: Readonly<Record<string, string>> = languages.byExtension;
const byName: Readonly<Record<string, string>> = languages.byName;

/** Reads the rows of files, each once while its file does not change. */
export function createRows() {
  const kept = new Map<string, ReadRow>();
  let forgetting: NodeJS.Timeout | undefined;

  return async (root: string, path: string): Promise<ReadRow> => {
    forgetting ??= setTimeout(() => kept.clear(), KEPT_MS).unref();
    forgetting.refresh();
    const stats = await lstat(join(root, path)).catch(() => null);
    if (stats === null) return unread(path, 0, 'unreadable');
    const key = [root, path, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join('\0');
    const known = kept.get(key);
    if (known !== undefined) return known;
    const read = await readRow(root, path);
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, read);
    return read;
  };
}

async function readRow(root: string, path: string): Promise<ReadRow> {
  try {
    const { handle, stats } = await openInside(root, path);
    try {
      if (stats.size === 0) return unread(path, 0, 'empty');
      if (stats.size > READ_LIMIT) return unread(path, stats.size, 'too-large');
      const bytes = await bytesOf(handle, stats.size);
      if (isBinary(bytes)) return unread(path, stats.size, 'binary');
      const row = {
        path,
        size: stats.size,
        lines: countLines(bytes),
        language: languageOf(path),
        first: firstLine(bytes),
      };
      return { row, unread: null };
    } finally {
      await handle.close();
    }
  } catch {
    return unread(path, 0, 'unreadable');
  }
}

function unread(path: string, size: number, reason: Reason): ReadRow {
  return { row: { path, size, lines: null, language: languageOf(path), first: null }, unread: reason };
}

/** The name of the language a path suggests, or null. */
export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return byName[name] ?? (dot > 0 ? (byExtension[name.slice(dot + 1).toLowerCase()] ?? null) : null);
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return bytes.at(-1) === 10 ? lines : lines + 1;
}

function firstLine(bytes: Uint8Array): FileRow['first'] {
  const lines = decode(bytes.subarray(0, FIRST_LOOK)).text.split(/\r?\n/);
  // The last piece may be cut where the look ended.
  const whole = bytes.length > FIRST_LOOK ? lines.slice(0, -1) : lines;
  const index = whole.findIndex((line) => line.trim() !== '');
  const quote = whole[index];
  return quote === undefined ? null : { line: index + 1, quote };
}
