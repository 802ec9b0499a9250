import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type ElectronApplication, type Page } from 'playwright-core';
import { environment, node24, out } from '../infra/launch/place.mjs';
import { clickMenu, inWindows, launchApp } from './app.ts';

/** Where a scenario is played: a real window of the desktop app, or a real browser tab on the host without a window. */
export type Place = 'window' | 'tab';

/** A person's seat at the product, on a data folder of its own. */
export interface Seat {
  readonly place: Place;
  readonly data: string;
  page(): Page;
  /** In a window: what the system's folder dialog will answer. A tab has none. */
  answerDialog(path: string): Promise<void>;
  /** Opens one more window or tab on the same data. */
  another(): Promise<Page>;
  /** What the app itself sees in its windows; a tab's host has none. */
  windows(): Promise<readonly unknown[]>;
  /** Closes the app as a person does, by its last window. */
  leave(): Promise<void>;
  /** Ends it as a power button would. */
  kill(): Promise<void>;
  /** Opens it again on the same data. */
  come(): Promise<Page>;
  /** Ends everything, however far it has come. */
  end(): Promise<void>;
}

const SIZE = { width: 1440, height: 900 };
const CHROMIUM = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
];

/** A data folder of its own for one scenario. */
export async function newData(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'soma-data-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function takeSeat(place: Place, data: string): Promise<Seat> {
  return place === 'window' ? windowSeat(data) : tabSeat(data);
}

async function windowSeat(data: string): Promise<Seat> {
  let app: ElectronApplication | null = null;
  let current: Page | null = null;
  const open = async () => {
    const launched = await launchApp(data);
    app = launched.app;
    current = launched.page;
    await current.setViewportSize(SIZE);
    return current;
  };
  const opened = () => {
    if (app === null || current === null) throw new Error('the window is not open');
    return { app, page: current };
  };
  await open();
  return {
    place: 'window',
    data,
    page: () => opened().page,
    answerDialog: (path) => pickFolder(opened().app, path),
    another: async () => {
      const next = opened().app.waitForEvent('window');
      await clickMenu(opened().app, { keys: 'Control+Shift+N' });
      const page = await next;
      await page.setViewportSize(SIZE);
      return page;
    },
    windows: () => inWindows(opened().app),
    leave: async () => {
      await opened().app.close();
      app = null;
    },
    kill: async () => {
      const child = opened().app.process();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      app = null;
    },
    come: open,
    end: async () => {
      await app?.close();
      app = null;
    },
  };
}

/** The system's own dialog stands outside of what a test can reach, so its answer is given where Electron would hand it on. */
async function pickFolder(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, picked) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
  }, path);
}

async function tabSeat(data: string): Promise<Seat> {
  const browser: Browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: CHROMIUM,
  });
  const context = await browser.newContext({ viewport: SIZE });
  let serve: ChildProcess | null = null;
  let address = '';
  let current: Page | null = null;
  const open = async () => {
    ({ child: serve, address } = await startServe(data));
    current = await context.newPage();
    await current.goto(address);
    return current;
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ending = serve;
    serve = null;
    await current?.close();
    if (ending === null || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
  };
  await open();
  return {
    place: 'tab',
    data,
    page: () => {
      if (current === null) throw new Error('the tab is not open');
      return current;
    },
    answerDialog: async () => undefined,
    another: async () => {
      const page = await context.newPage();
      await page.goto(new URL('/', address).href);
      return page;
    },
    windows: () => Promise.resolve([]),
    leave: () => stop('SIGTERM'),
    kill: () => stop('SIGKILL'),
    come: open,
    end: async () => {
      await stop('SIGTERM');
      await browser.close();
    },
  };
}

/** The host without a window; resolves with the one line it prints. */
export function startServe(data: string): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(node24(), [join(out, 'node', 'serve.js')], {
    env: environment({ SOMA_DATA_DIR: data }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^open (http:\/\/\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve({ child, address });
    });
  });
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The terminal `soma`, as it is typed. */
export function soma(args: readonly string[], data: string, cwd = tmpdir()): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      node24(),
      [join(out, 'node', 'terminal.js'), ...args],
      { env: environment({ SOMA_DATA_DIR: data, INIT_CWD: cwd }), cwd, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
          stdout,
          stderr,
        }),
    );
  });
}
