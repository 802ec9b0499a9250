import type { Arrangement } from './mutation.ts';
import type { Rect } from './node.ts';

/** Free space kept between placed nodes, in canvas units. */
export const PLACE_GAP = 20;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whether two rectangles share area, once `gap` is kept free around them. */
export function overlaps(a: Rect, b: Rect, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

/** Whether `inner` lies wholly within `outer`; two equal rectangles lie within each other. */
export function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** The smallest rectangle around all of them, or undefined around none. */
export function boundsOf(rects: readonly Rect[]): Rect | undefined {
  if (rects.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rect of rects) {
    left = Math.min(left, rect.x);
    top = Math.min(top, rect.y);
    right = Math.max(right, rect.x + rect.width);
    bottom = Math.max(bottom, rect.y + rect.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** First x at or after `from` where a row of this height is free; `row` is what stands in its way, sorted by x. */
function freeX(row: readonly Rect[], width: number, from: number): number {
  let x = from;
  for (const rect of row) {
    if (x + width + PLACE_GAP <= rect.x) return x;
    x = Math.max(x, rect.x + rect.width + PLACE_GAP);
  }
  return x;
}

/**
 * The first free place for a node of this size, in reading order from `from`: to the right as far as `span` canvas units (a node
 * wider than the span still gets a place of its own), then further down. Nothing in `occupied` comes nearer than PLACE_GAP.
 */
export function freePlace(
  occupied: readonly Rect[],
  size: Size,
  from: Point & { readonly span: number },
): Point {
  const below = occupied
    .filter((rect) => rect.y + rect.height + PLACE_GAP > from.y)
    .sort((a, b) => a.x - b.x);
  let y = from.y;
  for (;;) {
    const row = below.filter(
      (rect) => rect.y < y + size.height + PLACE_GAP && y < rect.y + rect.height + PLACE_GAP,
    );
    const x = freeX(row, size.width, from.x);
    if (x === from.x || x + size.width <= from.x + from.span) return { x, y };
    // Nothing changes until the first of those in the way ends.
    y = Math.min(...row.map((rect) => rect.y + rect.height + PLACE_GAP));
  }
}

function columns(layout: Arrangement, count: number): number {
  switch (layout) {
    case 'row':
      return count;
    case 'column':
      return 1;
    case 'grid':
      return Math.ceil(Math.sqrt(count));
  }
}

/** Places for rectangles of these sizes, in their order, from `origin`, over no other among them. */
export function arrangement(sizes: readonly Size[], layout: Arrangement, origin: Point): Point[] {
  const across = columns(layout, sizes.length);
  const widths = Array.from({ length: across }, () => 0);
  const heights: number[] = [];
  for (const [index, size] of sizes.entries()) {
    const [column, row] = [index % across, Math.floor(index / across)];
    widths[column] = Math.max(widths[column] ?? 0, size.width);
    heights[row] = Math.max(heights[row] ?? 0, size.height);
  }
  const starts = (extents: readonly number[], from: number): number[] => {
    let next = from;
    return extents.map((extent) => {
      const start = next;
      next += extent + PLACE_GAP;
      return start;
    });
  };
  const [xs, ys] = [starts(widths, origin.x), starts(heights, origin.y)];
  return sizes.map((_, index) => ({
    x: xs[index % across] ?? origin.x,
    y: ys[Math.floor(index / across)] ?? origin.y,
  }));
}
