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
  'fastify-lib': {
    spec: 'fastify@5.12.8',
    integrity:
      'sha512-moP8exb2sCHLUbJkwp+I6C0padhy4D8lp0SdmzY7HhSdZuqm7O/u3o2aq7u8okaQ//33QDzj3G/u+FsSdB8Qzw==',
    inside: 'lib',
  },
  'fastify-docs': {
    spec: 'fastify@5.12.8',
    integrity:
      'sha512-moP8exb2sCHLUbJkwp+I6C0padhy4D8lp0SdmzY7HhSdZuqm7O/u3o2aq7u8okaQ//33QDzj3G/u+FsSdB8Qzw==',
    inside: 'docs',
  },
  'capacitor-android': {
    spec: '@capacitor/android@8.5.2',
    integrity:
      'sha512-rtiaz78egCcS+vs29wkWCL3C+RhazKMSygXcjutwWP8NmO6r5UBxOvGf3Wjz5+ahobyQ723tn9gCePwRwcNDZQ==',
    inside: 'capacitor/src/main/java/com/getcapacitor',
  },
  'capacitor-ios': {
    spec: '@capacitor/ios@8.5.2',
    integrity:
      'sha512-eOT2S67AfTFG7KN0T3oxwAajrJz4rSye+ODfvChiwrk0F/+kWufFM1qU6cDjGJUOfwdAoeuEpZyWHSwZlu4GFg==',
    inside: 'Capacitor/Capacitor',
  },
  'tree-sitter-lib': {
    spec: 'tree-sitter@0.25.1',
    integrity:
      'sha512-mrcEdkYtHfrK1A6fs3O6FxkBo0Qig5XUXqHhxUOQu0bmPo00QF4XaSx4edpazdHwxnSCjlGKGgIqWdaN4dvTLA==',
    inside: 'vendor/tree-sitter/lib/src',
  },
  rxjs: {
    spec: 'rxjs@7.8.2',
    integrity:
      'sha512-dhKf903U/PQZY6boNNtAGdWbG85WAbjT/1xYoZIC7FAY0yWapOBQVsVrDl58W86//e1VpMNBtRV4MaXfdMySFA==',
    inside: 'src/internal',
  },
  'backitup-de': {
    spec: 'iobroker.backitup@4.0.4',
    integrity:
      'sha512-jWslhkpi7c23zzuxw95TKVtjYvT0Dm49t0FtSWh9G7M2n4bz+eKQ4ttobyTIAKDBkkNvpb52NgoeXoYDkGRtsg==',
    inside: 'docs/de',
  },
  'javascript-de': {
    spec: 'iobroker.javascript@9.1.1',
    integrity:
      'sha512-Uc7t6IqOn1yZM5vzqW1InSqOHRZVAZPCLg32il6Gy7w8Qyew6Ph4uv+RUp+n6aDE73OzwYo3tpxINEja/DBxuQ==',
    inside: 'docs/de',
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
