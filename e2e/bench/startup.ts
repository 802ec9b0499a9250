import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronArguments, preparedElectron } from '../../infra/electron/electron.mjs';
import { launchElectron } from '../app.ts';
import { figureOf, rounded } from './part/figure.ts';

// Time to the first useful paint and idle memory, beside an empty window of the same Electron in the same run.

const ROUNDS = 5;
const IDLE_MS = 5000;
const LIMITS = { timeRatio: 2, memoryRatio: 1.6 };

interface Started {
  readonly ms: number;
  readonly mb: number;
}

const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  const empty = await emptyApp(join(work, 'empty'));
  const ours: Started[] = [];
  const peer: Started[] = [];
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    peer.push(await start([empty, ...electronArguments().slice(1)], '#ready', {}));
    const data = join(work, `data-${round}`);
    ours.push(await start(electronArguments(), 'h1', { SOMA_DATA_DIR: data }));
  }
  const [mine, other] = [ours, peer].map((runs) => ({
    firstPaintMs: figureOf(runs.map(({ ms }) => ms)),
    idlePssMb: figureOf(runs.map(({ mb }) => mb)),
  }));
  const ratio = (a = 0, b = 1) => rounded(a / b);
  const answer = {
    bench: 'startup',
    electron: preparedElectron().version,
    limits: LIMITS,
    soma: mine,
    emptyWindow: other,
    timeRatio: ratio(mine?.firstPaintMs.median, other?.firstPaintMs.median),
    memoryRatio: ratio(mine?.idlePssMb.median, other?.idlePssMb.median),
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

/** An app of one window with one heading and nothing else. */
async function emptyApp(folder: string): Promise<string> {
  await mkdir(folder);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', productName: 'Empty', version: '1.0.0', main: 'main.cjs' }),
  );
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><h1 id="ready">Ready</h1>',
  );
  const main = `const { app, BrowserWindow } = require('electron');
app.setPath('userData', ${JSON.stringify(join(folder, 'data'))});
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900, webPreferences: { sandbox: true, contextIsolation: true } }).loadFile('index.html'));
app.on('window-all-closed', () => app.quit());
`;
  await writeFile(join(folder, 'main.cjs'), main);
  return folder;
}

/** From the start of the process until the element is there and painted, and the memory of the whole tree after five idle seconds. */
async function start(args: readonly string[], ready: string, env: Record<string, string>): Promise<Started> {
  const { app, page, began } = await launchElectron(args, env);
  try {
    await page.locator(ready).first().waitFor();
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const ms = performance.now() - began;
    await page.waitForTimeout(IDLE_MS);
    return { ms, mb: treePss(app.process().pid ?? 0) };
  } finally {
    await app.close();
  }
}

/** Proportional set size of a process and all below it, in megabytes: shared pages are counted once. */
function treePss(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name)
      ? /^PPid:\s+(\d+)/m.exec(textOf(`/proc/${name}/status`))?.[1]
      : undefined;
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => pid === root || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  const pids = [...parents.keys()].filter(isBelow);
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return rounded(kilobytes.reduce((sum, value) => sum + value, 0) / 1024);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
