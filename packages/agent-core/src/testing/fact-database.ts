import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import {
  type DatabaseOptions,
  type DatabaseSchema,
  type Migration,
  type OpenDatabase,
  openDatabase,
} from '../adapter/data-folder/index.ts';
import { sha256 } from '../adapter/sqlite-ledger/row.ts';
import { ControllableClock } from './controllable-clock.ts';
import { temporaryFolder } from './local-store.ts';

// A folder with a small database for each test of the file that imports this.

export const first =
  'CREATE TABLE facts (n INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK (length(text) < 100)) STRICT';
export const second = "ALTER TABLE facts ADD COLUMN kind TEXT NOT NULL DEFAULT 'plain'";

/** A small database with numbered facts; a fact is damaged when it does not say its own number. */
export function schemaOf(...ups: (string | Migration)[]): DatabaseSchema {
  return {
    name: 'facts',
    migrations: ups.map((up) => (typeof up === 'string' ? { up, down: null } : up)),
    head: (db) => Number(db.prepare('SELECT coalesce(max(n), 0) FROM facts').pluck().get()),
    inspect: (db) =>
      db.prepare("SELECT 1 FROM facts WHERE text <> 'fact ' || n").get() === undefined ? null : 'fact',
    measure: (db) => {
      const rows = db.prepare('SELECT n, text FROM facts ORDER BY n').all();
      return { counts: { facts: rows.length }, digest: sha256(JSON.stringify(rows)).toString('hex') };
    },
  };
}

export let folder: string;
let remove: () => void;
export let clock: ControllableClock;
beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
  clock = new ControllableClock('2026-11-21T10:00:00.000Z');
});
afterEach(() => remove());

export function open(change: Partial<DatabaseOptions> = {}): Promise<OpenDatabase> {
  return openDatabase({
    folder,
    schema: schemaOf(first),
    clock,
    exit: 'unclean',
    whenLost: 'refuse',
    ...change,
  });
}

/** Adds facts as an adapter does: first the commit, then the mark. */
export function add(file: OpenDatabase, count: number): void {
  for (let n = 0; n < count; n++) {
    const { lastInsertRowid } = file.db
      .prepare("INSERT INTO facts (text) SELECT 'fact ' || (coalesce(max(n), 0) + 1) FROM facts")
      .run();
    file.mark(Number(lastInsertRowid));
  }
}

export function count({ db }: OpenDatabase): number {
  return Number(db.prepare('SELECT count(*) FROM facts').pluck().get());
}

export const path = (name = 'facts.db') => join(folder, name);

/** Swaps one fact's text in the closed file for another of the same length. */
export function falsify(text: string): void {
  const bytes = readFileSync(path());
  bytes.write(text.replace('fact', 'fuct'), bytes.indexOf(text));
  writeFileSync(path(), bytes);
}

/** From now on the database of this test lies in another folder. */
export function moveTo(other: string): void {
  folder = other;
}
