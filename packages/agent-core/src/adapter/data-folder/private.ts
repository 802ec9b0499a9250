import { chmodSync, readdirSync, statSync } from 'node:fs';
import { FaultError } from '@soma/schemas/event';
import { durably } from '../../failpoint/index.ts';
import { makeDirectory } from './durable-file.ts';

/** Creates a folder for its owner only. One that others may read is made private when it is ours or empty, else refused. */
export function makePrivate(path: string): void {
  durably('folder.create', () => closeToOthers(path));
}

function closeToOthers(path: string): void {
  makeDirectory(path);
  const found = statSync(path);
  if (!found.isDirectory()) throw new FaultError('DATA_FOLDER_UNUSABLE', { path, reason: 'ENOTDIR' });
  if (process.platform === 'win32' || (found.mode & 0o077) === 0) return;
  const names = readdirSync(path);
  if (names.length > 0 && !names.includes('version.json')) {
    throw new FaultError('DATA_FOLDER_UNUSABLE', { path, reason: 'not-private' });
  }
  chmodSync(path, 0o700);
}
