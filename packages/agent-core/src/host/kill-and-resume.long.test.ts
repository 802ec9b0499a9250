import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import type { Failpoint } from '../failpoint/index.ts';
import { killAndResume, RUN_FAILPOINTS } from '../testing/run-kill-scenario.ts';

/** Kills: two thirds of what `npm run soak -- boundaries 480` plays. */
const KILLS = Number(process.env['SOMA_SOAK_CASES'] ?? 320);

it('a run whose process is killed at any boundary of any of its states resumes to the same end', {
  timeout: 14_400_000,
}, async () => {
  const began = performance.now();
  const failures: string[] = [];
  /** The first passing of each that a run does not come to. */
  const ends = new Map<Failpoint, number>();
  let kills = 0;
  /** The boundaries one after the other, again from the first when the run has no more. */
  const boundaries = (function* () {
    for (;;)
      for (const name of RUN_FAILPOINTS)
        for (let hit = 1; hit < (ends.get(name) ?? Number.POSITIVE_INFINITY); hit += 1) yield { name, hit };
  })();
  const lane = async () => {
    for (const { name, hit } of boundaries) {
      if (kills >= KILLS || failures.length >= 3) return;
      try {
        if (await killAndResume(name, hit)) kills += 1;
        else ends.set(name, Math.min(hit, ends.get(name) ?? hit));
      } catch (error) {
        failures.push(`${name}:${hit}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`kills at boundaries: ${kills} in ${seconds} s, of ${RUN_FAILPOINTS.length} kinds\n`);
  expect(failures).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
});
