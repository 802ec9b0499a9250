import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { acquire, DATA_FOLDER_FORMAT, type OwnedFolder } from './index.ts';

let root: string;
let remove: () => void;
let folder: string;
beforeEach(() => {
  ({ path: root, remove } = temporaryFolder());
  folder = join(root, 'data');
});
afterEach(() => remove());

function own(path = folder): OwnedFolder {
  const owned = acquire(path);
  if (!owned.owned) throw new Error('somebody else owns it');
  return owned;
}

function faultOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  return null;
}

/** Another process that owns the folder, once it has said so, until it is killed. */
async function otherOwner(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const entry = fileURLToPath(new URL('../../testing/owner-child.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid ?? 0,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

describe('the data folder', () => {
  it('is created for its owner only, with those above it, and tells its format', () => {
    own(join(root, 'deep', 'data')).release();
    expect(statSync(join(root, 'deep', 'data')).mode & 0o777).toBe(0o700);
    const version = readFileSync(join(root, 'deep', 'data', 'version.json'), 'utf8');
    expect(JSON.parse(version)).toEqual({ format: DATA_FOLDER_FORMAT });
  });

  it('is made private when it is empty or was ours', () => {
    mkdirSync(folder, { mode: 0o755 });
    chmodSync(folder, 0o755);
    own().release();
    chmodSync(folder, 0o755);
    own().release();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is never made of a folder that others may read and that holds something else', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'letter.txt'), 'mine');
    expect(faultOf(() => acquire(folder))).toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      data: { path: folder, reason: 'not-private' },
    });
    expect(readdirSync(folder)).toEqual(['letter.txt']);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['a file', () => writeFileSync(folder, 'x')],
    [
      'below a file',
      () => {
        writeFileSync(join(root, 'file'), 'x');
        folder = join(root, 'file', 'data');
      },
    ],
  ])('is unusable where there is %s', (_, prepare) => {
    prepare();
    expect(faultOf(() => acquire(folder))).toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      data: { path: folder },
    });
  });

  it('of a newer build is refused and left as it is', () => {
    own().release();
    const newer = `${JSON.stringify({ format: DATA_FOLDER_FORMAT + 1 })}\n`;
    writeFileSync(join(folder, 'version.json'), newer);
    const before = readdirSync(folder);
    expect(faultOf(() => acquire(folder))).toMatchObject({
      code: 'DATA_FOLDER_NEWER',
      data: { found: DATA_FOLDER_FORMAT + 1, known: DATA_FOLDER_FORMAT },
    });
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(join(folder, 'version.json'), 'utf8')).toBe(newer);
  });

  it.each(['', '{', '[]', '{"format":"x"}'])(
    'with a version file of %j gets its version written again',
    (text) => {
      own().release();
      writeFileSync(join(folder, 'version.json'), text);
      own().release();
      expect(JSON.parse(readFileSync(join(folder, 'version.json'), 'utf8'))).toEqual({
        format: DATA_FOLDER_FORMAT,
      });
    },
  );
});

describe('the owner of a data folder', () => {
  it('is one process; another learns how to reach it', async () => {
    const other = await otherOwner();
    expect(acquire(folder)).toEqual({
      owned: false,
      path: folder,
      host: { pid: other.pid, socket: join(folder, 'host.sock'), name: 'other' },
    });
    await other.kill();
  });

  it('is free at once when its process was killed, and the next one knows that the end was unclean', async () => {
    const other = await otherOwner();
    await other.kill();
    expect(existsSync(join(folder, 'host.json'))).toBe(true);
    const owned = own();
    expect(owned.exit).toBe('unclean');
    owned.release();
    expect(own().exit).toBe('clean');
  });

  it('counts as left uncleanly also before it has published anything', () => {
    own();
    rmSync(join(folder, 'host.lock'));
    expect(own().exit).toBe('unclean');
  });

  it('is not yet reachable while it is starting', () => {
    const owned = own();
    expect(acquire(folder)).toEqual({ owned: false, path: folder, host: null });
    owned.publish({ pid: process.pid, socket: '/run/soma.sock' });
    expect(acquire(folder)).toMatchObject({ host: { pid: process.pid, socket: '/run/soma.sock' } });
    owned.release();
  });

  it('leaves nothing of itself behind when it releases the folder', () => {
    const owned = own();
    owned.publish({ pid: process.pid, socket: '/run/soma.sock' });
    owned.release();
    expect(existsSync(join(folder, 'host.json'))).toBe(false);
    const next = own();
    expect(next.exit).toBe('clean');
    next.release();
  });

  it('is one of many processes that ask at the same moment', async () => {
    const others = await Promise.allSettled(Array.from({ length: 6 }, () => firstAnswer()));
    const answers = others.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)));
    expect(answers.filter((answer) => answer === 'owned')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'foreign')).toHaveLength(5);
  });
});

/** What another process was told when it asked for the folder; it ends only after all have been. */
function firstAnswer(): Promise<string> {
  const entry = fileURLToPath(new URL('../../testing/owner-child.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder, '3000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
  });
}
