import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import {
  FILE_LIMIT,
  inParallel,
  languageOf,
  linesOf,
  readingTool,
  readText,
  resolveFolder,
  walk,
} from '../tool-folder/index.ts';
import { checkCommands } from './check-commands.ts';
import { Fact, QUOTE_LIMIT } from './fact.ts';
import { manifestFacts, manifestOf, manifestRank } from './manifest.ts';
import { headingFacts, isReadme, readmeFacts } from './readme.ts';

/** Manifests and READMEs that are read, nearest to the folder first. */
const SOURCE_LIMIT = 60;
/** Documents whose headings are read when a folder has little else. */
const DOCUMENT_LIMIT = 40;
const HEADINGS_EACH = 3;
/** Largest manifest, README or document, in bytes, that is read for what it states. */
const SIZE_LIMIT = 512 * 1024;

const Facts = z.object({
  facts: z.array(Fact),
  /** The facts of the manifests and READMEs that lie nearest to the folder's top. */
  top: z.array(Fact),
  headings: z.array(Fact),
  /** Those with a command that tests, checks or builds what lies at the folder's own top, the most telling first. */
  checks: z.array(Fact),
  sources: z.array(z.string()),
});

export const findFacts = readingTool({
  name: 'find_facts',
  description:
    'Reads what manifests and READMEs state: name, version, licence, entry points, dependencies, commands; and headings of documents.',
  input: z.object({}),
  output: Facts,
  timeoutMs: 30_000,
  outputLimitBytes: 8 * 1024 * 1024,
  work: async (_input, { folder, signal }) => {
    const root = await resolveFolder(folder);
    const { files } = await walk(root, { limit: FILE_LIMIT, signal });
    const stating = files.filter((path) => manifestOf(nameOf(path)) !== undefined || isReadme(nameOf(path)));
    const sources = nearest(stating, rankOf).slice(0, SOURCE_LIMIT);
    const facts = (await inParallel(sources, signal, (path) => factsOf(root, path))).flat();
    const least = Math.min(...sources.map(depthOf));
    const documents = nearest(
      files.filter(
        (path) =>
          ['Markdown', 'reStructuredText', 'AsciiDoc', 'Text'].includes(languageOf(path) ?? '') &&
          !isReadme(nameOf(path)),
      ),
    );
    const headings = (
      await inParallel(documents.slice(0, DOCUMENT_LIMIT), signal, (path) => headingsOf(root, path))
    ).flat();
    const top = facts.filter((fact) => depthOf(fact.path) === least);
    return {
      output: { facts, top, headings, checks: checkCommands(facts), sources },
      note: { code: 'facts-found', data: { count: facts.length, files: sources.length } },
    };
  },
});

async function factsOf(root: string, path: string): Promise<readonly Fact[]> {
  const lines = await linesAt(root, path);
  const manifest = manifestOf(nameOf(path));
  if (manifest === undefined) return readmeFacts(path, quotable(lines));
  return manifestFacts(manifest, path, manifest.format === 'json' ? lines : quotable(lines));
}

async function headingsOf(root: string, path: string): Promise<readonly Fact[]> {
  return headingFacts(path, quotable(await linesAt(root, path)), HEADINGS_EACH);
}

/** A line that is too long to be quoted states nothing, and is not searched. */
function quotable(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line.length > QUOTE_LIMIT ? '' : line));
}

/** A file that cannot be read as text states nothing here; the listing says why it was not read. */
async function linesAt(root: string, path: string): Promise<readonly string[]> {
  try {
    const { text } = await readText(root, path, SIZE_LIMIT);
    return linesOf(text);
  } catch (error) {
    if (error instanceof FaultError) return [];
    throw error;
  }
}

/** Nearest to the folder's top first; of equally near ones those of the lower rank. */
function nearest(paths: readonly string[], rank: (path: string) => number = () => 0): string[] {
  return [...paths].sort((a, b) => depthOf(a) - depthOf(b) || rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** READMEs before manifests, and manifests in the order of their table. */
function rankOf(path: string): number {
  return isReadme(nameOf(path)) ? -1 : manifestRank(nameOf(path));
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
