import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { durably } from '../../failpoint/index.ts';
import { removeWhole, writeWhole } from './durable-file.ts';
import { isCode, throwFault, withFaults } from './fault.ts';
import { makePrivate } from './private.ts';
import { finishReplacing } from './replace.ts';

/** Format of the data folder as a whole. A folder of a higher one is refused. */
export const DATA_FOLDER_FORMAT = 1;

/** How to reach the process that owns a data folder: `socket` is the path it listens on. More may stand beside it. */
export const HostInfo = z.looseObject({ pid: z.number().int().positive(), socket: z.string().min(1) });
export type HostInfo = z.infer<typeof HostInfo>;

/** The data folder is this process's own until it releases it or ends. */
export interface OwnedFolder {
  readonly owned: true;
  readonly path: string;
  /** `unclean`: the owner before ended without releasing the folder. */
  readonly exit: 'clean' | 'unclean';
  /** Tells other processes how to reach this one, in `host.json`. */
  publish(host: HostInfo): void;
  /** Gives the folder up after a clean end. Databases must be closed by then. */
  release(): void;
}

/** Another living process owns the folder; `host` is null while it is still starting. */
export interface ForeignFolder {
  readonly owned: false;
  readonly path: string;
  readonly host: HostInfo | null;
}

const Version = z.object({ format: z.number().int().min(1) });

/**
 * Makes this process the owner of a data folder, which is created when it is not there, or says who owns it. The operating
 * system holds the lock, so the lock of a process that died is free at once. Throws FaultError `DATA_FOLDER_NEWER`,
 * `DATA_FOLDER_UNUSABLE` or `DISK_FULL`.
 */
export function acquire(path: string): OwnedFolder | ForeignFolder {
  try {
    makePrivate(path);
    checkVersion(path);
    const lock = tryLock(join(path, 'host.lock'));
    if (lock === null) return { owned: false, path, host: readHost(path) };
    return own(path, lock);
  } catch (error) {
    return throwFault(error, { path });
  }
}

function own(path: string, lock: Database.Database): OwnedFolder {
  const version = join(path, 'version.json');
  const host = join(path, 'host.json');
  const unclean = readText(host) !== null;
  try {
    finishReplacing(path);
    if (parsed(readText(version), Version)?.format !== DATA_FOLDER_FORMAT) {
      durably('folder.version', () =>
        writeWhole(version, `${JSON.stringify({ format: DATA_FOLDER_FORMAT })}\n`),
      );
    }
    // From here on an end without `release` is an unclean one, even before anything is published.
    durably('folder.host', () => writeWhole(host, `${JSON.stringify({ pid: process.pid })}\n`));
  } catch (error) {
    unlock(lock);
    throw error;
  }
  return {
    owned: true,
    path,
    exit: unclean ? 'unclean' : 'clean',
    publish: (info) =>
      withFaults({ path }, () => durably('folder.host', () => writeWhole(host, `${JSON.stringify(info)}\n`))),
    release() {
      try {
        withFaults({ path }, () => durably('folder.leave', () => removeWhole(host)));
      } finally {
        unlock(lock);
      }
    },
  };
}

/** A connection that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/** The lock of SQLite on an empty database: exclusive among processes, and gone with the process that held it. */
function tryLock(path: string): Database.Database | null {
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    held.add(lock);
    return lock;
  } catch (error) {
    lock.close();
    if (isCode(error, 'SQLITE_BUSY')) return null;
    throw error;
  }
}

function unlock(lock: Database.Database): void {
  held.delete(lock);
  lock.close();
}

function checkVersion(path: string): void {
  const found = parsed(readText(join(path, 'version.json')), Version)?.format ?? 0;
  if (found > DATA_FOLDER_FORMAT)
    throw new FaultError('DATA_FOLDER_NEWER', { path, found, known: DATA_FOLDER_FORMAT });
}

/** What the owner published; null when nobody has. */
function readHost(path: string): HostInfo | null {
  return parsed(readText(join(path, 'host.json')), HostInfo);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The value in a file that a crash or a person may have left in any state. */
function parsed<T>(text: string | null, shape: z.ZodType<T>): T | null {
  if (text === null) return null;
  try {
    return shape.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
