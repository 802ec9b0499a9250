import { z } from 'zod';
import type { Tool } from '../../port/index.ts';
import { readingTool } from './define.ts';
import { createRows, FileRow, type ReadRow } from './file-row.ts';
import { inParallel } from './in-parallel.ts';
import { resolveFolder } from './inside.ts';
import { type NotRead, type Walked, walk } from './walk.ts';

/** Most files of one folder that are looked at. */
export const FILE_LIMIT = 200_000;
/** Files of which the listing names each one; of more it keeps counts. */
const NAMED_LIMIT = 20_000;

const Listing = z.object({
  files: z.array(FileRow),
  count: z.number().int(),
  lines: z.number().int(),
  bytes: z.number().int(),
  truncated: z.boolean(),
  /** The first file with a line to quote. */
  sample: FileRow.nullable(),
  languages: z.array(z.object({ name: z.string(), files: z.number().int(), lines: z.number().int() })),
  largest: z.array(FileRow),
  notRead: z.array(z.object({ path: z.string(), reason: z.string(), folder: z.boolean() })),
  notReadByReason: z.array(
    z.object({ reason: z.string(), count: z.number().int(), examples: z.array(z.string()) }),
  ),
});

/** `limit`: most files that are looked at. */
export function createListFiles(limit = FILE_LIMIT): Tool {
  const rowOf = createRows();
  return readingTool({
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
      const walked = await walk(root, { limit, signal, onFiles: (count) => report(count, null) });
      const rows = await inParallel(walked.files, signal, (path, index) => {
        if (index % 500 === 0) report(index, walked.files.length);
        return rowOf(root, path);
      });
      const output = listingOf(rows, walked);
      return { output, note: { code: 'files-listed', data: { count: output.count } } };
    },
  });
}

function listingOf(rows: readonly ReadRow[], walked: Walked): z.infer<typeof Listing> {
  const files = rows.map(({ row }) => row);
  const text = files.filter((file) => file.lines !== null);
  const unread = rows.flatMap(({ row, unread: reason }) =>
    reason === null ? [] : [{ path: row.path, reason, folder: false }],
  );
  const notRead = [...walked.notRead, ...unread].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files: files.slice(0, NAMED_LIMIT),
    count: files.length,
    lines: text.reduce((sum, file) => sum + (file.lines ?? 0), 0),
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    truncated: walked.truncated,
    sample: text.find(({ first }) => first !== null) ?? null,
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

/** How many were not read for each reason, most first, with examples. */
export function byReason(notRead: readonly NotRead[]) {
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
