import fc from 'fast-check';
import { expect, it } from 'vitest';
import { areFinite, halfOf, halves } from './half.ts';

/** What this engine itself makes of a 32-bit float: its half, by the same rounding. */
function engineHalf(bits: number): { half: number; finite: boolean } {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  const value = view.getFloat32(0);
  view.setUint32(0, 0);
  const rounded = Math.f16round(value);
  view.setFloat16(0, rounded);
  return { half: view.getUint16(0), finite: Number.isFinite(rounded) };
}

it('a float becomes the half that is nearest, as the engine rounds it, or none when there is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
      const { half, finite } = engineHalf(bits);
      expect(halfOf(bits)).toBe(finite ? half : null);
    }),
    { numRuns: 20_000 },
  );
});

it('every half is itself, and what lies between two goes to the even one', () => {
  const view = new DataView(new ArrayBuffer(4));
  for (let half = 0; half < 0x7c00; half += 1) {
    view.setUint16(0, half);
    view.setFloat32(0, view.getFloat16(0));
    const bits = view.getUint32(0);
    expect(halfOf(bits)).toBe(half);
    view.setUint16(0, half + 1);
    const next = view.getFloat16(0);
    if (!Number.isFinite(next)) continue;
    view.setUint32(0, bits);
    view.setFloat32(0, (view.getFloat32(0) + next) / 2);
    expect(halfOf(view.getUint32(0))).toBe(half % 2 === 0 ? half : half + 1);
  }
});

it.each([
  ['infinity', Number.POSITIVE_INFINITY],
  ['what is no number', Number.NaN],
  ['what is too great', -65_520],
])('weights with %s have no halves', (_, value) => {
  const floats = new Uint8Array(Float32Array.of(1, value).buffer);
  expect(halves(floats)).toBeNull();
  expect(areFinite(floats)).toBe(false);
});

it('weights are halved one by one', () => {
  const floats = new Uint8Array(Float32Array.of(1, -2, 0.5, 65_504).buffer);
  expect([...new Float16Array(halves(floats)?.buffer ?? new ArrayBuffer(0))]).toEqual([1, -2, 0.5, 65_504]);
  expect(areFinite(floats)).toBe(true);
});
