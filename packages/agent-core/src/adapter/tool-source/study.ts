import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import type { ToolContext } from '../../port/index.ts';
import { FILE_LIMIT, inParallel, linesOf, readText, resolveFolder, walk } from '../tool-folder/index.ts';
import { OUTLINED } from './analyse.ts';
import type { Analysis } from './message.ts';
import type { Analyser } from './pool.ts';
import { extensionOf, type FileIndex, indexFiles, type OwnPackage } from './resolve.ts';

/** Largest source file, in bytes, that is parsed. */
const SOURCE_LIMIT = 512 * 1024;
/** How long, in milliseconds, the analysis of a folder's files is kept after the last call for it. */
const KEPT_MS = 20_000;

/** One source file: what it defines and imports, each with the line it stands on. */
export interface StudiedFile {
  readonly path: string;
  readonly symbols: readonly { name: string; line: number; quote: string; public: boolean }[];
  readonly imports: readonly { specifier: string; line: number; quote: string }[];
}

export interface Study {
  readonly files: readonly StudiedFile[];
  readonly index: FileIndex;
  /** Source files that could not be read or parsed. */
  readonly unread: number;
}

/** What is known of one folder's files by their paths, while anybody asks and a little longer. */
interface Kept {
  readonly files: Map<string, { readonly version: string; readonly studied: Promise<StudiedFile | null> }>;
  asking: number;
}

/** What is known of folders. Of those nobody asks about only the last one is kept, for a while: each may hold thousands of files. */
function createShelf() {
  const folders = new Map<string, Kept>();
  let forgetting: NodeJS.Timeout | undefined;

  function forget(): void {
    for (const [root, { asking }] of folders) if (asking === 0) folders.delete(root);
  }

  return {
    take: (root: string): Kept => {
      const kept = folders.get(root) ?? { files: new Map(), asking: 0 };
      forget();
      folders.set(root, kept);
      kept.asking += 1;
      return kept;
    },
    giveBack: (kept: Kept): void => {
      kept.asking -= 1;
      clearTimeout(forgetting);
      forgetting = setTimeout(forget, KEPT_MS).unref();
    },
  };
}

/** Reads and parses the source files of a folder, each once while it does not change, also when several ask at once. */
export function createStudies(analyser: Analyser) {
  const shelf = createShelf();

  async function file({ files }: Kept, root: string, path: string): Promise<StudiedFile | null> {
    const stats = await stat(join(root, path)).catch(() => null);
    if (stats === null) return null;
    const version = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
    const known = files.get(path);
    if (known?.version === version) return known.studied;
    const studied = study(root, path);
    files.set(path, { version, studied });
    const found = await studied;
    if (found === null) files.delete(path);
    return found;
  }

  async function study(root: string, path: string): Promise<StudiedFile | null> {
    try {
      const { text } = await readText(root, path, SOURCE_LIMIT);
      const analysis = await analyser.analyse(extensionOf(path), text);
      return analysis === null ? null : quoted(path, text, analysis);
    } catch (error) {
      if (error instanceof FaultError || (error instanceof Error && 'code' in error)) return null;
      throw error;
    }
  }

  return async ({
    folder,
    signal,
    progress,
  }: Pick<ToolContext, 'folder' | 'signal' | 'progress'>): Promise<Study> => {
    const root = await resolveFolder(folder);
    const kept = shelf.take(root);
    try {
      return await studyAll(kept, root, { signal, progress });
    } finally {
      shelf.giveBack(kept);
    }
  };

  async function studyAll(
    kept: Kept,
    root: string,
    { signal, progress }: Pick<ToolContext, 'signal' | 'progress'>,
  ): Promise<Study> {
    const { files } = await walk(root, { limit: FILE_LIMIT, signal });
    const sources = files.filter((path) => OUTLINED.has(extensionOf(path)));
    let done = 0;
    const studied = await inParallel(sources, signal, async (path) => {
      const found = await file(kept, root, path);
      done += 1;
      if (done % 200 === 0)
        progress({ note: { code: 'files-parsed', data: { count: done } }, done, total: sources.length });
      return found;
    });
    const read = studied.filter((one) => one !== null);
    return { files: read, index: await indexOf(root, files), unread: studied.length - read.length };
  }
}

function quoted(path: string, text: string, analysis: Analysis): StudiedFile {
  const lines = linesOf(text);
  const withQuote = <Found extends { readonly line: number }>(found: readonly Found[]) =>
    found.flatMap((one) => {
      const quote = lines[one.line - 1];
      return quote === undefined || quote.length > 2000 ? [] : [{ ...one, quote: copyOf(quote) }];
    });
  return { path, symbols: withQuote(analysis.symbols), imports: withQuote(analysis.imports) };
}

/** A string of its own: a part of a text keeps the whole text in memory. */
function copyOf(part: string): string {
  return Buffer.from(part).toString();
}

const Manifest = z.object({
  name: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  exports: z.json().optional(),
});

async function indexOf(root: string, files: readonly string[]): Promise<FileIndex> {
  const entries = new Map<string, string>();
  const packages = new Map<string, OwnPackage>();
  const goModules = new Map<string, string>();
  for (const path of files) {
    const name = posix.basename(path);
    if (name !== 'package.json' && name !== 'go.mod') continue;
    const text = await readText(root, path).then(
      (read) => read.text,
      () => '',
    );
    const folder = posix.dirname(path);
    const module = name === 'go.mod' ? /^module\s+"?([^\s"]+)/m.exec(text)?.[1] : undefined;
    if (module !== undefined) goModules.set(folder === '.' ? '' : folder, module);
    const manifest = name === 'package.json' ? manifestOf(text) : null;
    if (manifest === null) continue;
    const main = manifest.main ?? manifest.module;
    if (main !== undefined) entries.set(folder, posix.join(folder, main));
    if (manifest.name !== undefined)
      packages.set(manifest.name, { folder, exports: manifest.exports ?? null });
  }
  return indexFiles(files, { entries, packages, goModules });
}

function manifestOf(text: string): z.infer<typeof Manifest> | null {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
