import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
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
  versionOf,
} from './connection.ts';
import { copyWhole, makeDirectory, removeWhole, settle, syncDirectory } from './durable-file.ts';
import { readMark } from './mark.ts';

/** What was done about a damaged database. */
export interface Mended {
  readonly database: string;
  /** Short code of what was found wrong. */
  readonly reason: string;
  /** Folder with the damaged files as they were found. */
  readonly quarantine: string;
  /** When the backup that is now in use was made (RFC 3339); null when none was good and the database began anew. */
  readonly backup: string | null;
  /** How many acknowledged facts are missing now; null when nobody can know. */
  readonly lost: number | null;
}

/**
 * Puts the newest good backup in the place of a damaged database, whose files go into quarantine. Killed at any moment, the next start
 * finds either the damaged database with its mark, and does this again, or the restored one.
 */
export function mend(options: DatabaseOptions, reason: string): Mended {
  const { folder, schema, clock, whenLost } = options;
  const files = filesAt(join(folder, `${schema.name}.db`));
  const mark = readMark(files.mark);
  const candidate = `${files.db}.restored`;
  const found = newestGood(options, candidate);
  if (found === null && whenLost === 'refuse') {
    throw new FaultError('DATABASE_DAMAGED', { database: schema.name, reason, path: files.db, lost: mark });
  }
  const time = clock.now();
  const quarantine = join(folder, 'quarantine', `${schema.name}.${time.replace(/[-:.]/g, '')}`);
  durably('database.quarantine', () => keepAside(files, quarantine));
  durably('database.restore', () => {
    // A log that belongs to the damaged file would be replayed into the restored one.
    rmSync(files.wal, { force: true });
    rmSync(files.shm, { force: true });
    syncDirectory(folder);
    if (found === null) removeWhole(files.db);
    else settle(candidate, files.db);
    failpoint('database.restore.copied');
    removeWhole(files.mark);
  });
  const head = found?.head ?? 0;
  const lost = mark === null ? null : Math.max(0, mark - head);
  return { database: schema.name, reason, quarantine, backup: found?.backup.time ?? null, lost };
}

function keepAside(files: DatabaseFiles, quarantine: string): void {
  makeDirectory(quarantine);
  for (const file of [files.db, files.wal, files.mark]) {
    if (existsSync(file)) copyWhole(file, join(quarantine, basename(file)));
    failpoint('database.quarantine.copied');
  }
}

/** Copies backups to `candidate`, newest first, until one is whole, and answers that one with its head. */
function newestGood(
  { folder, schema }: DatabaseOptions,
  candidate: string,
): { readonly backup: Backup; readonly head: number } | null {
  for (const backup of backupsOf(folder, schema.name)) {
    if (backup.version > schema.migrations.length) continue;
    copyWhole(backup.path, candidate);
    const head = headOfWhole(candidate, schema);
    if (head !== null) return { backup, head };
  }
  rmSync(candidate, { force: true });
  return null;
}

/** The head of a database in which everything is as it was written, migrated on the way; null when it is not. */
function headOfWhole(path: string, schema: DatabaseSchema): number | null {
  const { wal, shm } = filesAt(path);
  for (const file of [wal, shm]) rmSync(file, { force: true });
  try {
    const db = connect(path);
    try {
      if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') return null;
      if (versionOf(db) < schema.migrations.length) runMigrations(db, schema);
      return schema.inspect(db) === null ? schema.head(db) : null;
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
