import { describe, expect, it } from 'vitest';
import { killWhileAsking } from '../testing/free-goal-scenario.ts';

describe('a goal that a model works out, its process killed', () => {
  it.each([
    ['ledger.commit.before', 9],
    ['ledger.commit.written', 14],
    ['ledger.commit.after', 24],
    ['documents.append.after', 2],
  ] as const)(
    'comes to the same end, and asks for no answer twice that is on record: %s, passing %i',
    async (name, hit) => {
      expect(await killWhileAsking(name, hit)).toBe(true);
    },
    60_000,
  );
});
