import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from './rank.ts';

const scored = (query: string, titles: readonly string[]) =>
  titles
    .flatMap((title) => {
      const found = rank(query, title);
      return found === null ? [] : [{ title, score: found.score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ title }) => title);

describe('the ranking of titles', () => {
  it('puts the start of a title before the start of a word, and that before the middle of one', () => {
    expect(scored('re', ['Current figures', 'Show all recent', 'Rename this', 'Fit'])).toEqual([
      'Rename this',
      'Show all recent',
      'Current figures',
    ]);
  });

  it('prefers the shorter of two equal matches', () => {
    expect(scored('undo', ['Undo what this run did', 'Undo'])).toEqual(['Undo', 'Undo what this run did']);
  });

  it('wants every word, in any order', () => {
    expect(rank('board fit', 'Fit the board')?.matches).toEqual([
      [0, 3],
      [8, 13],
    ]);
    expect(rank('fit all', 'Fit the board')).toBeNull();
  });

  it('marks only places that hold what was typed, in order and apart', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 40 }), (query, title) => {
        const found = rank(query, title);
        let from = 0;
        for (const [start, end] of found?.matches ?? []) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeLessThanOrEqual(title.length);
          from = end;
        }
      }),
    );
  });
});
