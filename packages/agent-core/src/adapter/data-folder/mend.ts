import { existsSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { durably, failpoint } from '../../failpoint/index.ts';
import { type Backup, backupsOf } from './backup.ts';
import {
  connect,
  type DatabaseFiles,
  type DatabaseOptions,
  type DatabaseSchema,
  filesAt,
  isDamage,
  runMigrations,
  sizeOf,
  versionOf,
} from './connection.ts';
import { copyWhole, dropFile, makeDirectory, removeWhole, settle, syncDirectory } from './durable-file.ts';
import { readMark } from './mark.ts';

/** What was done about a damaged database. */
export interface Mended {
  readonly database: string;
  /** Short code of what was found wrong. */
  readonly reason: string;
  /** Folder with the damaged files as they were found. */
  readonly quarantine: string;
  /** What is in use now: the database as far as it goes, because only its end is missing; a backup; or a new database. */
  readonly base: 'itself' | 'backup' | 'new';
  /** When the backup in use was made (RFC 3339); null when the base is none. */
  readonly backup: string | null;
  /** How many facts were taken over, beyond the base, from what could still be read. */
  readonly recovered: number;
  /** How many acknowledged facts are missing now; null when nobody can know. */
  readonly lost: number | null;
}

interface Base {
  readonly kind: Mended['base'];
  readonly backup: string | null;
  readonly head: number;
}

/**
 * Puts the best that is left in the place of a damaged database, whose files go into quarantine: the database itself if only its end
 * is missing, else the newest good backup, and then whatever can still be read. Killed at any moment, the next start finds
 * either the damaged database with its mark, and does this again, or the mended one.
 */
export function mend(options: DatabaseOptions, reason: string): Mended {
  const { folder, schema, clock, whenLost } = options;
  const files = filesAt(join(folder, `${schema.name}.db`));
  const mark = readMark(files.mark)?.head ?? null;
  const candidate = `${files.db}.mended`;
  const { base, recovered } = durably('database.salvage', () => {
    const base = chooseBase(options, files, candidate);
    failpoint('database.salvage.chosen');
    return { base, recovered: salvage(schema, { from: files.db, into: candidate, last: mark }) };
  });
  const { name: database } = schema;
  if (base.head + recovered === 0 && mark !== 0 && whenLost === 'refuse') {
    durably('database.salvage', () => clear(candidate));
    throw new FaultError('DATABASE_DAMAGED', { database, reason, path: files.db, lost: mark });
  }
  const quarantine = join(folder, 'quarantine', `${database}.${clock.now().replace(/[-:.]/g, '')}`);
  durably('database.quarantine', () => keepAside(files, quarantine));
  durably('database.restore', () => {
    // A log that belongs to the damaged file would be replayed into the mended one.
    dropFile(files.wal);
    dropFile(files.shm);
    syncDirectory(folder);
    settle(candidate, files.db);
    failpoint('database.restore.copied');
    removeWhole(files.mark);
  });
  const lost = mark === null ? null : Math.max(0, mark - base.head - recovered);
  return { database, reason, quarantine, base: base.kind, backup: base.backup, recovered, lost };
}

function keepAside(files: DatabaseFiles, quarantine: string): void {
  makeDirectory(quarantine);
  for (const file of [files.db, files.wal, files.mark]) {
    if (existsSync(file)) copyWhole(file, join(quarantine, basename(file)));
    failpoint('database.quarantine.copied');
  }
}

/** Leaves at `candidate` the whole database that goes furthest, or an empty one. */
function chooseBase({ folder, schema }: DatabaseOptions, files: DatabaseFiles, candidate: string): Base {
  const itself = takeOver(files, candidate, schema);
  const other = `${candidate}.backup`;
  for (const { path, version, time } of backupsOf(folder, schema.name)) {
    if (version > schema.migrations.length) continue;
    const head = takeOver(filesAt(path), other, schema);
    if (head === null) continue;
    if (itself !== null && itself >= head) break;
    renameSync(other, candidate);
    return { kind: 'backup', backup: time, head };
  }
  clear(other);
  if (itself !== null) return { kind: 'itself', backup: null, head: itself };
  clear(candidate);
  connectMigrated(candidate, schema).close();
  return { kind: 'new', backup: null, head: 0 };
}

/** Copies a database, with its log, to `path` and migrates it; answers its head, or null when not everything in it is as it was written. */
function takeOver(files: DatabaseFiles, path: string, schema: DatabaseSchema): number | null {
  clear(path);
  if (sizeOf(files.db) === 0) return null;
  copyWhole(files.db, path);
  if (existsSync(files.wal)) copyWhole(files.wal, filesAt(path).wal);
  return unlessDamaged(() => {
    const db = connectMigrated(path, schema);
    try {
      const whole = db.pragma('integrity_check(1)', { simple: true }) === 'ok' && schema.inspect(db) === null;
      return whole ? schema.head(db) : null;
    } finally {
      db.close();
    }
  });
}

/** A backup of an older version is proven by migrating a copy of it and looking at every row. Throws `DATABASE_DAMAGED`. */
export function proveBackup({ path }: Backup, schema: DatabaseSchema): void {
  // One name for all of them: what a kill leaves is cleared by the next.
  const proof = join(dirname(path), `${schema.name}.proof`);
  try {
    const head = durably('database.salvage', () => takeOver(filesAt(path), proof, schema));
    if (head === null)
      throw new FaultError('DATABASE_DAMAGED', { database: schema.name, path, reason: 'backup' });
  } finally {
    durably('database.salvage', () => clear(proof));
  }
}

/** Adds to the database at `into` what can still be read at `from`; answers how many facts. */
function salvage(
  schema: DatabaseSchema,
  { from, into, last }: { from: string; into: string; last: number | null },
): number {
  if (schema.salvage === undefined || sizeOf(from) === 0) return 0;
  const taken = unlessDamaged(() => {
    const source = new Database(from, { readonly: true });
    const target = connect(into);
    try {
      // Lets SQLite read a file that is shorter than its head says.
      source.unsafeMode(true).pragma('writable_schema = ON');
      return target.transaction(() => schema.salvage?.(source, target, last) ?? 0).immediate();
    } finally {
      target.close();
      source.close();
    }
  });
  return taken ?? 0;
}

function connectMigrated(path: string, schema: DatabaseSchema): Database.Database {
  const db = connect(path);
  try {
    if (versionOf(db) < schema.migrations.length) runMigrations(db, schema);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function unlessDamaged<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

function clear(path: string): void {
  const { db, wal, shm } = filesAt(path);
  for (const file of [db, wal, shm]) dropFile(file);
}
