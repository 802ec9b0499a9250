import { existsSync, statSync } from 'node:fs';
import { FaultError } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { failpoint } from '../../failpoint/index.ts';
import type { Clock } from '../../port/index.ts';
import { readMark } from './mark.ts';

/**
 * The SQL between two versions. `down` takes back what `up` made and leaves what the older version knows as that version would have it;
 * it is null where nothing is older.
 */
export interface Migration {
  readonly up: string;
  readonly down: string | null;
}

/** What a database of the data folder must tell about itself. */
export interface DatabaseSchema {
  /** Name of the file without `.db`. */
  readonly name: string;
  /** One entry a version, in order; the database's version is the number of those it has run. */
  readonly migrations: readonly Migration[];
  /** Number of the newest fact; it only grows. */
  head(db: Database.Database): number;
  /** The first thing wrong in the rows, as a short code; null when every row is as it was written. */
  inspect(db: Database.Database): string | null;
  /**
   * Takes over, from a damaged database, what is whole there and follows what `into` has; answers how many facts. `last` is the
   * number of the newest fact there ever was, null when nobody knows. Reading `from` may throw anywhere.
   */
  salvage?(from: Database.Database, into: Database.Database, last: number | null): number;
  /** What the rows say, counted and summed up. Throws what SQLite throws. */
  measure(db: Database.Database): Measure;
  /** Makes again, from the facts, what is only derived of them. */
  derive?(db: Database.Database): void;
}

/** What a database holds: how many of each thing, and one SHA-256 in hex over all of it, the same for the same facts. */
export interface Measure {
  readonly counts: Readonly<Record<string, number>>;
  readonly digest: string;
}

/** Which database to open, and how. */
export interface DatabaseOptions {
  /** Absolute path of the data folder, which exists. */
  readonly folder: string;
  readonly schema: DatabaseSchema;
  readonly clock: Clock;
  /** How the last owner of the folder left. */
  readonly exit: 'clean' | 'unclean';
  /** What to do when the database is damaged and nothing in it or its backups is good: throw, or keep it aside and begin with an empty one. */
  readonly whenLost: 'refuse' | 'begin-anew';
}

/** Paths of one database and what lies beside it. */
export interface DatabaseFiles {
  readonly db: string;
  readonly wal: string;
  readonly shm: string;
  readonly mark: string;
}

export function filesAt(db: string): DatabaseFiles {
  return { db, wal: `${db}-wal`, shm: `${db}-shm`, mark: db.replace(/(\.db)?$/, '.mark') };
}

/** A connection that is on disk before a commit returns. */
export function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // Only macOS knows the difference: there an ordinary fsync stays in the drive's cache.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('journal_size_limit = 67108864');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The number of migrations the database has run. */
export function versionOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Runs the migrations that are missing, all in one transaction. */
export function runMigrations(db: Database.Database, schema: DatabaseSchema): void {
  db.transaction(() => {
    for (const { up } of schema.migrations.slice(versionOf(db))) db.exec(up);
    failpoint('database.migrate.applied');
    db.pragma(`user_version = ${schema.migrations.length}`);
  }).immediate();
}

/** Takes back the migrations above a version, newest first, all in one transaction. */
export function takeMigrationsBack(db: Database.Database, schema: DatabaseSchema, version: number): void {
  db.transaction(() => {
    for (const { down } of schema.migrations.slice(version, versionOf(db)).reverse()) {
      if (down === null) throw new FaultError('INVALID_INPUT', { path: 'version', problem: 'too_small' });
      db.exec(down);
    }
    failpoint('database.migrate.applied');
    db.pragma(`user_version = ${version}`);
  }).immediate();
}

/** Size of the file in bytes, 0 when it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * How closely to look: `head`, what opening reads and whether the database is behind its mark; `pages`, also every page and index
 * (about 1 ms a megabyte); `rows`, also every row against its checksum and chain (about 10 ms a megabyte).
 */
export type Depth = 'head' | 'pages' | 'rows';

/** Looks at a database without changing it or its write-ahead log. Answers a short code of what is wrong, or null. */
export function examine(path: string, schema: DatabaseSchema, asked: Depth): string | null {
  const mark = readMark(filesAt(path).mark);
  const depth = mark?.doubted === true ? 'rows' : asked;
  const known = mark?.head ?? 0;
  if (sizeOf(path) === 0) return known > 0 ? 'missing' : null;
  // A journal of before the write-ahead log was switched on: only who may write can roll it back.
  const readonly = !existsSync(`${path}-journal`);
  const db = new Database(path, { readonly, fileMustExist: true, timeout: 5000 });
  try {
    const version = versionOf(db);
    if (version < 0) return 'version';
    if (version > schema.migrations.length) return null;
    if (depth !== 'head' && db.pragma('integrity_check(1)', { simple: true }) !== 'ok') return 'integrity';
    // Rows of an older version are looked at after they have been migrated.
    if (version < schema.migrations.length) return version === 0 && known > 0 ? 'missing' : null;
    if (schema.head(db) < known) return 'behind';
    return depth === 'rows' ? schema.inspect(db) : null;
  } catch (error) {
    if (isDamage(error)) return error.code;
    throw error;
  } finally {
    db.close();
  }
}

/** Whether SQLite could not make sense of the file. A plain `SQLITE_ERROR` is one too: all statements here are known to be right. */
export function isDamage(error: unknown): error is InstanceType<typeof Database.SqliteError> {
  return (
    error instanceof Database.SqliteError &&
    /^SQLITE_(CORRUPT|NOTADB|ERROR|IOERR_SHORT_READ)/.test(error.code)
  );
}
