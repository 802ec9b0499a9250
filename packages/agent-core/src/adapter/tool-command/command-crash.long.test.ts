import { describe, expect, it } from 'vitest';
import { killWhileCommanding } from '../../testing/command-kill-scenario.ts';

describe('a host that is killed at any of its writes while a command runs', () => {
  it.each(['ledger.commit.before', 'ledger.commit.after'] as const)(
    'runs the command once, and proves how it ended: %s',
    async (name) => {
      let hit = 1;
      while (await killWhileCommanding({ name, hit })) hit += 1;
      expect(hit).toBeGreaterThan(10);
    },
    300_000,
  );
});
