import type { Cell, CellKind } from './cell.ts';
import { KeptValues, type Spread } from './spread.ts';
import { copied } from './text.ts';

export type ColumnType = 'number' | 'integer' | 'date' | 'boolean' | 'text' | 'empty' | 'mixed';

/** A value and the line its row begins on. */
export interface Placed {
  readonly text: string;
  readonly value: number;
  readonly line: number;
}

/** What was met in one column. `missing` counts cells with nothing in them, absent ones and words such as NA among numbers or dates. */
export interface ColumnFound {
  readonly type: ColumnType;
  readonly kinds: Readonly<Record<CellKind, number>>;
  readonly filled: number;
  readonly missing: { readonly count: number; readonly line: number | null };
  /** Null when there are more than may be kept. */
  readonly distinct: number | null;
  readonly min: Placed | null;
  readonly max: Placed | null;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly spread: Spread | null;
  /** The smallest and the largest, outside the fences, farthest first. */
  readonly low: readonly Placed[];
  readonly high: readonly Placed[];
  readonly frequent: readonly { readonly text: string; readonly count: number; readonly line: number }[];
}

const FREQUENT = 10;
const EXTREMES = 5;

interface Known {
  readonly cell: Cell;
  readonly line: number;
  count: number;
}

/** What one column may keep: numbers, different values, and letters of these together. */
export interface ColumnRoom {
  readonly numbers: number;
  readonly distinct: number;
  readonly letters: number;
}

/** Takes the cells of one column in the order of the file. */
export class Column {
  readonly #read: (text: string) => Cell;
  readonly #room: ColumnRoom;
  #letters = 0;
  readonly #kinds = { missing: 0, integer: 0, number: 0, date: 0, boolean: 0, marker: 0, text: 0 };
  #known: Map<string, Known> | null = new Map();
  readonly #markers = new Set<string>();
  #missingLine: number | null = null;
  #markerLine: number | null = null;
  readonly #values: KeptValues;
  /** Smallest first, and largest first; among equals the earlier line first. */
  readonly #low: Placed[] = [];
  readonly #high: Placed[] = [];
  readonly #firstDate: Placed[] = [];
  readonly #lastDate: Placed[] = [];
  #sum = 0;
  #lost = 0;

  constructor(read: (text: string) => Cell, room: ColumnRoom) {
    this.#read = read;
    this.#room = room;
    this.#values = new KeptValues(room.numbers);
  }

