import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowDuplex } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialSocketFile, listenOnSocketFile, privateFolder, socketPath } from './index.ts';

describe('the socket file', () => {
  let folder: string;
  const toClose: (() => Promise<void> | void)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soma-sock-'));
  });
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(path: string, onPipe: (pipe: FlowDuplex) => void = () => undefined): Promise<void> {
    const listener = await listenOnSocketFile(path, onPipe);
    toClose.push(() => listener.close());
  }

  it('can be opened by its owner only, whatever the umask is', async () => {
    const path = join(folder, 'host.sock');
    const mask = process.umask(0);
    toClose.push(() => void process.umask(mask));
    await listen(path);
    expect(lstatSync(path).isSocket()).toBe(true);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(0);
  });

  it('carries text and bytes both ways, whole and in order', async () => {
    const path = join(folder, 'host.sock');
    await listen(path, (pipe) => void pipe.onMessage((message) => pipe.send(message)));
    const pipe = await dialSocketFile(path);
    const got: (string | Uint8Array)[] = [];
    pipe.onMessage((message) => void got.push(message));
    const sent = [
      '{"a":1}',
      new Uint8Array([0, 255, 7]),
      'ü'.repeat(300_000),
      new Uint8Array(1024 * 1024).fill(9),
    ];
    for (const message of sent) pipe.send(message);
    await vi.waitFor(() => expect(got).toHaveLength(sent.length));
    expect(got).toEqual(sent);
    pipe.close();
  });

  it('tells the other end when one is closed', async () => {
    const path = join(folder, 'host.sock');
    const ends: FlowDuplex[] = [];
    await listen(path, (pipe) => ends.push(pipe));
    const pipe = await dialSocketFile(path);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    const closed = new Promise<void>((resolve) => void ends[0]?.onClose(resolve));
    pipe.close();
    await closed;
  });

  it('closes a pipe that sends more at once than any call needs', async () => {
    const path = join(folder, 'host.sock');
    const heard = vi.fn();
    await listen(path, (pipe) => void pipe.onMessage(heard));
    const pipe = await dialSocketFile(path);
    const closed = new Promise<void>((resolve) => void pipe.onClose(resolve));
    pipe.send(new Uint8Array(5 * 1024 * 1024));
    await closed;
    expect(heard).not.toHaveBeenCalled();
  });

  it('replaces a file that a killed host left behind', async () => {
    const path = join(folder, 'host.sock');
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(path)).toBe(true);
    await expect(dialSocketFile(path)).rejects.toThrow('ECONNREFUSED');
    await listen(path);
    (await dialSocketFile(path)).close();
  });

  it('is gone when the host has left', async () => {
    const path = join(folder, 'host.sock');
    const listener = await listenOnSocketFile(path, () => undefined);
    await listener.close();
    expect(existsSync(path)).toBe(false);
    await expect(dialSocketFile(path)).rejects.toThrow('ENOENT');
  });

  it('lies in the data folder while its path is short enough, and else under a hash in the run-time folder', () => {
    expect(socketPath('/data', '/run/soma')).toBe('/data/host.sock');
    const long = `/${'d'.repeat(100)}`;
    expect(socketPath(long, '/run/soma')).toMatch(/^\/run\/soma\/soma-[0-9a-f]{16}\.sock$/);
    expect(socketPath(long, '/run/soma')).not.toBe(socketPath(`${long}2`, '/run/soma'));
    expect(socketPath(`/${'ü'.repeat(50)}`, '/run/soma')).toMatch(/^\/run\/soma\//);
    expect(socketPath(`/${'d'.repeat(89)}`, '/run/soma')).toMatch(/^\/d/);
    expect(socketPath(`/${'d'.repeat(90)}`, '/run/soma')).toMatch(/^\/run/);
  });

  it('can be listened on at the longest path that is used', async () => {
    const deep = join(folder, 'x'.repeat(100 - Buffer.byteLength(folder) - '//host.sock'.length));
    mkdirSync(deep);
    const path = socketPath(deep, '/run/soma');
    expect(Buffer.byteLength(path)).toBe(100);
    await listen(path);
    expect(existsSync(path)).toBe(true);
    (await dialSocketFile(path)).close();
  });
});

describe('a private folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soma-private-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made for its owner only', () => {
    const path = join(folder, 'a', 'b');
    expect(privateFolder(path)).toBe(path);
    expect(lstatSync(path).mode & 0o777).toBe(0o700);
  });

  it.each<[string, (path: string) => void]>([
    ['others can enter it', (path) => mkdirSync(path, { mode: 0o755 })],
    ['it is a link to elsewhere', (path) => symlinkSync(folder, path)],
    ['it is a file', (path) => writeFileSync(path, '', { mode: 0o700 })],
  ])('is refused when %s', (_why, make) => {
    const path = join(folder, 'shared');
    make(path);
    expect(() => privateFolder(path)).toThrow(/DATA_FOLDER_UNUSABLE|EEXIST/);
  });
});
