import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { readingTool } from './define.ts';
import { inParallel } from './in-parallel.ts';
import { linesOf, readText, resolveFolder } from './inside.ts';
import { FILE_LIMIT } from './list-files.ts';
import { walk } from './walk.ts';

/** Longest line, in UTF-16 units, that is searched and quoted. */
const LINE_LIMIT = 2000;

const Hit = z.object({ path: z.string(), line: z.number().int(), quote: z.string() });

export const searchFiles = readingTool({
  name: 'search_files',
  description: 'Finds the lines of text files that contain a text, not counting ignored files.',
  input: z.object({
    text: z.string().min(1).max(500),
    caseSensitive: z.boolean().default(false),
    wholeWord: z.boolean().default(false),
    limit: z.number().int().min(1).max(1000).default(200),
  }),
  output: z.object({
    hits: z.array(Hit),
    total: z.number().int(),
    files: z.number().int(),
    searched: z.number().int(),
  }),
  timeoutMs: 60_000,
  outputLimitBytes: 8 * 1024 * 1024,
  work: async ({ text, caseSensitive, wholeWord, limit }, { folder, signal }) => {
    const root = await resolveFolder(folder);
    const { files } = await walk(root, { limit: FILE_LIMIT, signal });
    const found = await inParallel(files, signal, async (path) => {
      const read = await readText(root, path).catch((error: unknown) => {
        if (error instanceof FaultError) return null;
        throw error;
      });
      if (read === null) return null;
      const hits = linesOf(read.text).flatMap((quote, index) =>
        quote.length <= LINE_LIMIT && contains(quote) ? [{ path, line: index + 1, quote }] : [],
      );
      return hits;
    });
    const searched = found.filter((hits) => hits !== null);
    const hits = searched.flat();
    const inFiles = searched.filter((own) => own.length > 0).length;
    const output = {
      hits: hits.slice(0, limit),
      total: hits.length,
      files: inFiles,
      searched: searched.length,
    };
    return { output, note: { code: 'lines-found', data: { count: hits.length, files: inFiles } } };

    function contains(line: string): boolean {
      const wanted = caseSensitive ? text : text.toLowerCase();
      const where = caseSensitive ? line : line.toLowerCase();
      for (let at = where.indexOf(wanted); at !== -1; at = where.indexOf(wanted, at + 1)) {
        if (!wholeWord || (!isWord(where[at - 1]) && !isWord(where[at + wanted.length]))) return true;
      }
      return false;
    }
  },
});

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
