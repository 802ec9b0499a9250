import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FaultError } from '@soma/schemas/event';
import {
  FILE_LIMIT,
  inParallel,
  linesOf,
  READ_LIMIT,
  type Reason,
  readText,
  type Walked,
  walk,
} from '../tool-folder/index.ts';
import type { OpenIndex } from './index-file.ts';
import { LINE_LIMIT, windowsOf } from './passages.ts';
import { wordsOf } from './words.ts';

/** Files changed this shortly, in milliseconds, before they were looked at may change again without their times telling. */
const DOUBT_MS = 2000;
/** Files, and bytes of them, that are read and indexed between two commits. */
const BATCH = 500;
const BATCH_BYTES = 16 * 1024 * 1024;

/** Place, size and times of a file or folder: while none of them changes, nor does what is in it. */
interface Mark {
  readonly ino: number;
  readonly size: number;
  /** In milliseconds. */
  readonly mtime: number;
  readonly ctime: number;
}

/** What is known of a file of the folder. `unread` says why it is not searched. */
export interface Known extends Mark {
  readonly id: number;
  readonly path: string;
  readonly hash: string;
  /** 1: it was so fresh when it was read that these prove nothing. */
  readonly doubtful: number;
  readonly lines: number;
  readonly long_lines: number;
  readonly unread: Reason | null;
}

/** The folder as it is now, all of it indexed. */
export interface Current {
  readonly walked: Walked;
  readonly files: ReadonlyMap<string, Known>;
  /** Files that were indexed or dropped by this look. */
  readonly changed: number;
}

interface Look {
  readonly signal: AbortSignal;
  readonly onIndexed: (done: number, total: number) => void;
}

interface Seen extends Mark {
  readonly doubtful: boolean;
}

/** A file to be read; `seen` is null when it is gone already. */
interface Stale {
  readonly path: string;
  readonly seen: Seen | null;
}

const NOTHING: Mark = { ino: 0, size: 0, mtime: 0, ctime: 0 };

/** Keeps an index of the folder `root` in step with it: every look compares each file's and folder's place, size and times. */
export class Upkeep {
  readonly #root: string;
  readonly #index: OpenIndex;
  readonly #known: Map<string, Known>;
  /** The last walk, and the marks of folders and ignore files it rests on; null when it cannot be relied on. */
  #walked: { readonly walked: Walked; readonly marks: ReadonlyMap<string, Mark> } | null = null;

  constructor(root: string, index: OpenIndex) {
    this.#root = root;
    this.#index = index;
    const rows = index.db.prepare<[], Known>('SELECT * FROM files').all();
    this.#known = new Map(rows.map((row) => [row.path, row]));
  }

