import { describe, expect, it } from 'vitest';
import { smokeEvents } from '../testing/event-smoke.ts';
import { temporaryFolder } from '../testing/local-store.ts';

describe('a life with the product', () => {
  it('brings an event of every type by its topics, each as the emitted schema says', {
    timeout: 60_000,
  }, async () => {
    const { path, remove } = temporaryFolder();
    try {
      for (const { topic, envelopes, missing, faults } of await smokeEvents(path)) {
        expect({ topic, missing, faults }).toEqual({ topic, missing: [], faults: [] });
        for (const stream of new Set(envelopes.map(({ subject }) => subject))) {
          const mine = envelopes.filter(({ subject }) => subject === stream);
          const sequences = mine.map(({ sequence }) => Number(sequence));
          expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
        }
      }
    } finally {
      remove();
    }
  });
});