  /** A cell; `text` has no space around it. */
  add(text: string, line: number): void {
    const known = this.#known?.get(text);
    if (known !== undefined) {
      known.count += 1;
      this.#count(known.cell, text, line);
      return;
    }
    const cell = this.#read(text);
    this.#count(cell, text, line);
    if (cell.kind === 'missing' || this.#known === null) return;
    this.#letters += text.length;
    if (this.#known.size < this.#room.distinct && this.#letters <= this.#room.letters)
      this.#known.set(copied(text), { cell, line, count: 1 });
    else this.#known = null;
  }

  /** Cells that a short row does not have, or rows before the column was first met. */
  addMissing(count: number, line: number): void {
    if (count === 0) return;
    this.#kinds.missing += count;
    if (this.#missingLine === null || line < this.#missingLine) this.#missingLine = line;
  }

  found(): ColumnFound {
    const kinds = { ...this.#kinds };
    const bare = typeOf(kinds);
    const type = bare === 'marked' ? typeOf({ ...kinds, marker: 0 }) : bare;
    const markers = bare === 'marked' ? kinds.marker : 0;
    const filled = totalOf(kinds) - kinds.missing - markers;
    const numbers = kinds.integer + kinds.number;
    const sum = numbers > 0 ? this.#sum + this.#lost : null;
    const dates = type === 'date';
    const spread = this.#values.spread(kinds.number === 0);
    return {
      ...{ type: type === 'marked' ? 'text' : type, kinds, filled, ...this.#valuesFound(markers > 0) },
      missing: { count: kinds.missing + markers, line: this.#firstMissing(markers > 0) },
      min: (dates ? this.#firstDate[0] : this.#low[0]) ?? null,
      max: (dates ? this.#lastDate[0] : this.#high[0]) ?? null,
      ...{ sum: finiteOr(sum), mean: finiteOr(sum === null ? null : sum / numbers), spread },
      low: this.#low.filter(({ value }) => spread?.fences != null && value < spread.fences.low),
      high: this.#high.filter(({ value }) => spread?.fences != null && value > spread.fences.high),
    };
  }

  #count(cell: Cell, text: string, line: number): void {
    this.#kinds[cell.kind] += 1;
    switch (cell.kind) {
      case 'integer':
      case 'number':
        this.#number(cell.value, text, line);
        return;
      case 'date':
        this.#date({ text, value: cell.value, line });
        return;
      case 'missing':
        this.#missingLine ??= line;
        return;
      case 'marker':
        this.#markers.add(text);
        this.#markerLine ??= line;
        return;
      case 'boolean':
      case 'text':
        return;
      default:
        cell.kind satisfies never;
    }
  }

  #date(placed: Placed): void {
    const [first, last] = [this.#firstDate[0], this.#lastDate[0]];
    if (first === undefined || placed.value < first.value)
      keep(this.#firstDate, placed, { most: 1, sign: 1 });
    if (last === undefined || placed.value > last.value) keep(this.#lastDate, placed, { most: 1, sign: -1 });
  }

  #number(value: number, text: string, line: number): void {
    this.#values.add(value);
    // Neumaier's sum: what rounding loses is carried along.
    const next = this.#sum + value;
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
    const [lowest, highest] = [this.#low[EXTREMES - 1], this.#high[EXTREMES - 1]];
    if (lowest === undefined || value < lowest.value)
      keep(this.#low, { text, value, line }, { most: EXTREMES, sign: 1 });
    if (highest === undefined || value > highest.value)
      keep(this.#high, { text, value, line }, { most: EXTREMES, sign: -1 });
  }

  #firstMissing(marked: boolean): number | null {
    const lines = [this.#missingLine, marked ? this.#markerLine : null].filter((line) => line !== null);
    return lines.length === 0 ? null : Math.min(...lines);
  }

  #valuesFound(marked: boolean): Pick<ColumnFound, 'distinct' | 'frequent'> {
    if (this.#known === null) return { distinct: null, frequent: [] };
    const values = [...this.#known].filter(([text]) => !marked || !this.#markers.has(text));
    const frequent = values
      .map(([text, { count, line }]) => ({ text, count, line }))
      .sort((a, b) => b.count - a.count || a.line - b.line)
      .slice(0, FREQUENT);
    return { distinct: values.length, frequent };
  }
}

/** Keeps the `most` extreme values in order, the earlier before the later among equals. */
function keep(kept: Placed[], placed: Placed, { most, sign }: { most: number; sign: 1 | -1 }): void {
  let at = kept.length;
  while (at > 0 && sign * ((kept[at - 1]?.value ?? 0) - placed.value) > 0) at -= 1;
  if (at >= most) return;
  kept.splice(at, 0, { ...placed, text: copied(placed.text) });
  if (kept.length > most) kept.pop();
}

function typeOf(kinds: Readonly<Record<CellKind, number>>): ColumnType | 'marked' {
  const { integer, number, date, boolean, marker, text } = kinds;
  const groups = [integer + number, date, boolean, text].filter((count) => count > 0).length;
  if (groups === 0) return marker > 0 ? 'text' : 'empty';
  if (groups > 1) return 'mixed';
  if (text > 0) return 'text';
  if (marker > 0) return 'marked';
  if (date > 0) return 'date';
  if (boolean > 0) return 'boolean';
  return number > 0 ? 'number' : 'integer';
}

function totalOf(kinds: Readonly<Record<CellKind, number>>): number {
  return Object.values(kinds).reduce((sum, count) => sum + count, 0);
}

function finiteOr(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
