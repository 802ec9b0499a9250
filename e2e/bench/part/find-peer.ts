import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, environment, root } from '../../../infra/launch/place.mjs';
import { hashOf, unlessDone } from '../../../infra/launch/stamp.mjs';
import type { Quote } from './find-questions.ts';

const SOURCE = join('e2e', 'bench', 'peer-search');
const PLACE = join(cache, 'search-peer');
/** Lines of a passage, and the largest file that is read, in bytes. */
const WINDOW = 24;
const LARGEST = 2 * 1024 * 1024;

/** What somebody would write who searches a folder without this product. */
export interface Peer {
  readonly name: string;
  /** Gets ready to answer about a folder; the answer gives three quotes. */
  open(folder: string): Promise<(question: string) => Promise<readonly Quote[]>>;
}

interface Engine {
  addAll(documents: readonly object[]): void;
  search(query: string, options: object): readonly { id: number }[];
}

/** MiniSearch over passages of 24 lines, as its guide suggests: prefix and fuzzy, path boosted. */
export async function miniSearchPeer(): Promise<Peer> {
  await unlessDone(join(cache, 'search-peer.json'), { sources: hashOf(root, [SOURCE]) }, async () => {
    await rm(PLACE, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await cp(join(root, SOURCE), PLACE, { recursive: true });
    await npm('ci', '--no-audit', '--no-fund');
  });
  const entry = pathToFileURL(join(PLACE, 'node_modules', 'minisearch', 'dist', 'es', 'index.js')).href;
  const { default: MiniSearch } = (await import(entry)) as { default: new (options: object) => Engine };
  return {
    name: 'minisearch',
    open: async (folder) => {
      const engine = new MiniSearch({ fields: ['path', 'text'] });
      const passages: { path: string; from: number; lines: readonly string[] }[] = [];
      for (const path of await filesOf(folder)) {
        const lines = await linesOf(folder, path);
        for (let from = 0; from < lines.length; from += WINDOW)
          passages.push({ path, from, lines: lines.slice(from, from + WINDOW) });
      }
      engine.addAll(passages.map(({ path, lines }, id) => ({ id, path, text: lines.join('\n') })));
      return async (question) => {
        const words = wordsOf(question);
        const found = engine.search(question, { prefix: true, fuzzy: 0.1, boost: { path: 2 } }).slice(0, 3);
        return found.flatMap(({ id }) => {
          const passage = passages[id];
          if (passage === undefined) return [];
          const counts = passage.lines.map((line) => matchesOf(words, line));
          return [{ path: passage.path, line: passage.from + 1 + counts.indexOf(Math.max(...counts)) }];
        });
      };
    },
  };
}

/** Reads every file for every question and takes the lines around which most of its words stand. */
export const plainReading: Peer = {
  name: 'plain reading',
  open: async (folder) => async (question) => {
    const words = wordsOf(question);
    const best: (Quote & { count: number })[] = [];
    for (const path of await filesOf(folder)) {
      const counts = (await linesOf(folder, path)).map((line) => matchesOf(words, line));
      for (const [index, own] of counts.entries()) {
        if (own === 0) continue;
        const count = own * 2 + (counts[index - 1] ?? 0) + (counts[index + 1] ?? 0);
        if (best.length === 3 && count <= (best[2]?.count ?? 0)) continue;
        best.push({ path, line: index + 1, count });
        best.sort((a, b) => b.count - a.count);
        best.length = Math.min(3, best.length);
      }
    }
    return best;
  },
};

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function linesOf(folder: string, path: string): Promise<string[]> {
  const bytes = await readFile(join(folder, path));
  if (bytes.length > LARGEST || bytes.subarray(0, 8192).includes(0)) return [];
  return bytes.toString('utf8').split('\n');
}

function wordsOf(question: string): readonly string[] {
  return (question.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).filter((word) => !EMPTY.has(word));
}

const EMPTY = new Set([
  'where',
  'what',
  'which',
  'how',
  'the',
  'and',
  'does',
  'are',
  'is',
  'wie',
  'der',
  'die',
  'das',
  'ich',
]);

function matchesOf(words: readonly string[], line: string): number {
  const text = line.toLowerCase();
  return words.filter((word) => text.includes(word)).length;
}

/** What npm says goes to stderr: stdout is the bench's answer. */
function npm(...args: string[]): Promise<void> {
  const child = spawn('npm', args, {
    cwd: PLACE,
    env: environment({ npm_config_loglevel: 'error' }),
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} in ${SOURCE} ended with ${code}`)),
    );
  });
}
