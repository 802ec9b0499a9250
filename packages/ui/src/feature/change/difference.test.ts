import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeLineOf, type DifferenceRow, differenceOf } from './difference.ts';

const file = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const bare = (row: DifferenceRow) => (row.kind === 'head' ? `@ ${row.from} to ${row.to}` : row.text);

describe('the difference of two texts', () => {
  it('shows what changed with both line numbers, two lines around it, and the words that differ', () => {
    const before = file(['one', 'two', 'three', 'const old = 1;', 'five', 'six', 'seven']);
    const rows = differenceOf(before, before.replace('old', 'fresh'));
    expect(rows.map(({ kind }) => kind)).toEqual([
      'head',
      'same',
      'same',
      'removed',
      'added',
      'same',
      'same',
    ]);
    expect(rows.map(bare)[0]).toBe('@ 2 to 6');
    expect(rows[3]).toMatchObject({ line: 4, text: 'const old = 1;' });
    expect(rows[4]).toMatchObject({ newLine: 4, text: 'const fresh = 1;' });
    const marked = rows.slice(3, 5).map((row) => {
      const { text, marks = [] } = codeLineOf(row, () => '');
      return marks.map(([from, to]) => text.slice(from, to));
    });
    expect(marked).toEqual([['old'], ['fresh']]);
  });

  it('names what the lines are in, as git does', () => {
    const before = file(['function push () {', '  a', '  b', '  c', '  d', '}']);
    expect(differenceOf(before, before.replace('d', 'e'))[0]).toMatchObject({ within: 'function push () {' });
  });

  it('keeps apart what is far apart and joins what is near', () => {
    const lines = Array.from({ length: 60 }, (_, place) => `line ${place + 1}`);
    const changed = lines.map((line, place) => ([9, 13, 49].includes(place) ? `${line}!` : line));
    const heads = differenceOf(file(lines), file(changed)).filter(({ kind }) => kind === 'head');
    expect(heads.map(bare)).toEqual(['@ 8 to 16', '@ 48 to 52']);
  });

  it('shows endings where only they differ', () => {
    const rows = differenceOf('a\r\nb\n', 'a\nb');
    expect(rows.filter(({ kind }) => kind !== 'head').map(bare)).toEqual(['a␍␊', 'b␊', 'a␊', 'b']);
  });

  it('takes back to the old text what it removes, and to the new text what it adds', () => {
    const line = fc.constantFrom('a', 'b', 'c', '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (old, fresh) => {
        const rows = differenceOf(file(old), file(fresh));
        const at = (side: 'removed' | 'added') => rows.filter(({ kind }) => kind === side).length;
        expect(fresh.length - old.length).toBe(at('added') - at('removed'));
        for (const row of rows) {
          if (row.kind === 'removed' || row.kind === 'same') expect(row.text).toBe(old[row.line - 1]);
          if (row.kind === 'added' || row.kind === 'same') expect(row.text).toBe(fresh[row.newLine - 1]);
        }
      }),
    );
  });

  it('is bounded in time, however much differs', () => {
    const old = Array.from({ length: 100_000 }, (_, place) => `a ${place}`);
    const begun = performance.now();
    const rows = differenceOf(file(old), file(old.map((line) => line.replace('a', 'b'))));
    expect(rows.filter(({ kind }) => kind === 'added').length).toBe(100_000);
    expect(rows.filter(({ kind }) => kind === 'head').length).toBe(1);
    expect(performance.now() - begun).toBeLessThan(6000);
  });
});
