import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably, durablyAsync, failpoint } from '../../failpoint/index.ts';
import type { Clock } from '../../port/index.ts';
import { type DatabaseSchema, examine, filesAt, versionOf } from './connection.ts';
import { dropFile, makeDirectory, removeWhole, settle } from './durable-file.ts';
import { throwFault } from './fault.ts';

/** How many backups of each version are kept. */
const KEPT = 3;

const NAME = /^(?<name>[a-z]+)\.v(?<version>\d+)\.(?<time>\d{8}T\d{9}Z)\.db$/;

export interface Backup {
  readonly path: string;
  readonly version: number;
  /** RFC 3339. */
  readonly time: string;
}

/** Where the backups of a data folder lie. */
export function backupFolder(folder: string): string {
  return join(folder, 'backups');
}

/** The backups of one database, newest first. */
export function backupsOf(folder: string, name: string): Backup[] {
  const place = backupFolder(folder);
  const found: Backup[] = [];
  for (const file of list(place)) {
    const match = NAME.exec(file)?.groups;
    if (match === undefined || match.name !== name) continue;
    found.push({ path: join(place, file), version: Number(match.version), time: spelled(match.time ?? '') });
  }
  return found.sort((a, b) => (a.time < b.time ? 1 : -1));
}

/**
 * Copies an open database into the backups while it goes on being used, checks every row of the copy, and forgets the oldest. Throws
 * `DATABASE_DAMAGED` when the copy is not whole, and then keeps what was there.
 */
export async function backUp(
  db: Database.Database,
  { folder, schema, clock }: { folder: string; schema: DatabaseSchema; clock: Clock },
): Promise<Backup> {
  const time = clock.now();
  const version = versionOf(db);
  const path = join(backupFolder(folder), `${schema.name}.v${version}.${time.replace(/[-:.]/g, '')}.db`);
  try {
    await durablyAsync('database.backup', () => copyChecked(db, schema, path));
    const same = backupsOf(folder, schema.name).filter((one) => one.version === version);
    for (const old of same.slice(KEPT)) durably('database.prune', () => removeWhole(old.path));
  } catch (error) {
    throwFault(error, { database: schema.name, path });
  }
  return { path, version, time };
}

async function copyChecked(db: Database.Database, schema: DatabaseSchema, path: string): Promise<void> {
  const part = `${path}.part`;
  makeDirectory(dirname(path));
  removeAll(part);
  try {
    await db.backup(part);
    const damage = examine(part, schema, 'rows');
    if (damage !== null) throw new FaultError('DATABASE_DAMAGED', { database: schema.name, reason: damage });
    failpoint('database.backup.copied');
    settle(part, path);
  } finally {
    removeAll(part);
  }
}

/** Removes a database that never came to be, with whatever SQLite put beside it. */
function removeAll(path: string): void {
  const { db, wal, shm } = filesAt(path);
  for (const file of [db, wal, shm]) dropFile(file);
}

function spelled(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z');
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
