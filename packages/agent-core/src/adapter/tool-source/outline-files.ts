import { z } from 'zod';
import type { Tool } from '../../port/index.ts';
import { readingTool } from '../tool-folder/index.ts';
import { resolveEntry } from './resolve.ts';
import type { createStudies, StudiedFile } from './study.ts';

const Outline = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      symbols: z.array(
        z.object({ name: z.string(), line: z.number().int(), quote: z.string(), public: z.boolean() }),
      ),
    }),
  ),
  symbols: z.number().int(),
  parsed: z.number().int(),
  unread: z.number().int(),
});

export function outlineFiles(study: ReturnType<typeof createStudies>): Tool {
  return readingTool({
    name: 'outline_files',
    description:
      'Lists the public symbols that source files define, each with its line: of the files named, in that order, or of those with most of them. Files of tests come last. A path may be an entry as manifests write it.',
    input: z.object({
      paths: z.array(z.string().max(4096)).max(500).default([]),
      files: z.number().int().min(1).max(500).default(40),
      each: z.number().int().min(1).max(200).default(20),
    }),
    output: Outline,
    timeoutMs: 120_000,
    outputLimitBytes: 8 * 1024 * 1024,
    work: async ({ paths, files, each }, context) => {
      const studied = await study(context);
      const byPath = new Map(studied.files.map((file) => [file.path, file]));
      const named = [...new Set(paths.map((path) => resolveEntry(path, studied.index) ?? path))];
      const count = (file: StudiedFile) => file.symbols.filter((symbol) => symbol.public).length;
      const most = [...studied.files].sort((a, b) => count(b) - count(a) || (a.path < b.path ? -1 : 1));
      const wanted = paths.length > 0 ? named.flatMap((path) => byPath.get(path) ?? []) : most;
      const outlined = wanted.filter((file) => file.symbols.length > 0);
      const chosen = [
        ...outlined.filter((file) => !isTest(file.path)),
        ...outlined.filter((file) => isTest(file.path)),
      ].slice(0, files);
      const output = {
        files: chosen.map(({ path, symbols }) => ({ path, symbols: publicFirst(symbols).slice(0, each) })),
        symbols: studied.files.reduce((sum, file) => sum + count(file), 0),
        parsed: studied.files.length,
        unread: studied.unread,
      };
      return {
        output,
        note: { code: 'symbols-found', data: { count: output.symbols, files: output.parsed } },
      };
    },
  });
}

/** Files that are about other files: tests, examples and benchmarks. */
function isTest(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|examples?|bench(?:marks?)?|testdata)\/|(?:^|\/)(?:test_|conftest\.)|[._-](?:test|spec|bench)\.[^/]*$|(?:^|\/)test\.[^/]*$/i.test(
    path,
  );
}

/** Public ones in the order they stand; a file with none shows what it has, such as `main`. */
function publicFirst<Found extends { readonly public: boolean }>(
  symbols: readonly Found[],
): readonly Found[] {
  const shown = symbols.filter((symbol) => symbol.public);
  return shown.length > 0 ? shown : symbols;
}
