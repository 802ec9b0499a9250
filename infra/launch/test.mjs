// `npm test`: guards, units, properties, conformance, real Chromium, the builds, then scenarios in the real window.
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

const units = ['--project', 'node', '--project', 'browser', '--coverage'];
const scenarios = ['--config', 'e2e/vitest.config.ts'];

/** @returns {Promise<number>} exit code */
export async function test() {
  return closing(async () => {
    await prepareForTests();
    return sum(await everything());
  });
}

/**
 * @param {readonly string[]} args `--after-test`: npm test has just passed here, so only what it left out
 * @returns {Promise<number>} exit code
 */
export async function testAll(args) {
  return closing(async () => {
    await prepareForTests();
    const before = args.includes('--after-test') ? [] : await everything();
    const long = await vitest('long tables', ['--project', 'long']);
    const built = await builds();
    const more =
      built.failed > 0
        ? []
        : [await withDisplay((env) => vitest('long scenarios', [...scenarios, '--project', 'long'], env))];
    return sum([...before, long, ...(args.includes('--after-test') ? [built] : []), ...more]);
  });
}

/**
 * @param {() => Promise<Tally>} work
 * @returns {Promise<number>} exit code; a set-up that failed is one failure in the closing line, too
 */
async function closing(work) {
  try {
    return closingLine(await work());
  } catch (fault) {
    if (fault instanceof SetUpFailure) closingLine({ passed: 0, failed: 1 });
    throw fault;
  }
}

async function prepareForTests() {
  await preparing(async () => {
    await ensureInstalled();
    await ensureParts(testParts);
    await ensureWindowRuntime();
  });
}

/** @returns {Promise<Tally[]>} */
async function everything() {
  const guards = await runGuards();
  const tests = await vitest('units, properties, conformance, components', units);
  const built = await builds();
  if (built.failed > 0) return [guards, tests, built];
  return [
    guards,
    tests,
    built,
    await withDisplay((env) => vitest('scenarios', [...scenarios, '--project', 'window'], env)),
  ];
}

/**
 * @returns {Promise<Tally>} the two builds as two tests; when one fails no scenario can run, and that is said
 */
async function builds() {
  try {
    await preparing(async () => {
      await ensureWindowBuild(await ensureWindowRuntime());
      await ensureNodeBuild();
    });
    return { passed: 2, failed: 0 };
  } catch (fault) {
    if (!(fault instanceof SetUpFailure)) throw fault;
    for (const line of fault.output) say(`  | ${line}`);
    say(`FAILED ${fault.code}: ${fault.message}; no scenario can run`);
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {string} label
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {Promise<Tally>}
 */
async function vitest(label, args, more = {}) {
  const report = join(cache, 'report.json');
  mkdirSync(cache, { recursive: true });
  rmSync(report, { force: true });
  say(`${label} ...`);
  const { code } = await run(
    ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, echo: true, env: environment(more) },
  );
  const tally = tallyOf(existsSync(report) ? readFileSync(report, 'utf8') : undefined, code);
  for (const note of tally.notes) say(`  ${note}`);
  say(`${tally.failed === 0 ? 'ok    ' : 'FAILED'} ${label}: ${tally.passed} passed, ${tally.failed} failed`);
  return tally;
}
