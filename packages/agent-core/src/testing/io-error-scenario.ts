import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ledgerSchema } from '../adapter/sqlite-ledger/index.ts';
import { inspectCrash } from './crash-oracle.ts';
import { temporaryFolder } from './local-store.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Which call of the system fails, how, and the how-manieth time it is made. */
export interface IoError {
  readonly call: 'fsync' | 'pwrite64' | 'rename' | 'ftruncate' | 'unlink' | 'openat' | 'mkdir';
  readonly error: 'EIO' | 'ENOSPC' | 'EMFILE';
  readonly when: number;
}

/**
 * Lets one call of the system fail in a child that makes every durable write there is, and holds what it leaves against what it was
 * promised. Nothing acknowledged may be missing, and the folder must open at once. Answers whether the call was made that often.
 * Needs strace, which changes what the system answers; everything else is real.
 */
export async function failOnce({ call, error, when }: IoError): Promise<boolean> {
  const { path, remove } = temporaryFolder();
  const [folder, journal, trace] = ['data', 'journal', 'trace'].map((name) => join(path, name));
  try {
    const inject = [
      '-f',
      '-o',
      trace ?? '',
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:error=${error}:when=${when}`,
    ];
    const args = [...inject, process.execPath, CHILD, '-', folder ?? '', journal ?? '', '1', '2'];
    const child = spawnSync('strace', args, { encoding: 'utf8' });
    if (child.error !== undefined)
      throw new Error('this test needs strace: apt-get install strace', { cause: child.error });
    const made = readFileSync(trace ?? '', 'utf8').includes('(INJECTED)');
    if (made && child.status !== 0)
      expect(child.stderr).toMatch(/DISK_FULL|DATA_FOLDER_UNUSABLE|too many open files/);
    if (existsSync(folder ?? '')) {
      const mended = await inspectCrash({
        folder: folder ?? '',
        journal: journal ?? '',
        schema: ledgerSchema,
      });
      expect(mended).toBeNull();
    }
    return made;
  } finally {
    remove();
  }
}
