import { describe, expect, it } from 'vitest';
import { killAndTakeBack, TAKE_BACK_FAILPOINTS } from '../testing/take-back-scenario.ts';

/** More passings than any of the failpoints has in one run. */
const MOST_HITS = 60;

/** Each commit is cut off at one of its sides: before it is written, when it is, when it was acknowledged. */
const FIRST: Readonly<Record<string, number>> = {
  ...{ 'ledger.commit.before': 1, 'ledger.commit.written': 2, 'ledger.commit.after': 3 },
};

describe('a change that is taken back, with the process killed', () => {
  for (const name of TAKE_BACK_FAILPOINTS) {
    const first = FIRST[name] ?? 1;
    const stride = name in FIRST ? 3 : 1;
    it(`at ${name}`, {
      timeout: 600_000,
    }, async () => {
      let hit = first;
      while (hit < MOST_HITS && (await killAndTakeBack(name, hit))) hit += stride;
      expect(hit).toBeGreaterThan(first);
      expect(hit).toBeLessThan(MOST_HITS);
    });
  }
});
