import { describe, expect, it } from 'vitest';
import { killAndResume, RUN_FAILPOINTS } from '../testing/run-kill-scenario.ts';

describe('a run whose process is killed at every boundary', () => {
  for (const name of RUN_FAILPOINTS) {
    it(`resumes to the same end after each passing of ${name}`, { timeout: 1_800_000 }, async () => {
      let hit = 1;
      while (await killAndResume(name, hit)) hit += 1;
      expect(hit).toBeGreaterThan(1);
    });
  }
});
