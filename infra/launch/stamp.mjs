// What was prepared, and from which inputs: a stamp is the hash of everything that went in, written after the work is done.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const skipped = new Set(['node_modules', 'out', 'dist', 'coverage', '.cache']);

/**
 * The hash of files and folders by path and content: the same wherever the clone lies and whenever it was made.
 * @param {string} root
 * @param {readonly string[]} inputs paths below `root`; a missing one counts as missing
 * @param {(path: string) => boolean} [counts] which files of a folder count, by their path below `root`, with `/`
 */
export function hashOf(root, inputs, counts = () => true) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const name = relative(root, path).split(sep).join('/');
    const bytes = readFileSync(path);
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  };
  /** @param {string} folder */
  const walk = (folder) => {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path);
      } else if (entry.isFile() && counts(relative(root, path).split(sep).join('/'))) add(path);
    }
  };
  for (const input of inputs) {
    const path = join(root, input);
    if (!existsSync(path)) hash.update(`${input}\0missing\0`);
    else if (statSync(path).isDirectory()) walk(path);
    else add(path);
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {Record<string, string>} what was written there; empty when nothing or nothing whole was
 */
export function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * @param {string} path
 * @param {Record<string, string>} stamp
 */
export function writeStamp(path, stamp) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, `${JSON.stringify(stamp)}\n`);
  renameSync(`${path}.part`, path);
}

/**
 * Does `work` unless its stamp says it was done from these inputs; a killed work leaves no stamp.
 * @param {string} path
 * @param {Record<string, string>} wanted
 * @param {() => Promise<void>} work
 */
export async function unlessDone(path, wanted, work) {
  const found = readStamp(path);
  if (Object.entries(wanted).every(([name, value]) => found[name] === value)) return;
  rmSync(path, { force: true });
  await work();
  writeStamp(path, wanted);
}
