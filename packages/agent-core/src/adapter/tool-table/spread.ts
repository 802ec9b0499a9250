/** A bar of a histogram: values from `from` up to but not including `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Where the values of a column lie. Quartiles by linear interpolation; `outliers` lie more than 1.5 quartile distances outside them. */
export interface Spread {
  /** Whether every value was kept; otherwise all this is said of every `stride`th value only. */
  readonly exact: boolean;
  readonly stride: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** Null where the quartiles are equal: the rule then says nothing. */
  readonly fences: { readonly low: number; readonly high: number } | null;
  /** How many lie outside the fences; null where not every value was kept. */
  readonly outliers: number | null;
  readonly bins: readonly Bin[];
}

const MOST_BINS = 12;

/** Keeps the values of one column, all of them up to `limit`, from then on every second, every fourth and so on. */
export class KeptValues {
  #values = new Float64Array(1024);
  #kept = 0;
  #seen = 0;
  #stride = 1;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(value: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#kept === this.#limit) this.#thin();
    if (this.#kept === this.#values.length) this.#grow();
    this.#values[this.#kept++] = value;
  }

  /** Null without values. Sorts what is kept. */
  spread(whole: boolean): Spread | null {
    if (this.#kept === 0) return null;
    const sorted = this.#values.subarray(0, this.#kept).sort();
    const [q1, median, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
    const reach = 1.5 * (q3 - q1);
    const fences = reach > 0 ? { low: q1 - reach, high: q3 + reach } : null;
    const exact = this.#stride === 1;
    const outliers =
      exact && fences !== null
        ? below(sorted, fences.low) + (sorted.length - upTo(sorted, fences.high))
        : null;
    const bins = exact ? binsOf(sorted, whole) : [];
    return { exact, stride: this.#stride, q1, median, q3, fences, outliers, bins };
  }

  #thin(): void {
    for (let at = 0; at * 2 < this.#kept; at += 1) this.#values[at] = this.#values[at * 2] ?? 0;
    this.#kept = Math.ceil(this.#kept / 2);
    this.#stride *= 2;
  }

  #grow(): void {
    const wider = new Float64Array(Math.min(this.#values.length * 2, this.#limit));
    wider.set(this.#values);
    this.#values = wider;
  }
}

function quantile(sorted: Float64Array, part: number): number {
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  return low + (high - low) * (place - Math.floor(place));
}

/** How many values are smaller. */
function below(sorted: Float64Array, bound: number): number {
  return searched(sorted, (value) => value < bound);
}

/** How many values are smaller or the same. */
function upTo(sorted: Float64Array, bound: number): number {
  return searched(sorted, (value) => value <= bound);
}

function searched(sorted: Float64Array, before: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (before(sorted[middle] ?? 0)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** At most twelve bars of one round width that hold all values; of whole numbers none is narrower than one. */
function binsOf(sorted: Float64Array, whole: boolean): Bin[] {
  const [min, max] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (!(max > min) || !Number.isFinite(max - min)) return [];
  const step = stepOf(max - min, whole);
  const first = Math.floor(min / step);
  // Values too near to each other for their size, or too small, have no round places between them.
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(Math.floor(max / step))) return [];
  const bins: Bin[] = [];
  for (let at = first; at <= max / step; at += 1) {
    const [from, to] = [rounded(at * step), rounded((at + 1) * step)];
    bins.push({ from, to, count: below(sorted, to) - below(sorted, from) });
  }
  const counted = bins.reduce((sum, { count }) => sum + count, 0);
  // Rounding may leave a value between bars; then there is no honest histogram.
  return counted === sorted.length ? bins : [];
}

function stepOf(range: number, whole: boolean): number {
  const least = range / (MOST_BINS - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((by) => by * power).find((width) => width >= least) ?? 10 * power;
  return whole ? Math.max(1, Math.ceil(step)) : step;
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
