import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.ts';

describe('the canonical spelling of JSON', () => {
  it('sorts keys by code unit, also those that look like numbers, and writes no white space', () => {
    expect(canonical({ b: 1, a: [true, null, 'x'], 10: 'ten', 9: 'nine', Z: {} })).toBe(
      '{"10":"ten","9":"nine","Z":{},"a":[true,null,"x"],"b":1}',
    );
  });

  it('writes numbers and strings as RFC 8785 has them', () => {
    expect(canonical([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
    expect(canonical('\u20ac$\u000f\nA\'B"\\/\ud800')).toBe('"€$\\u000f\\nA\'B\\"\\\\/\\ud800"');
  });

  it('leaves out keys without a value', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, [undefined], 1n])(
    'refuses what JSON cannot hold',
    (value) => {
      expect(() => canonical(value)).toThrow(TypeError);
    },
  );

  it('is the same whatever the order of keys, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonical(turned(value))).toBe(text);
      }),
    );
  });
});

/** The same value with the keys of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned(member)]),
  );
}
