import { describe, expect, it } from 'vitest';
import { killAtRandom } from '../testing/random-kills.ts';
import { killAndTakeBack, TAKE_BACK_FAILPOINTS } from '../testing/take-back-scenario.ts';

/** More passings than any of the failpoints has in one run. */
const MOST_HITS = 60;

/** Each commit is cut off at one of its sides: before it is written, when it is, when it was acknowledged. */
const FIRST: Readonly<Record<string, number>> = {
  ...{ 'ledger.commit.before': 1, 'ledger.commit.written': 2, 'ledger.commit.after': 3 },
};

/** The table goes through every place; with SOMA_SOAK_CASES as many kills are played at places a seed chooses. */
const CASES = process.env['SOMA_SOAK_CASES'];
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 1);

/** Only the one that was asked for is there: a test that is not played must not be counted. */
if (CASES === undefined) {
  describe('a change that is taken back, with the process killed', () => {
    for (const name of TAKE_BACK_FAILPOINTS)
      it(`at ${name}`, { timeout: 600_000 }, async () => {
        const first = FIRST[name] ?? 1;
        let hit = first;
        while (hit < MOST_HITS && (await killAndTakeBack(name, hit))) hit += name in FIRST ? 3 : 1;
        expect(hit).toBeGreaterThan(first);
        expect(hit).toBeLessThan(MOST_HITS);
      });
  });
} else {
  it('a change that is taken back, with the process killed at random', { timeout: 14_400_000 }, async () => {
    await killAtRandom({
      ...{ names: TAKE_BACK_FAILPOINTS, cases: Number(CASES), seed: SEED, mostHits: 40 },
      play: killAndTakeBack,
    });
  });
}
