import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { IndexState } from './message.ts';

/** Raised whenever the tables or what stands in them change: an index of another version is built anew. */
const VERSION = 2;
/** Folders whose index is kept; the one asked about longest ago goes first. */
const KEPT = 32;
/** The end of the name of an empty file, written whenever the index is used. */
const TOUCHED = '-used';

/**
 * `words` holds stems only, no text: what is quoted is read from the files. `vectors` holds, by the hash of a text and of the weights that
 * made them, 32-bit floats in the machine's own order.
 */
const SCHEMA = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    ino INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime REAL NOT NULL,
    ctime REAL NOT NULL,
    hash TEXT NOT NULL,
    doubtful INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    long_lines INTEGER NOT NULL,
    unread TEXT
  ) STRICT;
  CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX passages_by_file ON passages (file);
  CREATE VIRTUAL TABLE words USING fts5 (
    path, head, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
  );
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
  CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    weights TEXT NOT NULL,
    text TEXT NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (weights, text)
  ) STRICT;
`;

/** An open index, and whether it was there. */
export interface OpenIndex {
  readonly db: Database.Database;
  readonly state: IndexState;
  /** What the disk's own clock says now, in milliseconds: times of files are compared with it. */
  now(): number;
  /** Whether its file is still there: anybody may delete it. */
  isThere(): boolean;
}

interface Place {
  /** Absolute path of the folder of indexes. */
  readonly folder: string;
  readonly name: string;
  /** Whether its content turned out to be damaged, so that it must not be used. */
  readonly damaged: boolean;
}

/**
 * Opens an index; it and its folder are made when missing. It is a cache: one that is damaged or of another version is deleted and
 * begun anew. Nothing in it is promised to outlive a crash.
 */
export function openIndex({ folder, name, damaged }: Place): OpenIndex {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.db`);
  const common = { now: () => touch(path), isThere: () => existsSync(path) };
  const kept = !existsSync(path) ? 'first' : damaged ? 'damaged' : openKept(path);
  if (typeof kept !== 'string') return { db: kept, state: 'kept', ...common };
  remove(path);
  prune(folder);
  const db = connect(path);
  db.exec(SCHEMA);
  db.pragma(`user_version = ${VERSION}`);
  return { db, state: kept, ...common };
}

/** The index at `path`, or why it cannot be used. */
function openKept(path: string): Database.Database | 'damaged' | 'older' {
  let db: Database.Database | null = null;
  try {
    db = connect(path);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version === VERSION) {
      db.prepare('SELECT count(*) FROM files').get();
      db.prepare("SELECT rowid FROM words WHERE words MATCH 'a' LIMIT 1").get();
      return db;
    }
    db.close();
    return version === 0 ? 'damaged' : 'older';
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError) return 'damaged';
    throw error;
  }
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -16384');
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function touch(path: string): number {
  writeFileSync(`${path}${TOUCHED}`, '');
  return statSync(`${path}${TOUCHED}`).mtimeMs;
}

/** Deletes the index at `path` with what belongs to it. */
function remove(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal', TOUCHED])
    rmSync(`${path}${end}`, { force: true, recursive: true });
}

function prune(folder: string): void {
  const indexes = readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, used: statSync(`${path}${TOUCHED}`, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.used - a.used);
  for (const { path } of indexes.slice(KEPT - 1)) remove(path);
}
