import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronArguments, preparedElectron } from '../infra/electron/electron.mjs';
import { environment, node24, out } from '../infra/launch/place.mjs';
import { endHost, hostPid } from './host-process.ts';
import { newData, type Said, type Seat, soma, startServe, takeSeat } from './seat.ts';

/** Files of a folder that takes a while to explain. */
const MANY = 2500;

describe('one data folder, many processes', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let folder: string;
  let seat: Seat | null;

  beforeEach(async () => {
    data = await newData();
    folder = join(await mkdtemp(join(tmpdir(), 'soma-work-')), 'project');
    await mkdir(folder);
    seat = null;
  });
  afterEach(async () => {
    await seat?.leave();
    await endHost(data.path);
    await data.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const pid = () => hostPid(data.path);

  /** `soma run` on the folder, once it has said which run it is. */
  async function typeRun(): Promise<{ run: string; done: Promise<Said> }> {
    for (let n = 0; n < MANY; n += 1) {
      await writeFile(join(folder, `m${n}.js`), `import './m${n + 1}.js';\nexport const v${n} = ${n};\n`);
    }
    const child = spawn(
      node24(),
      [join(out, 'node', 'terminal.js'), 'run', 'Explain this folder', '--folder', folder],
      {
        env: environment({ SOMA_DATA_DIR: data.path }),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    const done = new Promise<Said>((resolve) =>
      child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })),
    );
    return new Promise((resolve) => {
      createInterface({ input: child.stdout }).once('line', (line) =>
        resolve({ run: line.replace('run ', ''), done }),
      );
    });
  }

  it('a window takes over from the host in the background, and the run goes on without a question', async () => {
    const { run, done } = await typeRun();
    const before = await pid();
    seat = await takeSeat('window', data.path);
    await expect.poll(pid, { timeout: 20_000 }).not.toBe(before);
    const { code, stdout } = await done;
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(`run ${run}`);
    expect(stdout).toContain('Verified:');
    const { stdout: events } = await soma(['show', run], data.path);
    expect(events).toContain('Verified:');
  });

  it('the terminal is a client of the window', async () => {
    seat = await takeSeat('window', data.path);
    await expect.poll(pid).not.toBeNull();
    const window = await pid();
    const { done } = await typeRun();
    expect((await done).code).toBe(0);
    expect(await pid()).toBe(window);
  });

  it('a second start of the app shows the first window and leaves', async () => {
    seat = await takeSeat('window', data.path);
    await expect.poll(pid).not.toBeNull();
    const window = await pid();
    const second = spawn(preparedElectron().executable, electronArguments(), {
      env: environment({ SOMA_DATA_DIR: data.path }),
      stdio: 'ignore',
    });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBe(0);
    expect(await pid()).toBe(window);
    expect(await seat.page().evaluate(() => document.title)).toBe('SomaAgent');
  });

  it('closing the window pauses its run, which asks at the next start; the terminal hears of it', async () => {
    seat = await takeSeat('window', data.path);
    await expect.poll(pid).not.toBeNull();
    const { run, done } = await typeRun();
    await seat.leave();
    seat = null;
    const { code, stderr } = await done;
    expect(code).toBe(3);
    expect(stderr).toContain(`soma resume ${run}`);
    expect((await soma(['runs'], data.path)).stdout).toMatch(new RegExp(`${run} {2}(paused|interrupted)`));
    expect((await soma(['resume', run], data.path)).code).toBe(0);
  });

  it('a second host without a window shows the address of the first and goes with it', async () => {
    const first = await startServe(data.path);
    const second = await startServe(data.path);
    expect(new URL(second.address).origin).toBe(new URL(first.address).origin);
    expect(second.address).not.toBe(first.address);
    expect((await fetch(second.address)).status).toBe(200);
    const gone = new Promise((resolve) => second.child.once('exit', resolve));
    first.child.kill('SIGTERM');
    expect(await gone).toBe(0);
  });

  it('a host without a window says so when a window has the data folder', async () => {
    seat = await takeSeat('window', data.path);
    await expect.poll(pid).not.toBeNull();
    const child = spawn(node24(), [join(out, 'node', 'serve.js')], {
      env: environment({ SOMA_DATA_DIR: data.path }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(4);
    expect(said).toContain('HOST_IN_WINDOW');
  });
});
