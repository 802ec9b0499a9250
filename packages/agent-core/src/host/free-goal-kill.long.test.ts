import { describe, expect, it } from 'vitest';
import { killWhileAsking } from '../testing/free-goal-scenario.ts';
import { RUN_FAILPOINTS } from '../testing/run-kill-scenario.ts';

describe('a goal that a model works out, its process killed at any durable write', () => {
  it.each(RUN_FAILPOINTS)(
    'comes to the same end at every passing of %s',
    async (name) => {
      let hits = 0;
      while (await killWhileAsking(name, hits + 1)) hits += 1;
      expect(hits).toBeGreaterThan(1);
    },
    600_000,
  );
});
