import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isCode } from './fault.ts';

/** Makes names written to a directory outlast a power cut. Windows has no such call and needs none. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  syncFile(path, 'r');
}

function syncFile(path: string, flags: 'r' | 'r+'): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Creates the directory and those above it, for the owner only, each durable; one that exists is left as it is. */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  syncDirectory(dirname(path));
}

/** Writes a file so that after a crash it holds either all of the new bytes or all of the old. */
export function writeWhole(path: string, bytes: string | Uint8Array): void {
  const part = `${path}.part`;
  writeFileSync(part, bytes, { mode: 0o600 });
  settle(part, path);
}

/** Copies a file so that after a crash the copy is there whole or not at all; an older copy is replaced. */
export function copyWhole(from: string, to: string): void {
  const part = `${to}.part`;
  dropFile(part);
  copyFileSync(from, part, constants.COPYFILE_FICLONE);
  settle(part, to);
}

/** Gives a finished file its final name, both durable. */
export function settle(part: string, path: string): void {
  syncFile(part, 'r+');
  renameSync(part, path);
  syncDirectory(dirname(path));
}

/** Makes a file's bytes and its name outlast a power cut. */
export function flushFile(path: string): void {
  syncFile(path, 'r');
  syncDirectory(dirname(path));
}

/** Removes a file, for good only with its directory's next sync; one that is not there is no error. */
export function dropFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

/** Removes a file, durably; one that is not there is no error. */
export function removeWhole(path: string): void {
  dropFile(path);
  syncDirectory(dirname(path));
}