  async look({ signal, onIndexed }: Look): Promise<Current> {
    const now = this.#index.now();
    const walked = await this.#walk(signal, now);
    const stale: Stale[] = [];
    let looked = 0;
    for (const path of walked.files) {
      if (++looked % 2000 === 0) await setImmediate();
      const seen = this.#see(path, now);
      const known = this.#known.get(path);
      if (known === undefined || seen === null || !isSame(known, seen) || known.doubtful === 1)
        stale.push({ path, seen });
    }
    signal.throwIfAborted();
    const gone = this.#gone(walked.files);
    this.#drop(gone);
    let changed = gone.length;
    let done = 0;
    for (const batch of batchesOf(stale)) {
      if (done > 0) onIndexed(done, stale.length);
      const read = await inParallel(batch, signal, async ({ path, seen }) => this.#read(path, seen));
      changed += this.#store(read);
      done += batch.length;
    }
    return { walked, files: this.#known, changed };
  }

  /** The walk of last time while no folder and no ignore file it saw has changed. */
  async #walk(signal: AbortSignal, now: number): Promise<Walked> {
    const last = this.#walked;
    if (last !== null && (await this.#holds(last.marks, now))) return last.walked;
    const walked = await walk(this.#root, { limit: FILE_LIMIT, signal });
    const marks = new Map<string, Mark>();
    let doubtful = walked.truncated;
    for (const path of walked.folders.flatMap((folder) => [folder, join(folder, '.gitignore')])) {
      const seen = this.#see(path, now);
      marks.set(path, seen ?? NOTHING);
      doubtful ||= seen?.doubtful === true;
    }
    this.#walked = doubtful ? null : { walked, marks };
    return walked;
  }

  async #holds(marks: ReadonlyMap<string, Mark>, now: number): Promise<boolean> {
    let looked = 0;
    for (const [path, mark] of marks) {
      if (++looked % 2000 === 0) await setImmediate();
      if (!isSame(this.#see(path, now) ?? NOTHING, mark)) return false;
    }
    return true;
  }

  #see(path: string, now: number): Seen | null {
    const stats = lstatSync(`${this.#root}${sep}${path}`, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    const { ino, size, mtimeMs: mtime, ctimeMs: ctime } = stats;
    return { ino, size, mtime, ctime, doubtful: Math.max(mtime, ctime) > now - DOUBT_MS };
  }

  #gone(files: readonly string[]): Known[] {
    const here = new Set(files);
    return [...this.#known.values()].filter(({ path }) => !here.has(path));
  }

  async #read(path: string, seen: Seen | null): Promise<Read> {
    const common = { path, mark: seen ?? NOTHING, doubtful: seen === null || seen.doubtful ? 1 : 0 };
    try {
      const { text } = await readText(this.#root, path, READ_LIMIT);
      if (text === '') return { ...common, hash: '', lines: [], unread: 'empty' };
      const hash = createHash('sha256').update(text).digest('base64');
      return {
        ...common,
        hash,
        lines: this.#known.get(path)?.hash === hash ? null : linesOf(text),
        unread: null,
      };
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      return { ...common, hash: '', lines: [], unread: reasonOf(error) };
    }
  }

  /** Stores what was read in one transaction; answers how many files were not as they were known. */
  #store(read: readonly Read[]): number {
    const { db } = this.#index;
    let changed = 0;
    const update = db.prepare(
      'UPDATE files SET ino = ?, size = ?, mtime = ?, ctime = ?, doubtful = ? WHERE id = ?',
    );
    const file = db.prepare(
      `INSERT INTO files (path, ino, size, mtime, ctime, hash, doubtful, lines, long_lines, unread)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const passage = db.prepare('INSERT INTO passages (file, first, last) VALUES (?, ?, ?)');
    const words = db.prepare('INSERT INTO words (rowid, path, head, body) VALUES (?, ?, ?, ?)');
    const stored = new Map<string, Known>();
    db.transaction(() => {
      for (const {
        path,
        mark: { ino, size, mtime, ctime },
        hash,
        doubtful,
        lines,
        unread,
      } of read) {
        const before = this.#known.get(path);
        if (
          before !== undefined &&
          (lines === null || (before.unread !== null && before.unread === unread))
        ) {
          update.run(ino, size, mtime, ctime, doubtful, before.id);
          stored.set(path, { ...before, ino, size, mtime, ctime, doubtful });
          continue;
        }
        changed += 1;
        if (before !== undefined) this.#forget(before.id);
        const long = (lines ?? []).filter((line) => line.length > LINE_LIMIT).length;
        const counted = { lines: lines?.length ?? 0, long_lines: long };
        const id = Number(
          file.run(path, ino, size, mtime, ctime, hash, doubtful, counted.lines, long, unread)
            .lastInsertRowid,
        );
        const pathWords = wordsOf(path)
          .map(({ stem }) => stem)
          .join(' ');
        for (const { from, to, head, body } of windowsOf(lines ?? [])) {
          const row = passage.run(id, from, to).lastInsertRowid;
          words.run(row, pathWords, head, body);
        }
        stored.set(path, { id, path, ino, size, mtime, ctime, hash, doubtful, ...counted, unread });
      }
    })();
    for (const [path, known] of stored) this.#known.set(path, known);
    return changed;
  }

  #drop(files: readonly Known[]): void {
    if (files.length === 0) return;
    this.#index.db.transaction(() => {
      for (const { id } of files) this.#forget(id);
    })();
    for (const { path } of files) this.#known.delete(path);
  }

  #forget(id: number): void {
    const { db } = this.#index;
    db.prepare('DELETE FROM words WHERE rowid IN (SELECT id FROM passages WHERE file = ?)').run(id);
    db.prepare('DELETE FROM passages WHERE file = ?').run(id);
    db.prepare('DELETE FROM files WHERE id = ?').run(id);
  }
}

/** A file as it was read; `lines` is null when its text is the one that is indexed. */
interface Read {
  readonly path: string;
  readonly mark: Mark;
  readonly hash: string;
  readonly doubtful: number;
  readonly lines: readonly string[] | null;
  readonly unread: Reason | null;
}

/** In order, so many at a time that their texts fit into memory together. */
function* batchesOf(stale: readonly Stale[]): Generator<readonly Stale[]> {
  let batch: Stale[] = [];
  let bytes = 0;
  for (const one of stale) {
    const size = Math.min(one.seen?.size ?? 0, READ_LIMIT);
    if (batch.length === BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function isSame(a: Mark, b: Mark): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtime === b.mtime && a.ctime === b.ctime;
}

function reasonOf({ fault }: FaultError): Reason {
  if (fault.code === 'FILE_BINARY') return 'binary';
  return fault.code === 'FILE_TOO_LARGE' ? 'too-large' : 'unreadable';
}
