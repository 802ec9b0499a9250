import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../launch/place.mjs';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..', '..');
const soma = join(root, 'infra', 'launch', 'soma.mjs');

/** Nothing of the clone is on its path: what it needs it carries. */
function strange(data: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { HOME: data, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', SOMA_DATA_DIR: join(data, 'soma'), ...more };
}

describe('the packaged app', () => {
  let app = '';
  let data = '';

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'soma-package-'));
    const { stdout } = await run(process.execPath, [soma, 'package', 'smoke'], {
      cwd: root,
      env: environment(),
    });
    app = join(stdout.trim(), 'linux-unpacked');
  });
  afterAll(() => rmSync(data, { recursive: true, force: true }));

  it('carries its licence, and nothing of the Electron it was made with that people do not need', () => {
    expect(readFileSync(join(app, 'LICENSE'), 'utf8')).toContain('Apache License');
    expect(existsSync(join(app, 'native'))).toBe(false);
    expect(existsSync(join(app, 'resources', 'default_app.asar'))).toBe(false);
    expect(readdirSync(join(app, 'locales'))).toEqual(['en-US.pak']);
  });

  it('carries the runtime for models, for the window and the terminal alike', async () => {
    // The runtime tries itself in a child with the flags of this one, so none says what a text given to it is.
    const look = `import('node-llama-cpp').then(async ({ getLlama }) => {
      const llama = await getLlama({ build: 'never', gpu: false, skipDownload: true, progressLogs: false });
      console.log(llama.gpu, llama.cpuMathCores > 0);
      await llama.dispose();
    });`;
    const node = join(app, 'resources', 'soma', 'bin', 'node');
    const cwd = join(app, 'resources', 'soma', 'out', 'node');
    const { stdout } = await run(node, ['--eval', look], { cwd, env: strange(data) });
    expect(stdout.trim()).toBe('false true');
    expect(existsSync(join(app, 'resources', 'node_modules', 'node-llama-cpp', 'LICENSE'))).toBe(true);
  });

  it('names no path of the machine it was made on', async () => {
    const bundles = [join(app, 'resources', 'app.asar'), join(app, 'resources', 'soma', 'out')];
    const found = await run('grep', ['-rlF', root, ...bundles]).catch((fault: { stdout: string }) => fault);
    expect(found.stdout).toBe('');
  });

  it('explains a folder from a terminal without a display', async () => {
    const report = join(data, 'report.json');
    const args = [
      'run',
      'Explain this folder',
      '--folder',
      join(root, 'infra'),
      '--approve',
      'never',
      '--json',
      report,
    ];
    const { stdout } = await run(join(app, 'soma'), args, { cwd: data, env: strange(data) });
    expect(stdout).toMatch(/^run \S+\n/);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      schema: 'run-report.v1',
      state: 'verified',
    });
  });

  it('serves the same app to a browser', async () => {
    const served = spawn(
      join(app, 'resources', 'soma', 'bin', 'node'),
      [join(app, 'resources', 'soma', 'out', 'node', 'serve.js')],
      {
        env: strange(join(data, 'served')),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = await once(createInterface({ input: served.stdout }), 'line');
    const address = /^open (http:\/\/\S+)$/.exec(String(line))?.[1] ?? '';
    const page = await fetch(address);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    served.kill('SIGTERM');
    expect((await once(served, 'exit'))[0]).toBe(0);
  });

  it('opens its window, though asked by the environment to run as Node, and shares its host with the terminal', async () => {
    const window = spawn(
      join(app, 'soma-agent'),
      [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--remote-debugging-port=0'],
      {
        env: strange(join(data, 'window'), { DISPLAY: process.env.DISPLAY, ELECTRON_RUN_AS_NODE: '1' }),
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    try {
      const address = await debuggerOf(window);
      const page = await pageOf(address);
      await expect.poll(() => evaluate(page, 'document.body.innerText'), { timeout: 20_000 }).toMatch(/\w/);
      const { stdout } = await run(join(app, 'soma'), ['runs', '--json'], {
        env: strange(join(data, 'window')),
      });
      expect(() => JSON.parse(stdout)).not.toThrow();
    } finally {
      window.kill('SIGTERM');
      await once(window, 'exit');
    }
  });
});

/** The address of Chromium's own debugger, which it says on stderr. */
async function debuggerOf(window: ChildProcess): Promise<string> {
  if (window.stderr === null) throw new Error('the window has no stderr');
  for await (const line of createInterface({ input: window.stderr })) {
    const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error('the window ended before its debugger listened');
}

/** The debugger's socket of the first page, as soon as there is one. */
async function pageOf(address: string): Promise<string> {
  for (;;) {
    const targets: { type: string; webSocketDebuggerUrl: string }[] = JSON.parse(
      await (await fetch(`${address}/json/list`)).text(),
    );
    const page = targets.find(({ type }) => type === 'page');
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function evaluate(page: string, expression: string): Promise<string> {
  const socket = new WebSocket(page);
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  const [event] = (await once(socket, 'message')) as [{ data: string }];
  socket.close();
  return String(JSON.parse(event.data).result.result.value);
}
