import { FaultError, Sha256 } from '@soma/schemas/event';
import { z } from 'zod';
import { readingTool } from './define.ts';
import { inParallel } from './in-parallel.ts';
import { hashOf, linesOf, readText, resolveFolder } from './inside.ts';
import { FILE_LIMIT } from './list-files.ts';
import { walk } from './walk.ts';

/** Longest line, in UTF-16 units, that is quoted. */
const LINE_LIMIT = 2000;

const Hit = z.object({ path: z.string(), line: z.number().int(), quote: z.string() });

export const searchFiles = readingTool({
  name: 'search_files',
  description: 'Finds the lines of text files that contain a text, not counting ignored files.',
  input: z.object({
    text: z.string().min(1).max(500),
    caseSensitive: z.boolean().default(false),
    wholeWord: z.boolean().default(false),
    /** A file or a folder to stay in; empty: everywhere. */
    under: z.string().max(1000).default(''),
    limit: z.number().int().min(1).max(1000).default(200),
  }),
  output: z.object({
    hits: z.array(Hit),
    total: z.number().int(),
    files: z.number().int(),
    searched: z.number().int(),
    /** Every file with a hit, its hits counted in all its lines; `sha256` is null where the bytes are not UTF-8 throughout. */
    matching: z.array(z.object({ path: z.string(), sha256: Sha256.nullable(), hits: z.number().int() })),
  }),
  timeoutMs: 60_000,
  outputLimitBytes: 8 * 1024 * 1024,
  work: async ({ text, caseSensitive, wholeWord, under, limit }, { folder, signal }) => {
    const root = await resolveFolder(folder);
    const { files } = await walk(root, { limit: FILE_LIMIT, signal });
    const place = under.replace(/^\.?\/|\/+$/g, '');
    const inside = files.filter((path) => place === '' || path === place || path.startsWith(`${place}/`));
    const found = await inParallel(inside, signal, async (path) => {
      const read = await readText(root, path).catch((error: unknown) => {
        if (error instanceof FaultError) return null;
        throw error;
      });
      if (read === null) return null;
      const lines = [...linesOf(read.text).entries()].filter(([, quote]) => contains(quote));
      const hits = lines
        .filter(([, quote]) => quote.length <= LINE_LIMIT)
        .map(([index, quote]) => ({ path, line: index + 1, quote }));
      const sha256 = read.repaired || lines.length === 0 ? null : hashOf(read.text);
      return { path, sha256, hits, count: lines.length };
    });
    const searched = found.filter((file) => file !== null);
    const matching = searched.filter(({ count }) => count > 0);
    const hits = matching.flatMap((file) => file.hits);
    const output = {
      hits: hits.slice(0, limit),
      total: matching.reduce((sum, { count }) => sum + count, 0),
      files: matching.length,
      searched: searched.length,
      matching: matching.map(({ path, sha256, count }) => ({ path, sha256, hits: count })),
    };
    return { output, note: { code: 'lines-found', data: { count: output.total, files: output.files } } };

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
