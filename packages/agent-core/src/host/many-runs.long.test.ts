import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { killAmongRuns } from '../testing/many-runs-scenario.ts';

/** Kills: half of what `npm run soak -- runs 200` plays. */
const KILLS = Number(process.env['SOMA_SOAK_CASES'] ?? 100);
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 1);
/** Hosts killed one after the other on the same data. */
const GENERATIONS = 12;

it('hosts that are killed at any time among 20 runs, and while they take them up, lose nothing and repeat nothing', {
  timeout: 7_200_000,
}, async () => {
  const began = performance.now();
  const failures: string[] = [];
  let kills = 0;
  let seed = SEED;
  const lane = async () => {
    while (kills < KILLS && failures.length < 3) {
      const own = seed++;
      await killAmongRuns(own, GENERATIONS).then(
        (killed) => {
          kills += killed;
        },
        (error: unknown) => failures.push(`seed ${own}: ${String(error)}`),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  process.stdout.write(
    `kills among 20 runs: ${kills} in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  expect(failures).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
});
