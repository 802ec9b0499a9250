import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import folders from '../plans/folders.json' with { type: 'json' };

export type FolderName = keyof typeof folders;

const run = promisify(execFile);
/** Fetched once a machine; what lies here is judged by its integrity each time it is used. */
const CACHE = join(tmpdir(), 'soma-bench-packages');

/** Unpacks the pinned packages of a folder to the path, fresh. Throws where an archive is not the pinned one. */
export async function layOut(name: FolderName, path: string): Promise<void> {
  for (const { spec, integrity, inside, into } of folders[name].packages) {
    const archive = await fetched(spec, integrity);
    const unpacked = `${path}.unpacked`;
    await mkdir(unpacked, { recursive: true });
    await run('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1']);
    await cp(join(unpacked, inside), join(path, into), { recursive: true });
    await rm(unpacked, { recursive: true });
  }
}

async function fetched(spec: string, integrity: string): Promise<string> {
  const kept = join(CACHE, `${spec.replace(/[^a-z0-9.@-]/g, '-')}.tgz`);
  if ((await integrityOf(kept)) === integrity) return kept;
  const work = join(CACHE, `fetching-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await run('npm', ['pack', spec, '--pack-destination', work, '--silent'], { cwd: work });
    const archive = (await readdir(work)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error(`npm pack ${spec} made no archive`);
    const found = await integrityOf(join(work, archive));
    if (found !== integrity) throw new Error(`${spec} is not the pinned archive: ${found}`);
    await rename(join(work, archive), kept);
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function integrityOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes === null ? null : `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** SHA-256 of every file below the path, by its path with slashes. */
export async function hashesOf(path: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    hashes.set(file.slice(path.length + 1), hash);
  }
  return hashes;
}
