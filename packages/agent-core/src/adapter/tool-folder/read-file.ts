import { Sha256 } from '@soma/schemas/event';
import { z } from 'zod';
import { readingTool } from './define.ts';
import { hashOf, linesOf, readText, resolveFolder } from './inside.ts';

const Line = z.object({ line: z.number().int(), quote: z.string() });

export const readFile = readingTool({
  name: 'read_file',
  description:
    'Reads lines of one text file inside the folder, with the SHA-256 by which it is named when it is changed.',
  input: z.object({
    path: z.string().min(1).max(4096),
    from: z.number().int().min(1).default(1),
    count: z.number().int().min(1).max(10_000).default(2000),
  }),
  output: z.object({
    path: z.string(),
    total: z.number().int(),
    repaired: z.boolean(),
    /** Of the whole file; null where its bytes are not UTF-8 throughout, so that nobody changes it. */
    sha256: Sha256.nullable(),
    lines: z.array(Line),
  }),
  timeoutMs: 10_000,
  outputLimitBytes: 8 * 1024 * 1024,
  work: async ({ path, from, count }, { folder }) => {
    const { text, repaired } = await readText(await resolveFolder(folder), path);
    const all = linesOf(text);
    const lines = all
      .slice(from - 1, from - 1 + count)
      .map((quote, index) => ({ line: from + index, quote }));
    return {
      output: { path, total: all.length, repaired, sha256: repaired ? null : hashOf(text), lines },
      note: { code: 'file-read', data: { path, lines: lines.length } },
    };
  },
});
