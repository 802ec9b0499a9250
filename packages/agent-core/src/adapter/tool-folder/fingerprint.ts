import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from './in-parallel.ts';
import { resolveFolder } from './inside.ts';
import { FILE_LIMIT } from './list-files.ts';
import { walk } from './walk.ts';

/**
 * SHA-256 over every file the tools can find in a folder: its path, size, inode and the times of its last change of content and of
 * state in nanoseconds. A person can set the one time back but not the other, so the same fingerprint means the same files. Null
 * when there are more files than are looked at.
 */
export async function fingerprintOf(folder: string, signal: AbortSignal): Promise<string | null> {
  const root = await resolveFolder(folder);
  const { files, notRead, truncated } = await walk(root, { limit: FILE_LIMIT, signal });
  if (truncated) return null;
  const lines = await inParallel(files, signal, async (path) => {
    const found = await lstat(join(root, path), { bigint: true }).catch(() => null);
    return found === null ? [path] : [path, found.size, found.ino, found.mtimeNs, found.ctimeNs];
  });
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line.join('\0')}\n`);
  for (const { path, reason } of notRead) hash.update(`${path}\0${reason}\n`);
  return hash.digest('hex');
}
