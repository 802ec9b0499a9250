import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackupCounts } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import type { Clock } from '../../port/index.ts';
import {
  agreeToReplace,
  clearStaging,
  type DatabaseSchema,
  flushFile,
  makeDirectory,
  openDatabase,
  sizeOf,
  stagingFolder,
  throwFault,
} from '../data-folder/index.ts';
import { type BackedUpDatabase, checkFiles, hashOfFile, type Manifest, readManifest } from './manifest.ts';

export interface RestoreRequest {
  /** Absolute path of the data folder, which this process owns and has nothing open of. */
  readonly folder: string;
  /** Absolute path of the backup. */
  readonly from: string;
  readonly schemas: readonly DatabaseSchema[];
  readonly clock: Clock;
}

/** What became of a data folder. */
export interface Restored {
  /** When the backup was made (RFC 3339). */
  readonly time: string;
  readonly counts: BackupCounts;
  /** Absolute path of the folder that holds what was there before; null when nothing was. */
  readonly aside: string | null;
  /** Of each database, how many facts came after the backup and are only aside now; null when what was there could not be read. */
  readonly later: readonly { readonly database: string; readonly facts: number | null }[];
}

/**
 * Puts a backup in the place of what a data folder keeps, after every file was checked, opened and compared. What was there is kept aside.
 * Killed at any moment, the folder is as it was, or as the backup is. Throws BACKUP_BROKEN, DATA_FOLDER_NEWER, DISK_FULL,
 * DATA_FOLDER_UNUSABLE, and has changed nothing then.
 */
export async function restoreBackup({ folder, from, schemas, clock }: RestoreRequest): Promise<Restored> {
  try {
    const manifest = readManifest(from);
    checkFiles(from, manifest);
    clearStaging(folder);
    const to = stagingFolder(folder);
    try {
      await stage({ from, manifest, to, schemas, clock });
    } catch (error) {
      clearStaging(folder);
      throw error;
    }
    const later = schemas.map((schema) => laterThan(manifest, schema, folder));
    const aside = agreeToReplace(folder, clock.now());
    return { time: manifest.time, counts: manifest.counts, aside, later };
  } catch (error) {
    return throwFault(error, { path: folder });
  }
}

export interface StageRequest {
  readonly from: string;
  readonly manifest: Manifest;
  /** Absolute path of an empty or missing folder. */
  readonly to: string;
  readonly schemas: readonly DatabaseSchema[];
  readonly clock: Clock;
}

/** Copies a backup, opens every database of it as any data folder's, and compares each with what was backed up. Throws BACKUP_BROKEN. */
export async function stage({ from, manifest, to, schemas, clock }: StageRequest): Promise<void> {
  durably('restore.stage', () => makeDirectory(to));
  for (const { path, sha256 } of manifest.files) {
    durably('restore.stage', () => {
      makeDirectory(dirname(join(to, path)));
      copyFileSync(join(from, path), join(to, path));
      flushFile(join(to, path));
    });
    if (hashOfFile(join(to, path)) !== sha256) throw broken(from, 'checksum', path);
  }
  for (const said of manifest.databases) {
    const schema = schemas.find(({ name }) => name === said.name);
    if (schema === undefined) throw broken(from, 'not-a-backup', said.name);
    await compare({ folder: to, said, schema, clock }, from);
  }
}

interface Compared {
  readonly folder: string;
  readonly said: BackedUpDatabase;
  readonly schema: DatabaseSchema;
  readonly clock: Clock;
}

async function compare({ folder, said, schema, clock }: Compared, from: string): Promise<void> {
  const file = await openDatabase({ folder, schema, clock, exit: 'unclean', whenLost: 'refuse' });
  try {
    const { db, mended } = file;
    const damage = mended?.reason ?? schema.inspect(db);
    if (damage !== null || schema.head(db) !== said.head) throw broken(from, 'differs', schema.name);
    // An older build's database is another one after its migration; each of its rows was checked.
    if (said.version !== schema.migrations.length) return;
    const same = () => schema.measure(db).digest === said.digest;
    if (!same()) throw broken(from, 'differs', schema.name);
    schema.derive?.(db);
    if (!same()) throw broken(from, 'differs', schema.name);
  } finally {
    file.close();
  }
}

function broken(path: string, reason: string, what: string): FaultError {
  return new FaultError('BACKUP_BROKEN', { path, reason, what });
}

/** How many facts of a database that is about to leave came after the backup. */
function laterThan({ databases }: Manifest, schema: DatabaseSchema, folder: string) {
  const database = schema.name;
  const path = join(folder, `${database}.db`);
  if (sizeOf(path) === 0) return { database, facts: 0 };
  const head = databases.find(({ name }) => name === database)?.head ?? 0;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    return { database, facts: Math.max(0, schema.head(db) - head) };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return { database, facts: null };
  } finally {
    db?.close();
  }
}
