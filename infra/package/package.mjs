// `npm run package -- smoke|release`: the app as people get it. The folder it is in is the answer, on stdout.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, desktop, environment, pnpm, root } from '../launch/place.mjs';
import {
  buildWindow,
  ensureInstalled,
  ensureNodeBuild,
  ensureWindowRuntime,
  preparing,
} from '../launch/prepare.mjs';
import { run, SetUpFailure, say, step } from '../launch/process.mjs';

const profiles = ['smoke', 'release'];

/**
 * @param {readonly string[]} args the profile
 * @returns {Promise<number>} exit code
 */
export async function makePackage([profile = '']) {
  if (!profiles.includes(profile)) {
    say(
      `USE_UNKNOWN_PROFILE: there is no profile "${profile}"\n  next: npm run package -- smoke, or release`,
    );
    return 2;
  }
  await preparing(async () => {
    await ensureInstalled();
    const electron = await ensureWindowRuntime();
    if (profile === 'release') refuseStandIn(electron);
    await ensureNodeBuild();
    // Built apart from the clone's own: a package names its driver, never a path on this machine.
    await buildWindow(join(cache, 'package', 'window'), { ...electron, driver: undefined });
    await pack(profile, electron);
  });
  process.stdout.write(`${join(cache, 'package', profile)}\n`);
  return 0;
}

/**
 * @param {{ version: string, driver?: string }} electron
 * @throws {SetUpFailure} PACKAGE_STAND_IN_REFUSED on the stand-in, which nobody is given
 */
export function refuseStandIn({ driver, version }) {
  if (driver === undefined) return;
  throw new SetUpFailure({
    code: 'PACKAGE_STAND_IN_REFUSED',
    cause: `this clone runs the stand-in Electron ${version}`,
    effect: 'nothing was packed: what people get carries the real Electron only',
    next: 'pack a release on a machine that reaches the Electron download; npm run package -- smoke works here',
  });
}

/**
 * @param {string} profile
 * @param {import('../electron/electron.mjs').Electron} electron
 */
async function pack(profile, electron) {
  rmSync(join(cache, 'package', profile), { recursive: true, force: true });
  await step(`packing the app (${profile})`, async (hear) => {
    // Through pnpm, or electron-builder takes the app's folder for the root of the workspace.
    const builder = [
      ...pnpm,
      '--filter',
      '@soma/desktop',
      'exec',
      'electron-builder',
      '--config',
      '../../electron-builder.yml',
    ];
    const config = [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`];
    const [program = 'npx', ...args] = [...builder, ...config, ...(profile === 'smoke' ? ['--dir'] : [])];
    const { code, lines } = await run([program, ...args], {
      cwd: root,
      hear,
      env: environment({
        SOMA_PACKAGE_PROFILE: profile,
        SOMA_PACKAGE_DRIVER: driverOf(electron),
        npm_config_loglevel: 'error',
      }),
    });
    if (code === 0) return;
    throw new SetUpFailure({
      code: 'PACKAGE_FAILED',
      cause: `electron-builder ended with ${code}`,
      effect: 'there is no package',
      next: 'the lines above name the reason',
      output: lines.slice(-30),
    });
  });
}

/**
 * The node_modules folder that holds the driver the packed Electron can load.
 * @param {import('../electron/electron.mjs').Electron} electron
 */
function driverOf({ folder, driver }) {
  return driver === undefined ? join(desktop, 'node_modules') : join(folder, 'native', 'node_modules');
}
