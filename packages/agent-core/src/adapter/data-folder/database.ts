import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import { type Backup, backUp, backupsOf } from './backup.ts';
import {
  connect,
  type DatabaseOptions,
  type Depth,
  examine,
  filesAt,
  runMigrations,
  sizeOf,
  takeMigrationsBack,
  versionOf,
} from './connection.ts';
import { makeDirectory, syncDirectory } from './durable-file.ts';
import { storageFault, throwFault } from './fault.ts';
import { Mark } from './mark.ts';
import { type Mended, mend, proveBackup } from './mend.ts';

/**
 * Up to these sizes, in bytes, every row or every page is looked at before a database is used. Beyond them damage is found when a row
 * is read, since each has its checksum, and whenever a backup is made, since each is read through.
 */
const READ_AFTER_CLEAN_EXIT = 4 * 1024 * 1024;
const READ_AFTER_UNCLEAN_EXIT = 64 * 1024 * 1024;

/** An open database of the data folder. There is one writer: nobody else may open the file meanwhile. */
export interface OpenDatabase {
  readonly db: Database.Database;
  /** What was found damaged and what was done, for the person to be told; null when all was well. */
  readonly mended: Mended | null;
  /** Notes the number of the newest fact after a commit. */
  mark(head: number): void;
  /** To be called when a row was met that is damaged: the next start then looks at all of them, however many there are. */
  doubt(): void;
  /** Makes a checked backup now when the newest is older than `maxAgeMs` or there is none; answers whether it did. */
  backup(maxAgeMs: number): Promise<boolean>;
  close(): void;
}

/**
 * Opens a database, creating or migrating it, and mending it from a backup when it is damaged. Before the first migration of a database
 * with facts in it, a backup is made. Throws FaultError `DATABASE_DAMAGED` (nothing good is left, see `whenLost`),
 * `DATA_FOLDER_NEWER`, `DISK_FULL` or `DATA_FOLDER_UNUSABLE`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  try {
    return await open(options);
  } catch (error) {
    return throwFault(error, { database: options.schema.name });
  }
}

async function open(options: DatabaseOptions): Promise<OpenDatabase> {
  const { folder, schema, exit } = options;
  durably('folder.create', () => makeDirectory(folder));
  const files = filesAt(join(folder, `${schema.name}.db`));
  const damage = examine(files.db, schema, depthOf(sizeOf(files.db) + sizeOf(files.wal), exit));
  const mended = damage === null ? null : mend(options, damage);
  const db = connect(files.db);
  try {
    await migrate(db, options);
    const mark = new Mark(files.mark);
    mark.write(schema.head(db));
    return { db, mended, ...opened(db, mark, options) };
  } catch (error) {
    db.close();
    throw error;
  }
}

function depthOf(size: number, exit: DatabaseOptions['exit']): Depth {
  if (size <= (exit === 'clean' ? READ_AFTER_CLEAN_EXIT : READ_AFTER_UNCLEAN_EXIT)) return 'rows';
  return size <= READ_AFTER_UNCLEAN_EXIT ? 'pages' : 'head';
}

function opened(
  db: Database.Database,
  mark: Mark,
  options: DatabaseOptions,
): Omit<OpenDatabase, 'db' | 'mended'> {
  const { folder, schema, clock } = options;
  return {
    mark: (head) => mark.write(head),
    doubt: () => mark.doubt(),
    async backup(maxAgeMs) {
      const [newest] = backupsOf(folder, schema.name);
      if (newest !== undefined && Date.parse(clock.now()) - Date.parse(newest.time) < maxAgeMs) return false;
      try {
        await backUp(db, options);
      } catch (error) {
        if (storageFault(error)?.code === 'DATABASE_DAMAGED') mark.doubt();
        throw error;
      }
      return true;
    },
    close() {
      db.close();
      mark.close();
    },
  };
}

/** Brings the database to this build's version. A newer one is refused, one with facts in it is backed up first. */
async function migrate(db: Database.Database, options: DatabaseOptions): Promise<void> {
  const { folder, schema } = options;
  const version = versionOf(db);
  const newest = schema.migrations.length;
  if (version > newest) {
    throw new FaultError('DATA_FOLDER_NEWER', { database: schema.name, found: version, known: newest });
  }
  if (version === newest) return;
  if (version > 0) proveBackup(await backUp(db, options), schema);
  durably(version === 0 ? 'database.create' : 'database.migrate', () => {
    runMigrations(db, schema);
    syncDirectory(folder);
  });
  const damage = version === 0 ? null : schema.inspect(db);
  if (damage !== null) throw new FaultError('DATABASE_DAMAGED', { database: schema.name, reason: damage });
}

/**
 * Brings a database back to the version an older build knows, after a backup of it as it is. Nobody may have it open. Opened by this
 * build it is migrated again. Throws FaultError `INVALID_INPUT` (no such older version), `DATA_FOLDER_NEWER`, `DATABASE_DAMAGED`, `DISK_FULL` or
 * `DATA_FOLDER_UNUSABLE`, and has changed nothing then.
 */
export async function takeBack(options: DatabaseOptions, version: number): Promise<Backup> {
  const { folder, schema } = options;
  const path = join(folder, `${schema.name}.db`);
  try {
    if (
      !Number.isInteger(version) ||
      version < 1 ||
      version >= schema.migrations.length ||
      sizeOf(path) === 0
    )
      throw new FaultError('INVALID_INPUT', { path: 'version', problem: 'unknown' });
    // Brought to this build's version and looked at as at any start; what is damaged is not mended here.
    const reason = examine(path, schema, 'rows');
    if (reason !== null) throw new FaultError('DATABASE_DAMAGED', { database: schema.name, path, reason });
    const file = await open(options);
    try {
      const made = await backUp(file.db, options);
      durably('database.migrate', () => takeMigrationsBack(file.db, schema, version));
      return made;
    } finally {
      file.close();
    }
  } catch (error) {
    return throwFault(error, { database: schema.name });
  }
}
