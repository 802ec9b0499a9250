// Parts of the operating system that npm cannot bring: looked for one by one, installed where we may, else named.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment } from './place.mjs';
import { run, SetUpFailure, step } from './process.mjs';

/** @typedef {{ name: string, packages: readonly string[], present: () => boolean, without: string }} Part */

const libraries = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxkbcommon0',
  'libxcomposite1',
  'libxdamage1',
  'libxrandr2',
];

/** @param {string} program */
export function onPath(program, path = process.env.PATH ?? '') {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

const chromiums = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @returns {string | undefined} the browser that tests drive; SOMA_CHROMIUM names another */
export function chromium() {
  return [process.env.SOMA_CHROMIUM ?? '', ...chromiums].find((path) => path !== '' && existsSync(path));
}

/**
 * @param {string} executable an Electron
 * @returns {Part} the libraries it links against; without them it ends in a segmentation fault and no word
 */
export function electronLibraries(executable) {
  return {
    name: "Electron's libraries",
    packages: libraries,
    present: () => process.platform !== 'linux' || missingLibraries(lddOf(executable)).length === 0,
    without: 'the window cannot open',
  };
}

/** @param {string} executable */
function lddOf(executable) {
  try {
    return execFileSync('ldd', [executable], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/**
 * @param {string} listing what ldd printed
 * @returns {string[]}
 */
export function missingLibraries(listing) {
  return listing
    .split('\n')
    .filter((line) => line.includes('=> not found'))
    .map((line) => line.trim().split(' ')[0] ?? '');
}

/** @type {readonly Part[]} what tests need beside Electron's own libraries */
export const testParts = [
  {
    name: 'Chromium',
    packages: ['chromium', 'chromium-sandbox'],
    present: () => chromium() !== undefined,
    without: 'component and browser-tab tests cannot run',
  },
  {
    name: 'Xvfb',
    packages: ['xvfb'],
    present: () => process.platform !== 'linux' || onPath('Xvfb'),
    without: 'window tests cannot run without a display',
  },
  {
    name: 'strace',
    packages: ['strace'],
    present: () => process.platform !== 'linux' || onPath('strace'),
    without: 'tests of failing disks cannot run',
  },
  {
    name: 'the Liberation fonts',
    packages: ['fonts-liberation'],
    present: () =>
      process.platform !== 'linux' ||
      [
        '/usr/share/fonts/truetype/liberation',
        '/usr/share/fonts/liberation',
        '/usr/share/fonts/liberation-fonts',
      ].some((path) => existsSync(path)),
    without: 'pictures of the window come out with other letters',
  },
];

/**
 * @param {{ root: boolean, sudo: boolean, apt: boolean }} rights
 * @returns {readonly string[] | undefined} how a command becomes one of the system's administrator; undefined when we may not
 */
export function administrator({ root, sudo, apt }) {
  if (!apt) return undefined;
  if (root) return [];
  return sudo ? ['sudo', '-n'] : undefined;
}

async function rights() {
  const sudo = onPath('sudo') && (await run(['sudo', '-n', 'true'], { env: environment() })).code === 0;
  return { root: process.getuid?.() === 0, sudo, apt: onPath('apt-get') };
}

/**
 * Newer Debian and Ubuntu renamed some libraries for 64-bit time; the old name may then be ambiguous.
 * @param {readonly string[]} packages
 * @param {ReadonlySet<string>} known every package name apt knows
 */
export function namedHere(packages, known) {
  return packages.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}

/**
 * Sees to it that every part is there, or stops with the one line to type.
 * @param {readonly Part[]} parts
 */
export async function ensureParts(parts) {
  const missing = parts.filter((part) => !part.present());
  if (missing.length === 0) return;
  const packages = missing.flatMap((part) => part.packages);
  const names = missing.map((part) => part.name).join(', ');
  const prefix = administrator(await rights());
  if (prefix !== undefined)
    await step(`installing ${names} with apt`, (hear) => install(prefix, packages, hear));
  const still = missing.filter((part) => !part.present());
  if (still.length === 0) return;
  throw new SetUpFailure({
    code: 'SETUP_SYSTEM_PARTS_MISSING',
    cause: `this machine has no ${still.map((part) => part.name).join(', no ')}`,
    effect: still.map((part) => part.without).join('; '),
    next: `sudo apt-get install -y --no-install-recommends ${still.flatMap((part) => part.packages).join(' ')}`,
  });
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} packages
 * @param {(line: string) => void} hear
 */
async function install(prefix, packages, hear) {
  /** @param {string[]} words */
  const apt = (...words) => {
    const [program = 'apt-get', ...rest] = [...prefix, ...words];
    return run([program, ...rest], { hear, env: environment({ DEBIAN_FRONTEND: 'noninteractive' }) });
  };
  await apt('apt-get', 'update');
  const known = new Set((await run(['apt-cache', 'pkgnames'], { env: environment() })).lines);
  const { code, lines } = await apt(
    'apt-get',
    'install',
    '-y',
    '--no-install-recommends',
    ...namedHere(packages, known),
  );
  if (code === 0) return;
  throw new SetUpFailure({
    code: 'SETUP_SYSTEM_PARTS_FAILED',
    cause: `apt-get ended with ${code}`,
    effect: 'parts of the system that tests or the window need are missing',
    next: `look at the lines above, then type: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    output: lines.slice(-15),
  });
}
