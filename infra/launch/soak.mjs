// `npm run soak -- NAME [CASES] [SEED]`: one table of faults at its full count. Its answer, JSON, is the last line on stdout.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { environment, root } from './place.mjs';
import { ensureInstalled, preparing } from './prepare.mjs';
import { run, say } from './process.mjs';

const core = 'packages/agent-core/src';

/** @type {ReadonlyMap<string, { file: string, project: string, cases: number }>} */
const tables = new Map([
  ['models', { file: `${core}/engine/run-model.test.ts`, project: 'node', cases: 100_000 }],
  ['answers', { file: `${core}/engine/ambiguous.long.test.ts`, project: 'long', cases: 5000 }],
  ['ports', { file: `${core}/host/ambiguous-ports.long.test.ts`, project: 'long', cases: 5000 }],
  ['boundaries', { file: `${core}/host/kill-and-resume.long.test.ts`, project: 'long', cases: 15_000 }],
  ['free-loop', { file: `${core}/host/free-loop.long.test.ts`, project: 'long', cases: 2000 }],
  ['runs', { file: `${core}/host/many-runs.long.test.ts`, project: 'long', cases: 10_000 }],
  ['take-back', { file: `${core}/host/take-back-kill.long.test.ts`, project: 'long', cases: 1000 }],
  ['delegation', { file: `${core}/host/delegation-kill.long.test.ts`, project: 'long', cases: 1000 }],
  [
    'leases',
    { file: `${core}/adapter/sqlite-ledger/lease-race.long.test.ts`, project: 'long', cases: 10_000 },
  ],
  ['power', { file: `${core}/adapter/sqlite-ledger/power-cut.long.test.ts`, project: 'long', cases: 5000 }],
]);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export async function soak([name = '', cases, seed = '1']) {
  const table = tables.get(name);
  if (table === undefined) {
    say(
      `USE_UNKNOWN_SOAK: there is no table "${name}"\n  next: npm run soak -- NAME, one of ${[...tables.keys()].join(', ')}`,
    );
    return 2;
  }
  await preparing(ensureInstalled);
  const count = Number(cases ?? table.cases);
  const began = performance.now();
  const { code, lines } = await run(['vitest', 'run', '--project', table.project, table.file], {
    cwd: root,
    env: environment({
      NO_COLOR: '1',
      SOMA_SOAK_CASES: String(count),
      SOMA_SOAK_SEED: seed,
      SOMA_MODEL_SEEDS: String(count),
      SOMA_MODEL_FROM: seed,
    }),
  });
  if (code !== 0) for (const line of lines.slice(-80)) say(`  | ${line}`);
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const seconds = Math.round((performance.now() - began) / 1000);
  const cores = availableParallelism();
  process.stdout.write(
    `${JSON.stringify({ soak: name, passed: code === 0, cases: count, seed: Number(seed), commit, seconds, cores })}\n`,
  );
  return code === 0 ? 0 : 1;
}
