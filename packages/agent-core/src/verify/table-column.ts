import type { Recount } from '@soma/schemas/event';
import { type Held, heldBy } from './table-cell.ts';

export type ColumnRecount = Extract<Recount, { of: 'column' }>;

/** As many different values are told apart; above that nothing is said of them. */
const DISTINCT = 10_000;
/** Most letters of them that are kept. */
const LETTERS = 4_000_000;
/** Most numbers that are kept to find quartiles. */
const KEPT = 4_000_000;

/** Counts one column again: only what the claims about it need. */
export class CountedColumn {
  readonly #semicolons: boolean;
  readonly #asked: readonly ColumnRecount[];
  readonly #held = { nothing: 0, marker: 0, number: 0, date: 0, boolean: 0, text: 0 };
  readonly #matched: number[];
  readonly #values: Set<string> | null;
  readonly #markers = new Set<string>();
  #numbers: Float64Array | null;
  #count = 0;
  readonly #range = { number: [Infinity, -Infinity], date: [Infinity, -Infinity] };
  #letters = 0;
  #sum = 0;
  #error = 0;

  constructor(asked: readonly ColumnRecount[], semicolons: boolean) {
    this.#asked = asked;
    this.#semicolons = semicolons;
    this.#matched = asked.map(() => 0);
    this.#values = asked.some(({ measure }) => measure === 'distinct') ? new Set() : null;
    this.#numbers = asked.some(({ measure }) => measure === 'outliers') ? new Float64Array(4096) : null;
  }

  add(cell: string | undefined): void {
    const text = cell?.trim() ?? '';
    const held = heldBy(text, this.#semicolons);
    this.#held[held.as] += 1;
    if (held.as === 'number' || held.as === 'date') this.#place(held);
    if (held.as === 'marker') this.#markers.add(text);
    if (held.as !== 'nothing') this.#remember(text);
    for (const [index, { measure, needle, from, to }] of this.#asked.entries()) {
      if (measure === 'equal' && held.as !== 'nothing' && text === needle) this.#match(index);
      if (measure === 'between' && held.as === 'number' && isWithin(held.value, from, to)) this.#match(index);
    }
  }

  /** What the measure comes to; null when there is no such thing to measure. */
  measured(recount: ColumnRecount): number | null {
    const { nothing, marker, number, date, boolean, text } = this.#held;
    const kinds = [number, date, boolean].filter((count) => count > 0).length;
    // A word such as NA stands for nothing where everything else is of one kind other than text.
    const idle = text === 0 && kinds === 1 ? marker : 0;
    switch (recount.measure) {
      case 'filled':
        return number + date + boolean + text + marker - idle;
      case 'missing':
        return nothing + idle;
      case 'numbers':
        return number;
      case 'dates':
        return date;
      case 'booleans':
        return boolean;
      case 'texts':
        return text + marker - idle;
      case 'distinct':
        return this.#different(idle > 0);
      case 'outliers':
        return this.#count > KEPT
          ? null
          : outliersOf((this.#numbers ?? new Float64Array()).slice(0, this.#count));
      case 'equal':
      case 'between':
        return this.#matched[this.#asked.indexOf(recount)] ?? null;
      case 'min':
      case 'max':
        return this.#end(recount.measure, number === 0 && date > 0 && boolean + text + marker - idle === 0);
      case 'sum':
      case 'mean':
        return number === 0 ? null : (this.#sum + this.#error) / (recount.measure === 'mean' ? number : 1);
      default:
        return recount.measure satisfies never;
    }
  }

  #place({ as, value }: Extract<Held, { value: number }>): void {
    const range = this.#range[as];
    if (value < (range[0] ?? 0)) range[0] = value;
    if (value > (range[1] ?? 0)) range[1] = value;
    if (as === 'date') return;
    this.#keep(value);
    // Knuth's sum of two numbers and its exact error.
    const next = this.#sum + value;
    const part = next - this.#sum;
    this.#error += this.#sum - (next - part) + (value - part);
    this.#sum = next;
  }

  #keep(value: number): void {
    if (this.#numbers === null || this.#count > KEPT) return;
    if (this.#count === this.#numbers.length) {
      const wider = new Float64Array(this.#count * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers[this.#count++] = value;
  }

  #remember(text: string): void {
    const values = this.#values;
    if (values === null || values.size > DISTINCT || this.#letters > LETTERS || values.has(text)) return;
    this.#letters += text.length;
    // A copy: a piece of a long text would keep all of it in memory.
    values.add(Buffer.from(text, 'utf16le').toString('utf16le'));
  }

  #match(index: number): void {
    this.#matched[index] = (this.#matched[index] ?? 0) + 1;
  }

  #different(withoutMarkers: boolean): number | null {
    if (this.#values === null || this.#values.size > DISTINCT || this.#letters > LETTERS) return null;
    return this.#values.size - (withoutMarkers ? this.#markers.size : 0);
  }

  #end(which: 'min' | 'max', ofDates: boolean): number | null {
    const value = this.#range[ofDates ? 'date' : 'number'][which === 'min' ? 0 : 1] ?? null;
    return value !== null && Number.isFinite(value) ? value : null;
  }
}

function isWithin(value: number, from: number | undefined, to: number | undefined): boolean {
  return from !== undefined && to !== undefined && value >= from && value < to;
}

/** Values more than 1.5 quartile distances below the first or above the third quartile; null when there is no distance. */
function outliersOf(numbers: Float64Array): number | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const [under, over] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return under + (over - under) * (place % 1);
  };
  const [first, third] = [at(0.25), at(0.75)];
  const reach = 1.5 * (third - first);
  if (!(reach > 0)) return null;
  let count = 0;
  for (const value of sorted) if (value < first - reach || value > third + reach) count += 1;
  return count;
}
