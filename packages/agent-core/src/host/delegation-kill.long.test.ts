import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { killDelegating } from '../testing/delegate-scenario.ts';
import { killAtRandom } from '../testing/random-kills.ts';

/** From one kill to the next, in commits. */
const STEP = 3;

/** The table kills all along; with SOMA_SOAK_CASES as many kills are played at places a seed chooses. */
const CASES = process.env['SOMA_SOAK_CASES'];
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 1);

async function killAllAlong(): Promise<void> {
  const failures: string[] = [];
  let kills = 0;
  let hit = 1 - STEP;
  let isOver = false;
  const lane = async () => {
    while (!isOver && failures.length < 3) {
      hit += STEP;
      const mine = hit;
      try {
        if (await killDelegating('ledger.commit.written', mine)) kills += 1;
        else isOver = true;
      } catch (error) {
        failures.push(`${mine}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  process.stdout.write(`kills while one run waits for another: ${kills}\n`);
  expect(failures).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(9);
}

async function killSomewhere(): Promise<void> {
  const names = ['ledger.commit.before', 'ledger.commit.written', 'ledger.commit.after'] as const;
  await killAtRandom({
    ...{ names, cases: Number(CASES), seed: SEED, mostHits: 80 },
    play: killDelegating,
  });
}

const WHERE = CASES === undefined ? 'at commits all along' : 'at random';

it(
  `two runs, one of which waits for the other, are resumed as one when their process is killed ${WHERE}`,
  {
    timeout: CASES === undefined ? 1_800_000 : 14_400_000,
  },
  CASES === undefined ? killAllAlong : killSomewhere,
);
