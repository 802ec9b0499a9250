import { describe, expect, it } from 'vitest';
import { show } from '../testing/show.tsx';
import { type Formats, useFormats } from './words.ts';

function Reader({ take }: { readonly take: (formats: Formats) => void }) {
  take(useFormats());
  return null;
}

/** The formats as a component of the window has them. */
function formats(): Promise<Formats> {
  return new Promise((resolve) => void show(<Reader take={resolve} />, {}));
}

describe('a length of time', () => {
  it('is said in the unit one thinks of it in', async () => {
    const { duration } = await formats();
    expect([0.4, 1, 41, 999, 1000, 1940, 59_900, 60_000, 250_000].map(duration)).toEqual([
      'under 1 ms',
      '1 ms',
      '41 ms',
      '999 ms',
      '1.0 s',
      '1.9 s',
      '59.9 s',
      '1 min',
      '4 min',
    ]);
  });

  it('on a clock never shows more than has passed', async () => {
    const { clock, moment } = await formats();
    expect([0, 2449, 59_990, 60_000, 754_321].map(clock)).toEqual([
      '0:00.0',
      '0:02.4',
      '0:59.9',
      '1:00.0',
      '12:34.3',
    ]);
    expect([0, 2311, 61_005].map(moment)).toEqual(['0:00.000', '0:02.311', '1:01.005']);
  });
});

describe('how long ago something was', () => {
  it('is now, minutes, hours, a weekday, then a date', async () => {
    const { age } = await formats();
    const now = Date.UTC(2026, 4, 20, 12);
    const ago = (ms: number) => age(new Date(now - ms).toISOString(), now);
    const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
    expect([ago(0), ago(59_000), ago(2 * minute), ago(3 * hour)]).toEqual(['now', 'now', '2 m', '3 h']);
    expect(ago(2 * day)).toBe('Mon');
    expect(ago(30 * day)).toMatch(/Apr/);
  });
});

describe('how long something has waited', () => {
  it('is now, minutes, then hours: no fraction of a second tells a person anything', async () => {
    const { waited } = await formats();
    expect([596, 59_000, 2 * 60_000, 30 * 3_600_000].map(waited)).toEqual(['now', 'now', '2 m', '30 h']);
  });
});

describe('a size', () => {
  it('is in millions of bytes, and in thousands where that would be next to nothing', async () => {
    const { size } = await formats();
    expect([0, 1, 12_288, 94_999, 95_000, 2_300_000, 89_000_000].map(size)).toEqual([
      '0 kB',
      '1 kB',
      '13 kB',
      '95 kB',
      '0.1 MB',
      '2.3 MB',
      '89 MB',
    ]);
  });
});

describe('money', () => {
  it('has two decimals, three under ten cents, and is never hidden when it is nothing', async () => {
    const { money } = await formats();
    expect([0, 0.021, 0.0994, 0.1, 1, 1234.5].map(money)).toEqual([
      '$0.00',
      '$0.021',
      '$0.099',
      '$0.10',
      '$1.00',
      '$1,234.50',
    ]);
  });
});
