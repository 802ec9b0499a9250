import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import { flushFile, isCode, makeDirectory, sizeOf } from '../data-folder/index.ts';
import type { BackedUpFile } from './manifest.ts';

const HASH = /[0-9a-f]{64}/g;
const CONTENT = /^content\/[0-9a-f]{32}\/[0-9a-f]{2}\/([0-9a-f]{64})$/;

export interface CopiedTexts {
  readonly files: readonly BackedUpFile[];
  /** Texts that are named and not kept, and such as are kept and not as they were written. */
  readonly missing: number;
  readonly damaged: number;
}

/** Copies every ordinary file below `names` of a data folder; a file that goes away meanwhile is left out. */
export function copyTrees(names: readonly string[], { from, to }: Ends): readonly BackedUpFile[] {
  return names
    .flatMap((name) => filesBelow(from, name))
    .flatMap((path) => copy(path, { from, to })?.file ?? []);
}

interface Ends {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies the stored texts that the copied ledger names, and those that these name. A hash counts as named wherever it stands, so nothing
 * that is asked for later is left out.
 */
export function copyTexts({ from, to }: Ends): CopiedTexts {
  const kept = new Map<string, string[]>();
  for (const path of filesBelow(from, 'content')) {
    const hash = CONTENT.exec(path)?.[1];
    if (hash !== undefined) kept.set(hash, [...(kept.get(hash) ?? []), path]);
  }
  const seen = new Set<string>();
  const files: BackedUpFile[] = [];
  let damaged = 0;
  const { named, contents } = namedIn(join(to, 'ledger.db'));
  for (const waiting = [...named]; waiting.length > 0; ) {
    const hash = waiting.pop() ?? '';
    if (seen.has(hash)) continue;
    seen.add(hash);
    for (const path of kept.get(hash) ?? []) {
      const done = copy(path, { from, to, expected: hash });
      if (done === null) continue;
      if (done.file === null) damaged += 1;
      else files.push(done.file);
      for (const [next] of done.text.matchAll(HASH)) if (kept.has(next)) waiting.push(next);
    }
  }
  return { files, damaged, missing: [...contents].filter((hash) => !kept.has(hash)).length };
}

/** Every hash in the events of a ledger, and those among them that are of texts stored outside it. */
function namedIn(ledger: string): { named: Set<string>; contents: Set<string> } {
  const named = new Set<string>();
  const contents = new Set<string>();
  if (sizeOf(ledger) === 0) return { named, contents };
  const db = new Database(ledger, { readonly: true });
  try {
    for (const payload of db.prepare<[], Buffer>('SELECT payload FROM events').pluck().iterate()) {
      const text = payload.toString('utf8');
      for (const [hash] of text.matchAll(HASH)) named.add(hash);
      if (text.includes('"mediaType"')) storedIn(JSON.parse(text), contents);
    }
    return { named, contents };
  } finally {
    db.close();
  }
}

function storedIn(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('hash' in value && 'mediaType' in value && !('inline' in value) && typeof value.hash === 'string')
    found.add(value.hash);
  for (const inner of Object.values(value)) storedIn(inner, found);
}

/** Paths of the ordinary files below a folder, or of the file itself, relative to `root`; pipes and links are passed over. */
export function filesBelow(root: string, name: string): string[] {
  const found = lstatSync(join(root, name), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [name];
  if (!found.isDirectory()) return [];
  return readdirSync(join(root, name))
    .sort()
    .flatMap((inner) => filesBelow(root, `${name}/${inner}`))
    .filter((path) => !path.endsWith('.part'));
}

/** Copies a file durably. Null when it is gone; its `file` is null when it is not what was `expected`, and then nothing was copied. */
function copy(
  path: string,
  { from, to, expected }: Ends & { readonly expected?: string },
): { readonly file: BackedUpFile | null; readonly text: string } | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(from, path));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (expected !== undefined && sha256 !== expected) return { file: null, text: '' };
  durably('backup.copy', () => writeSynced(join(to, path), bytes));
  return {
    file: { path, size: bytes.length, sha256 },
    text: expected === undefined ? '' : bytes.toString('utf8'),
  };
}

function writeSynced(path: string, bytes: Buffer): void {
  makeDirectory(dirname(path));
  writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
  flushFile(path);
}
