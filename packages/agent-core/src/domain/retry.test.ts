import { fault } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAt } from './retry.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('another attempt', () => {
  it('never comes for a fault that says so, nor after the third', () => {
    expect(retryAt({ fault: fault('TOOL_FAILED'), attempt: 1, now: NOW, chance: 0 })).toBeNull();
    const again = fault('TOOL_TIMEOUT', {}, { when: 'now' });
    expect(retryAt({ fault: again, attempt: 2, now: NOW, chance: 0 })).not.toBeNull();
    expect(retryAt({ fault: again, attempt: 3, now: NOW, chance: 0 })).toBeNull();
  });

  it('waits longer each time, between half of a doubling pause and all of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), chance, (attempt, chance) => {
        const again = fault('TOOL_TIMEOUT', {}, { when: 'now' });
        const at = retryAt({ fault: again, attempt, now: NOW, chance });
        const pause = Date.parse(at ?? '') - Date.parse(NOW);
        expect(pause).toBeGreaterThanOrEqual(125 * 2 ** (attempt - 1) - 1);
        expect(pause).toBeLessThanOrEqual(250 * 2 ** (attempt - 1));
      }),
    );
  });

  it('is never earlier than the fault advises', () => {
    const at = '2026-01-01T00:05:00.000Z';
    const busy = fault('FETCH_STATUS', {}, { when: 'at', at });
    expect(retryAt({ fault: busy, attempt: 1, now: NOW, chance: 0.9 })).toBe(at);
    const past = fault('FETCH_STATUS', {}, { when: 'at', at: '2025-01-01T00:00:00.000Z' });
    expect((retryAt({ fault: past, attempt: 1, now: NOW, chance: 0.9 }) ?? '') > NOW).toBe(true);
  });
});
