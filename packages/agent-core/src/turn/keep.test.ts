import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleTurn } from './context.ts';
import { cut, keepRelevant } from './keep.ts';

const FILLER = 'the quay was wet and the ropes were slack and nobody came by that morning ';

function results(): Readonly<Record<string, string[]>> {
  return Object.fromEntries(
    Array.from({ length: 25 }, (_, turn) => {
      const lines = Array.from({ length: 100 }, (_line, index) => `${FILLER}${(index * 31 + turn) % 97}`);
      // Somewhere in the middle, another place each time.
      lines[20 + ((turn * 37) % 60)] = `The warden of pier ${turn + 1} is called Odo${turn + 1}.`;
      return [`turn-${turn + 1}`, lines];
    }),
  );
}

const goal = 'Name the warden of each pier';
const asked = {
  ...({ id: 'c', kind: 'answer', goal, guides: null, said: null, words: '', outputTokens: null } as const),
  offer: { tools: [], self: null, others: [] },
  results: results(),
  contextTokens: 32_000,
};

function wordsOf(): string {
  const made = assembleTurn(asked);
  return made.ok ? JSON.stringify(made.turn.messages) : '';
}

describe('what is kept of results that are too long', () => {
  it('has every fact that the goal asks for, planted in turns 1 to 25', () => {
    const whole = JSON.stringify(asked.results);
    expect(whole.length / 3).toBeGreaterThan(asked.contextTokens * 1.5);
    const words = wordsOf();
    for (let turn = 1; turn <= 25; turn += 1) expect(words).toContain(`is called Odo${turn}.`);
    // Beginnings alone would have none of most of them.
    const beginnings = Object.values(asked.results).map((lines) => cut(JSON.stringify(lines), 3000).text);
    expect(beginnings.filter((text) => text.includes('is called Odo')).length).toBeLessThan(13);
  });

  it('is never more than there is room for, stays in order, and says how much was left out', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'oil ', '\n', '},', 'lamp ', '7'), maxLength: 4000 }),
        fc.integer({ min: 0, max: 5000 }),
        (text, limit) => {
          const { text: kept, left } = keepRelevant(text, limit, 'the oil of a lamp');
          const gaps = [...kept.matchAll(/\n\[(\d+) characters left out\]\n/g)];
          expect(gaps.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(left);
          expect(left > 0).toBe(text.length > limit);
          const parts = kept.split(/\n\[\d+ characters left out\]\n/);
          expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(text.length - left);
          let from = 0;
          for (const part of parts) {
            const at = text.indexOf(part, from);
            expect(at).toBeGreaterThanOrEqual(from);
            from = at + part.length;
          }
          expect(text.length - left).toBeLessThanOrEqual(Math.max(limit, 0));
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });
});
