// Everything that must be there before something starts, each made once and again only when what went into it changed.
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureElectron } from '../electron/electron.mjs';
import { cache, desktop, environment, node24, out, pnpm, root } from './place.mjs';
import { run, SetUpFailure, say, step } from './process.mjs';
import { hashOf, readStamp, unlessDone } from './stamp.mjs';
import { electronLibraries, ensureParts } from './system-parts.mjs';

const manifests = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'schemas/package.json',
  'packages/agent-core/package.json',
  'packages/ui/package.json',
  'apps/desktop/package.json',
  'e2e/package.json',
];

/** Installs the workspace when its manifests differ from those last installed. */
export async function ensureInstalled() {
  const modules = join(root, 'node_modules');
  // An `npm install` typed by habit leaves a tree of its own, which pnpm then replaces.
  if (existsSync(join(modules, '.package-lock.json'))) rmSync(join(modules, '.soma.json'), { force: true });
  await unlessDone(join(modules, '.soma.json'), { manifests: hashOf(root, manifests) }, () =>
    step('installing packages', async (hear) => {
      const install = () =>
        run([...pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
          cwd: root,
          hear,
          env: environment({ CI: 'true', npm_config_loglevel: 'error' }),
        });
      // A registry that fails once is asked once more: what was fetched is kept.
      const first = await install();
      const { code, lines } = first.code === 0 ? first : await install();
      if (code === 0) return;
      throw new SetUpFailure({
        code: 'SETUP_INSTALL_FAILED',
        cause: `pnpm install ended with ${code}`,
        effect: 'nothing can start',
        next: 'look at the lines above; without a connection to the npm registry, connect and try again',
        output: lines.slice(-15),
      });
    }),
  );
  await ensureNode24();
}

async function ensureNode24() {
  const node = node24();
  if (node !== process.execPath || Number.parseInt(process.versions.node, 10) >= 24) return;
  throw new SetUpFailure({
    code: 'SETUP_NODE_24_MISSING',
    cause: `this is Node ${process.versions.node}, and npm carries no Node 24 for ${process.platform}-${process.arch}`,
    effect: 'nothing can start',
    next: 'install Node 24 from nodejs.org and try again',
  });
}

/** @returns {Promise<import('../electron/electron.mjs').Electron>} an Electron that can start on this system */
export async function ensureWindowRuntime() {
  const electron = await ensureElectron();
  await ensureParts([electronLibraries(electron.executable)]);
  return electron;
}

/** @param {string} path */
const product = (path) => !/\.test\.tsx?$/.test(path);

const sources = () =>
  hashOf(
    root,
    [
      'pnpm-lock.yaml',
      'schemas/src',
      'packages/agent-core/src',
      'packages/ui/src',
      'apps/desktop/package.json',
      'apps/desktop/src',
      'apps/desktop/build',
      'apps/desktop/electron.vite.config.ts',
      'apps/desktop/vite.node.config.ts',
    ],
    product,
  );

/**
 * Builds the window: main, preload, renderer. What runs in Electron is built for the Electron it will run in, so its version
 * is an input like any source; a browser tab needs the renderer only, which is the same for all.
 * @param {import('../electron/electron.mjs').Electron} [electron] undefined when only a browser tab will be served
 */
export async function ensureWindowBuild(electron) {
  const stamp = join(out, 'window.json');
  const inputs = sources();
  if (electron === undefined && readStamp(stamp).sources === inputs) return;
  const runtime = electron === undefined ? 'none' : `${electron.version} ${electron.driver ?? ''}`;
  await unlessDone(stamp, { sources: inputs, runtime }, () => buildWindow(out, electron));
}

/**
 * @param {string} folder where its three bundles go
 * @param {Partial<import('../electron/electron.mjs').Electron>} [electron]
 */
export function buildWindow(folder, electron) {
  return build('building the window', ['electron-vite', 'build', '--logLevel', 'warn', '--outDir', folder], {
    SOMA_STAND_IN_DRIVER: electron?.driver,
    ELECTRON_MAJOR_VER: electron?.version?.split('.')[0],
  });
}

/** Builds what Node runs: `serve` and the terminal. */
export async function ensureNodeBuild() {
  await unlessDone(join(out, 'node.json'), { sources: sources() }, () =>
    build('building the terminal', ['vite', 'build', '-c', 'vite.node.config.ts', '--logLevel', 'warn'], {}),
  );
}

/**
 * @param {string} label
 * @param {readonly [string, ...string[]]} command a program of apps/desktop
 * @param {NodeJS.ProcessEnv} more
 */
async function build(label, [program, ...args], more) {
  await step(label, async (hear) => {
    const script = join(desktop, 'node_modules', '.bin', program);
    const env = environment({ ...more, NO_COLOR: '1' });
    const { code, lines } = await run([script, ...args], { cwd: desktop, hear, env });
    if (code === 0) return;
    throw new SetUpFailure({
      code: 'SETUP_BUILD_FAILED',
      cause: `${program} ended with ${code}`,
      effect: 'the app in this clone cannot start',
      next: 'the lines above name the file; in an unchanged clone, report them',
      output: lines.slice(-25),
    });
  });
}

/**
 * Holds the clone while something is prepared, so that two starts at once do not build into each other.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function preparing(work) {
  const lock = join(cache, 'preparing');
  mkdirSync(cache, { recursive: true });
  let said = 0;
  while (!take(lock)) {
    const other = holder(lock);
    if (!alive(other)) rmSync(lock, { force: true });
    else if (said !== other) say(`waiting for another start in this clone (process ${other})`);
    said = other;
    await pause(100);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

/**
 * Takes the lock, whole at once by a hard link.
 * @param {string} lock
 */
function take(lock) {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} lock */
const holder = (lock) => Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);

/** @param {number} pid */
function alive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (fault) {
    return /** @type {NodeJS.ErrnoException} */ (fault).code === 'EPERM';
  }
}
