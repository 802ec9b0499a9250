import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { onSmallDisk } from '../../testing/small-disk.ts';

const child = fileURLToPath(new URL('../../testing/full-disk-child.ts', import.meta.url));
const ROUNDS = '20';

it('a full disk refuses every write with DISK_FULL, loses nothing, still erases, and goes on when there is room', () => {
  const { path, remove } = temporaryFolder();
  try {
    const command = (kind: string) => `'${process.execPath}' '${child}' '${path}' ${ROUNDS} ${kind}`;
    const smallDisks = onSmallDisk(path, 'true').status === 0;
    const run = smallDisks
      ? onSmallDisk(path, command('disk'))
      : spawnSync('sh', ['-c', `ulimit -f 2048 && ${command('limits')}`], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  } finally {
    remove();
  }
});

it('so does a limit on pages and on the size of files', () => {
  const { path, remove } = temporaryFolder();
  try {
    const command = `ulimit -f 2048 && '${process.execPath}' '${child}' '${path}' ${ROUNDS} limits`;
    const run = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  } finally {
    remove();
  }
});
