import { constants } from 'node:fs';
import { mkdir, open, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { durablyAsync } from '../../failpoint/index.ts';
import { hashOf } from '../tool-folder/index.ts';
import type { PlannedChange } from './planned.ts';
import { placeInside, readExact, type TextFile } from './text-file.ts';

/** Permission bits of a file that was not there before. */
const NEW_MODE = 0o644;

interface Step {
  readonly change: PlannedChange;
  readonly place: string;
  readonly mode: number;
  /** The new text beside its place, durable, waiting for its name; null for a file that goes. */
  readonly part: string | null;
}

/**
 * Brings the files from their texts before to their texts after: all of them, or none. A file that has its text after already is
 * left (an earlier try wrote it), so that repeating after a crash is safe. Every new text is durable beside its file before the
 * first file changes; one that cannot be taken over takes the others back. Throws FaultError FILE_CHANGED where a file has neither
 * text, FILE_READ_ONLY, FILE_UNWRITABLE, DISK_FULL, or what reading throws; CHANGE_LEFT_HALF with the `files` that could not be taken
 * back.
 */
export async function applyChanges(root: string, changes: readonly PlannedChange[]): Promise<void> {
  const steps: Step[] = [];
  const made: string[] = [];
  try {
    for (const change of changes) {
      const step = await prepare(root, change, made);
      if (step !== null) steps.push(step);
    }
    await takeOver(root, steps);
  } catch (error) {
    await durablyAsync('files.back', async () => {
      for (const { part } of steps) if (part !== null) await unlink(part).catch(() => undefined);
      // Only folders that are still empty go.
      for (const folder of made.reverse()) await rmdir(folder).catch(() => undefined);
    });
    throw error;
  }
}

/** Removes what a killed try left beside the files: new texts that never came to their names. */
export async function clearParts(root: string, paths: readonly string[]): Promise<void> {
  const places = await Promise.all(paths.map((path) => placeInside(root, path).catch(() => null)));
  await durablyAsync('files.back', async () => {
    for (const place of places) if (place !== null) await unlink(partOf(place)).catch(() => undefined);
  });
}

async function prepare(root: string, change: PlannedChange, made: string[]): Promise<Step | null> {
  const { path, before, after } = change;
  const now = await readExact(root, path);
  if ((now?.text ?? null) === after) return null;
  if ((now?.text ?? null) !== before) throw changed(change, now);
  if (now !== null && (now.mode & 0o222) === 0) throw new FaultError('FILE_READ_ONLY', { path });
  const place = await placeInside(root, path);
  const mode = now?.mode ?? NEW_MODE;
  if (after === null) return { change, place, mode, part: null };
  const part = partOf(place);
  try {
    await durablyAsync('files.part', async () => {
      await makeFolders(dirname(place), made);
      await writeNew(part, { text: after, mode });
    });
  } catch (error) {
    throw writeFault(error, path);
  }
  return { change, place, mode, part };
}

/** Where a file's next text waits: the same name each time, so that what a crash left is written over. */
function partOf(place: string): string {
  return join(dirname(place), `.soma-${hashOf(place).slice(0, 16)}.part`);
}

/** Creates what is missing of a folder, from the top, and says what it made. */
async function makeFolders(folder: string, made: string[]): Promise<void> {
  try {
    await mkdir(folder);
    made.push(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    await makeFolders(dirname(folder), made);
    await makeFolders(folder, made);
  }
}

async function takeOver(root: string, steps: readonly Step[]): Promise<void> {
  const done: Step[] = [];
  try {
    for (const step of steps) {
      await becomes(root, step);
      done.push(step);
    }
    await durablyAsync('files.sync', async () => {
      for (const folder of new Set(steps.map(({ place }) => dirname(place)))) await syncFolder(folder);
    });
  } catch (error) {
    const kept: string[] = [];
    for (const step of done.reverse()) if (!(await takeBack(root, step))) kept.push(step.change.path);
    throw kept.length === 0 ? error : leftHalf(error, kept.reverse());
  }
}

/** The last look and the change of name lie as close together as the system allows. */
async function becomes(root: string, { change, place, part }: Step): Promise<void> {
  const { path, before } = change;
  const now = await readExact(root, path);
  if ((now?.text ?? null) !== before || (await placeInside(root, path)) !== place) throw changed(change, now);
  try {
    await durablyAsync('files.change', () => (part === null ? unlink(place) : rename(part, place)));
  } catch (error) {
    throw writeFault(error, path);
  }
}

/**
 * Gives a file its text before back, unless somebody else has written it since. Whether it is as it was found: false where its text
 * is another than before, or where nobody can tell.
 */
async function takeBack(root: string, { change, place, mode }: Step): Promise<boolean> {
  const { path, before, after } = change;
  const part = partOf(place);
  try {
    const found = (await readExact(root, path))?.text ?? null;
    if (found !== after) return found === before;
    await durablyAsync('files.back', async () => {
      if (before === null) return unlink(place);
      await writeNew(part, { text: before, mode });
      await rename(part, place);
    });
    return true;
  } catch {
    return false;
  }
}

function leftHalf(error: unknown, files: readonly string[]): FaultError {
  const first = error instanceof FaultError ? error.fault : null;
  return new FaultError('CHANGE_LEFT_HALF', {
    files: [...files],
    path: first?.data.path ?? null,
    cause: first?.code ?? codeOf(error),
  });
}

/** Writes a file of our own, durable; one that a crash left under the same name goes first. */
async function writeNew(place: string, { text, mode }: TextFile): Promise<void> {
  await unlink(place).catch(() => undefined);
  const handle = await open(
    place,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function changed({ path, before }: PlannedChange, now: TextFile | null): FaultError {
  const expected = before === null ? null : hashOf(before);
  return new FaultError('FILE_CHANGED', { path, expected, found: now === null ? null : hashOf(now.text) });
}
function writeFault(error: unknown, path: string): Error {
  if (error instanceof FaultError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FaultError('DISK_FULL', { path });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new FaultError('FILE_READ_ONLY', { path });
  return new FaultError('FILE_UNWRITABLE', { path, cause: code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
