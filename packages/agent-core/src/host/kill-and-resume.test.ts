import { describe, expect, it } from 'vitest';
import { killAndResume, RUN_FAILPOINTS } from '../testing/run-kill-scenario.ts';

/**
 * Every boundary stands in kill-and-resume.long.test.ts; here a few of each kind, spread over the run. The fourth update of the board is the
 * caption, written when the run has ended.
 */
const HITS = [2, 4, 12];

describe('a run whose process is killed', () => {
  for (const name of RUN_FAILPOINTS) {
    it(`resumes to the same end, each fact and each card once, when killed at ${name}`, {
      timeout: 60_000,
    }, async () => {
      let killed = 0;
      for (const hit of HITS) if (await killAndResume(name, hit)) killed += 1;
      expect(killed).toBeGreaterThan(0);
    });
  }
});
