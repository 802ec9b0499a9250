import { z } from 'zod';
import { readingTool } from './define.ts';
import { decode, isBinary, openInside, resolveFolder } from './inside.ts';
import languages from './language.json' with { type: 'json' };
import { type NotRead, walk } from './walk.ts';

/** Most files of one folder that are looked at. */
export const FILE_LIMIT = 200_000;
/** Files above this size, in bytes, are listed and not read. */
const READ_LIMIT = 2 * 1024 * 1024;
/** Files of which the listing names each one; of more it keeps counts. */
const NAMED_LIMIT = 20_000;
/** Files read side by side. */
const WIDTH = 16;

const FileRow = z.object({
  path: z.string(),
  size: z.number().int(),
  /** Lines of a text file; null when it was not read. */
  lines: z.number().int().nullable(),
  language: z.string().nullable(),
  /** Its first line that is not blank, to be quoted; null when it was not read. */
  first: z.object({ line: z.number().int(), quote: z.string() }).nullable(),
});
export type FileRow = z.infer<typeof FileRow>;

const Listing = z.object({
  files: z.array(FileRow),
  count: z.number().int(),
  lines: z.number().int(),
  bytes: z.number().int(),
  truncated: z.boolean(),
  languages: z.array(z.object({ name: z.string(), files: z.number().int(), lines: z.number().int() })),
  largest: z.array(FileRow),
  notRead: z.array(z.object({ path: z.string(), reason: z.string(), folder: z.boolean() })),
  notReadByReason: z.array(
    z.object({ reason: z.string(), count: z.number().int(), examples: z.array(z.string()) }),
  ),
});

const byExtension: Readonly<Record<string, string>> = languages.byExtension;
const byName: Readonly<Record<string, string>> = languages.byName;

export const listFiles = readingTool({
  name: 'list_files',
  description:
    'Lists the files of the folder that are not ignored, with size, lines and language, and says which were not read and why.',
  input: z.object({}),
  output: Listing,
  timeoutMs: 120_000,
  outputLimitBytes: 32 * 1024 * 1024,
  work: async (_input, { folder, signal, progress }) => {
    const root = await resolveFolder(folder);
    const report = (done: number, total: number | null) =>
      progress({ note: { code: 'files-listed', data: { count: done } }, done, total });
    const walked = await walk(root, { limit: FILE_LIMIT, signal, onFiles: (count) => report(count, null) });
    const notRead: NotRead[] = [...walked.notRead];
    const files = await inParallel(walked.files, signal, (path, index) => {
      if (index % 500 === 0) report(index, walked.files.length);
      return rowOf(root, path, notRead);
    });
    const output = listingOf(files, notRead, walked.truncated);
    return { output, note: { code: 'files-listed', data: { count: output.count } } };
  },
});

/** The name of the language a path suggests, or null. */
export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return byName[name] ?? (dot > 0 ? (byExtension[name.slice(dot + 1).toLowerCase()] ?? null) : null);
}

/** Runs `work` over all items, a few at a time, in order of the result. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      signal.throwIfAborted();
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return results;
}

async function rowOf(root: string, path: string, notRead: NotRead[]): Promise<FileRow> {
  const language = languageOf(path);
  const unread = (size: number, reason: NotRead['reason']): FileRow => {
    notRead.push({ path, reason, folder: false });
    return { path, size, lines: null, language, first: null };
  };
  try {
    const { handle, stats } = await openInside(root, path);
    try {
      if (stats.size === 0) return unread(0, 'empty');
      if (stats.size > READ_LIMIT) return unread(stats.size, 'too-large');
      const bytes = await handle.readFile();
      if (isBinary(bytes)) return unread(stats.size, 'binary');
      return { path, size: stats.size, lines: countLines(bytes), language, first: firstLine(bytes) };
    } finally {
      await handle.close();
    }
  } catch {
    return unread(0, 'unreadable');
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return bytes.at(-1) === 10 ? lines : lines + 1;
}

function firstLine(bytes: Uint8Array): FileRow['first'] {
  const lines = decode(bytes.subarray(0, 4096)).text.split(/\r?\n/);
  // The last piece may be cut where the look ended.
  const whole = bytes.length > 4096 ? lines.slice(0, -1) : lines;
  const index = whole.findIndex((line) => line.trim() !== '');
  const quote = whole[index];
  return quote === undefined ? null : { line: index + 1, quote };
}

function listingOf(
  files: readonly FileRow[],
  notRead: NotRead[],
  truncated: boolean,
): z.infer<typeof Listing> {
  const text = files.filter((file) => file.lines !== null);
  notRead.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files: files.slice(0, NAMED_LIMIT),
    count: files.length,
    lines: text.reduce((sum, file) => sum + (file.lines ?? 0), 0),
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    truncated,
    languages: languagesOf(text),
    largest: [...text].sort((a, b) => (b.lines ?? 0) - (a.lines ?? 0)).slice(0, 10),
    notRead: notRead.slice(0, 1000),
    notReadByReason: byReason(notRead),
  };
}

function languagesOf(files: readonly FileRow[]) {
  const found = new Map<string, { name: string; files: number; lines: number }>();
  for (const { language, lines } of files) {
    if (language === null) continue;
    const row = found.get(language) ?? { name: language, files: 0, lines: 0 };
    found.set(language, { name: language, files: row.files + 1, lines: row.lines + (lines ?? 0) });
  }
  return [...found.values()].sort((a, b) => b.lines - a.lines || (a.name < b.name ? -1 : 1));
}

function byReason(notRead: readonly NotRead[]) {
  const found = new Map<string, string[]>();
  for (const { reason, path } of notRead) {
    const paths = found.get(reason);
    if (paths === undefined) found.set(reason, [path]);
    else paths.push(path);
  }
  const rows = [...found].map(([reason, paths]) => ({
    reason,
    count: paths.length,
    examples: paths.slice(0, 5),
  }));
  return rows.sort((a, b) => b.count - a.count);
}
