import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangement, boundsOf, contains, freePlace, overlaps, PLACE_GAP, type Rect } from './index.ts';

const anySize = fc.record({
  width: fc.integer({ min: 1, max: 600 }),
  height: fc.integer({ min: 1, max: 400 }),
});
const anyPoint = fc.record({
  x: fc.integer({ min: -2000, max: 2000 }),
  y: fc.integer({ min: -2000, max: 2000 }),
});
const anyRect: fc.Arbitrary<Rect> = fc.tuple(anyPoint, anySize).map(([at, size]) => ({ ...at, ...size }));

describe('a free place', () => {
  it('is never over anything nor nearer than the gap, never before its start, and the same each time', () => {
    const anySpan = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.constant(Number.POSITIVE_INFINITY));
    const anyWish = fc.record({ size: anySize, at: anyPoint, span: anySpan });
    fc.assert(
      fc.property(fc.array(anyRect, { maxLength: 40, size: 'max' }), anyWish, (rects, { size, at, span }) => {
        const place = freePlace(rects, size, { ...at, span });
        expect(rects.filter((rect) => overlaps({ ...place, ...size }, rect, PLACE_GAP))).toEqual([]);
        expect(place.x).toBeGreaterThanOrEqual(at.x);
        expect(place.y).toBeGreaterThanOrEqual(at.y);
        expect(freePlace([...rects].reverse(), size, { ...at, span })).toEqual(place);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps within its span, unless the node alone is wider', () => {
    fc.assert(
      fc.property(fc.array(anyRect, { maxLength: 30, size: 'max' }), anySize, anyPoint, (rects, size, at) => {
        const span = 700;
        const { x } = freePlace(rects, size, { ...at, span });
        expect(x === at.x || x + size.width <= at.x + span).toBe(true);
      }),
    );
  });

  it('is the start when nothing is there, then beside it, then below', () => {
    const size = { width: 100, height: 50 };
    const from = { x: 10, y: 20, span: 240 };
    const placed: Rect[] = [];
    for (let index = 0; index < 3; index += 1) placed.push({ ...freePlace(placed, size, from), ...size });
    expect(placed.map(({ x, y }) => [x, y])).toEqual([
      [10, 20],
      [10 + 100 + PLACE_GAP, 20],
      [10, 20 + 50 + PLACE_GAP],
    ]);
  });

  it('is found among 10,000 nodes within 250 ms', () => {
    const rects = Array.from({ length: 10_000 }, (_, index) => ({
      x: (index % 100) * 220,
      y: Math.floor(index / 100) * 120,
      width: 200,
      height: 100,
    }));
    const start = performance.now();
    expect(freePlace(rects, { width: 300, height: 200 }, { x: 0, y: 0, span: 2000 })).toEqual({
      x: 0,
      y: 12_000,
    });
    expect(performance.now() - start).toBeLessThan(250);
  });
});

describe('an arrangement', () => {
  it.each(['row', 'column', 'grid'] as const)(
    'as a %s covers nothing of itself and begins at its origin',
    (layout) => {
      fc.assert(
        fc.property(fc.array(anySize, { minLength: 1, maxLength: 20 }), anyPoint, (sizes, origin) => {
          const rects = arrangement(sizes, layout, origin).map((at, index) => ({
            ...at,
            ...sizes[index],
          })) as Rect[];
          expect(boundsOf(rects)).toMatchObject(origin);
          for (const [index, rect] of rects.entries()) {
            expect(rects.slice(index + 1).some((other) => overlaps(rect, other, PLACE_GAP))).toBe(false);
          }
        }),
      );
    },
  );

  it('is one line as a row or a column, and about square as a grid', () => {
    const sizes = Array.from({ length: 9 }, () => ({ width: 10, height: 10 }));
    const lines = (layout: 'row' | 'column' | 'grid') => {
      const places = arrangement(sizes, layout, { x: 0, y: 0 });
      return [new Set(places.map(({ x }) => x)).size, new Set(places.map(({ y }) => y)).size];
    };
    expect([lines('row'), lines('column'), lines('grid')]).toEqual([
      [9, 1],
      [1, 9],
      [3, 3],
    ]);
  });
});

describe('rectangles', () => {
  it('contain what lies within, borders included, and have no bounds when there is none', () => {
    const outer = { x: 0, y: 0, width: 10, height: 10 };
    expect(contains(outer, outer)).toBe(true);
    expect(contains(outer, { x: 1, y: 1, width: 9, height: 9 })).toBe(true);
    expect(contains(outer, { x: 1, y: 1, width: 10, height: 9 })).toBe(false);
    expect(boundsOf([])).toBe(undefined);
  });
});
