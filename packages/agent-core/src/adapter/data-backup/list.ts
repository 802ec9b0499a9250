import { existsSync, readdirSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BackupsView, ListedBackup, OwnCopies, SetAside } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import type { Clock } from '../../port/index.ts';
import { backupsOf, type DatabaseSchema, isCode, sizeOf } from '../data-folder/index.ts';
import { MANIFEST, readManifest } from './manifest.ts';

/** Backups of one folder that are told of. */
const MOST = 50;

/** What the lists of files said, by path, and when each was written: a large one is not read each time it is asked about. */
type Known = Map<string, { readonly written: number; readonly listed: ListedBackup }>;

export interface BackupListPlace {
  /** Absolute path of the data folder. */
  readonly folder: string;
  readonly schemas: readonly Pick<DatabaseSchema, 'name'>[];
  readonly clock: Clock;
}

/** What lies in a folder, and the copies of the data folder's own. */
export type BackupList = (folder: string | null) => Promise<Omit<BackupsView, 'making'>>;

/** Lists backups, by default those in the folder beside the data folder. The list throws BACKUP_PLACE_REFUSED. */
export function createBackupList({ folder: data, schemas, clock }: BackupListPlace): BackupList {
  const known: Known = new Map();
  return async (asked) => {
    const folder = asked ?? `${data}-backups`;
    const found = candidates(folder);
    const backups: ListedBackup[] = [];
    for (const { path, written } of found.slice(0, MOST)) {
      const before = known.get(path);
      if (before?.written === written) backups.push(before.listed);
      else {
        // A list of thousands of files takes a while: whoever waits comes in between.
        await setImmediate();
        const listed = look(path);
        known.set(path, { written, listed });
        backups.push(listed);
      }
    }
    const more = found.length - backups.length;
    const own = ownCopies(data, schemas);
    return { folder, next: nameFor(folder, clock), backups, more, own, aside: await setAside(data) };
  };
}

/** Every folder with a list of files in it, the one written last first. */
function candidates(folder: string): { readonly path: string; readonly written: number }[] {
  if (!isAbsolute(folder)) throw new FaultError('BACKUP_PLACE_REFUSED', { path: folder, why: 'relative' });
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/\.soma-(?:part|proof)$/.test(entry.name))
      .flatMap(({ name }) => {
        const path = join(folder, name);
        const written = writtenAt(join(path, MANIFEST));
        return written === null ? [] : [{ path, written }];
      })
      .sort((a, b) => b.written - a.written);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    const reason = error instanceof Error && 'code' in error ? String(error.code) : null;
    throw new FaultError('BACKUP_PLACE_REFUSED', { path: folder, why: 'unwritable', reason });
  }
}

/** When a file was written, in milliseconds; null where there is none, or none that may be seen. */
function writtenAt(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}

function look(path: string): ListedBackup {
  try {
    const { time, counts } = readManifest(path);
    return { ok: true, path, time, counts };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, path, fault: error.fault };
    throw error;
  }
}

function nameFor(folder: string, clock: Clock): string {
  const name = join(folder, `soma-backup-${clock.now().slice(0, 19).replaceAll(':', '-')}`);
  let free = name;
  for (let again = 2; existsSync(free); again += 1) free = `${name}-${again}`;
  return free;
}

function ownCopies(data: string, schemas: BackupListPlace['schemas']): OwnCopies[] {
  return schemas.flatMap(({ name }) => {
    const copies = backupsOf(data, name);
    const [newest] = copies;
    if (newest === undefined) return [];
    const bytes = copies.reduce((sum, { path }) => sum + sizeOf(path), 0);
    return [{ database: name, copies: copies.length, newest: newest.time, bytes }];
  });
}

/** Where a data folder keeps what it reads no more, and why it lies there. */
const ASIDE = [
  { under: 'replaced', why: 'replaced' },
  { under: 'quarantine', why: 'damaged' },
] as const;

async function setAside(data: string): Promise<SetAside[]> {
  const found: SetAside[] = [];
  for (const { under, why } of ASIDE) {
    const folders = await readdir(join(data, under), { withFileTypes: true }).catch(() => []);
    for (const { name } of folders.filter((entry) => entry.isDirectory())) {
      const path = join(data, under, name);
      found.push({ path, why, time: timeIn(name), bytes: await bytesBelow(path) });
    }
  }
  return found.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
}

/** The time a folder is named after, as `20261121T101500000Z` at the end of its name. */
function timeIn(name: string): string | null {
  const parts = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(name);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second, thousandth] = parts.slice(1);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${thousandth}Z`;
}

async function bytesBelow(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []))
    if (entry.isFile())
      bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  return bytes;
}
