// `npm test`: guards, units, properties, conformance, real Chromium, the builds, then scenarios in the real window; with --coverage,
// as .ci/run has it, the share of lines that units and components run is held against its gates as well, which takes longer.
// `npm run test:all`: the same and the long tables; with --after-test only what npm test left out.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runGuards } from './check.mjs';
import { withDisplay } from './display.mjs';
import { cache, environment, root } from './place.mjs';
import {
  ensureInstalled,
  ensureNodeBuild,
  ensureWindowBuild,
  ensureWindowRuntime,
  preparing,
} from './prepare.mjs';
import { run, SetUpFailure, say } from './process.mjs';
import { ensureParts, testParts } from './system-parts.mjs';
import { closingLine, sum, tallyOf } from './tally.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */
/** @typedef {Tally & { notes: readonly string[] }} Counted */

/** @typedef {{ name: string, label: string, args: readonly string[], minutes: number, built?: boolean, covered?: boolean, mayBeEmpty?: boolean }} Suite */

const scenarios = ['--config', 'e2e/vitest.config.ts'];

/** @type {readonly Suite[]} what npm test runs after the guards */
const everyday = [
  {
    name: 'units',
    label: 'units, properties, conformance, components',
    args: ['--project', 'node', '--project', 'browser'],
    covered: true,
    minutes: 20,
  },
  {
    name: 'window',
    label: 'scenarios',
    args: [...scenarios, '--project', 'window'],
    minutes: 20,
    built: true,
  },
];

/** @type {readonly Suite[]} what npm run test:all adds */
const long = [
  {
    name: 'tables',
    label: 'long tables',
    args: ['--project', 'long'],
    minutes: 40,
    built: true,
    mayBeEmpty: true,
  },
  {
    name: 'long',
    label: 'long scenarios',
    args: [...scenarios, '--project', 'long'],
    minutes: 30,
    built: true,
    mayBeEmpty: true,
  },
];

/**
 * @param {readonly string[]} args `--coverage`: with the gates of coverage
 * @returns {Promise<number>} exit code
 */
export function test(args) {
  const suites = args.includes('--coverage') ? everyday.map(withCoverage) : everyday;
  return closing(async () => sum([await runGuards(), ...(await inTurn(suites))]));
}

/**
 * @param {Suite} suite
 * @returns {Suite}
 */
function withCoverage(suite) {
  return suite.covered === true ? { ...suite, args: [...suite.args, '--coverage'] } : suite;
}

/**
 * @param {readonly string[]} args `--after-test`: npm test has just run here, so only what it left out
 * @returns {Promise<number>} exit code
 */
export function testAll(args) {
  return closing(async () => {
    if (args.includes('--after-test')) return sum(await inTurn(long));
    return sum([await runGuards(), ...(await inTurn([...everyday, ...long]))]);
  });
}

/**
 * @param {() => Promise<Tally>} work
 * @returns {Promise<number>} exit code; a preparation that failed is one failure in the closing line, too
 */
async function closing(work) {
  try {
    await preparing(async () => {
      await ensureInstalled();
      await ensureParts(testParts);
      await ensureWindowRuntime();
    });
    return closingLine(await work());
  } catch (fault) {
    if (fault instanceof SetUpFailure) closingLine({ passed: 0, failed: 1 });
    throw fault;
  }
}

/**
 * @param {readonly Suite[]} suites
 * @returns {Promise<Tally[]>}
 */
async function inTurn(suites) {
  const tallies = [];
  for (const suite of suites) {
    say(`${suite.label} ...`);
    const tally =
      suite.built === true
        ? ((await unbuilt()) ?? (await withDisplay((env) => vitest(suite, env))))
        : await vitest(suite);
    for (const note of tally.notes) say(`  ${note}`);
    say(
      `${tally.failed === 0 ? 'ok    ' : 'FAILED'} ${suite.label}: ${tally.passed} passed, ${tally.failed} failed`,
    );
    tallies.push(tally);
  }
  return tallies;
}

/**
 * Builds what scenarios drive.
 * @returns {Promise<Counted | undefined>} one failure when that cannot be done, since then nothing of it can run
 */
async function unbuilt() {
  try {
    await preparing(async () => {
      await ensureWindowBuild(await ensureWindowRuntime());
      await ensureNodeBuild();
    });
    return undefined;
  } catch (fault) {
    if (!(fault instanceof SetUpFailure)) throw fault;
    const said = fault.output.map((line) => `| ${line}`);
    return {
      passed: 0,
      failed: 1,
      notes: [...said, `${fault.code}: ${fault.message}; none of it could run`],
    };
  }
}

/**
 * @param {Suite} suite
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {Promise<Counted>}
 */
async function vitest({ name, args, minutes, mayBeEmpty = false }, more = {}) {
  const report = join(cache, `report-${name}.json`);
  mkdirSync(cache, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(
    ['vitest', 'run', ...reporters, ...args, ...(mayBeEmpty ? ['--passWithNoTests'] : [])],
    // A loop without an end cannot be stopped by vitest itself.
    { cwd: root, echo: true, seconds: minutes * 60, env: environment(more) },
  );
  return tallyOf(existsSync(report) ? readFileSync(report, 'utf8') : undefined, { code, mayBeEmpty });
}
