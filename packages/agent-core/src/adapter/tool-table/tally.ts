import { FaultError, type Json } from '@soma/schemas/event';
import { type Cell, cellReader } from './cell.ts';
import { Column, type ColumnFound, type ColumnRoom } from './column.ts';
import { type Format, isHeader } from './format.ts';

/** Most columns a table may have. */
const WIDEST = 1000;
/** What may be kept of all columns together, and of one: numbers for its quartiles, different values, and their letters. */
const ROOM = {
  numbers: { all: 12_000_000, most: 2_000_000, fewest: 4096 },
  distinct: { all: 400_000, most: 10_000, fewest: 100 },
  letters: { all: 16_000_000, most: 2_000_000, fewest: 4096 },
};
const EXAMPLES = 3;

/** Something that was not as it should be: how often, and the line where it was met first. */
export interface Oddity {
  readonly what: 'short-rows' | 'long-rows' | 'blank-lines' | 'malformed-lines';
  readonly count: number;
  readonly line: number;
}

/** A table as its rows came in. */
export interface Tallied {
  readonly rows: number;
  readonly header: { readonly line: number; readonly names: readonly string[] } | null;
  readonly names: readonly string[];
  readonly columns: readonly ColumnFound[];
  readonly examples: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly oddities: readonly Oddity[];
}

/** Counts a table row by row. Throws FaultError TABLE_TOO_WIDE. */
export class Tally {
  readonly #path: string;
  readonly #read: (text: string) => Cell;
  readonly #columns: Column[] = [];
  readonly #places = new Map<string, number>();
  readonly #oddities = new Map<Oddity['what'], { count: number; line: number }>();
  readonly #examples: { line: number; cells: string[] }[] = [];
  #header: { line: number; names: readonly string[] } | null = null;
  #begun = false;
  #rows = 0;
  #firstLine = 1;

  constructor(path: string, format: Format) {
    this.#path = path;
    this.#read = cellReader(format.name === 'delimited' && format.delimiter === ';');
  }

  /** A row of delimited text. The first one that is not blank may name the columns. */
  addCells(cells: readonly string[], line: number): void {
    if (cells.length === 1 && trimmed(cells[0] ?? '') === '') {
      this.odd('blank-lines', line);
      return;
    }
    if (!this.#begun) {
      this.#begun = true;
      this.#widen(cells.length, line);
      if (isHeader(cells, this.#read)) {
        this.#header = { line, names: cells.map((name) => name.trim()) };
        return;
      }
    }
    const width = this.#columns.length;
    if (cells.length < width) this.odd('short-rows', line);
    if (cells.length > width) this.odd('long-rows', line);
    this.#row(line, cells);
    for (let place = 0; place < width; place += 1) {
      const cell = cells[place];
      if (cell === undefined) this.#columns[place]?.addMissing(1, line);
      else this.#columns[place]?.add(trimmed(cell), line);
    }
  }

  /** A row of JSON lines: each key is a column, in the order in which they are first met. */
  addObject(row: Readonly<Record<string, Json>>, line: number): void {
    if (!this.#begun) this.#widen(Object.keys(row).length, line);
    this.#begun = true;
    const cells: (string | undefined)[] = [];
    for (const [key, value] of Object.entries(row)) cells[this.#placeOf(key, line)] = cellOf(value);
    this.#row(line, Object.values(row).map(cellOf));
    for (const [place, column] of this.#columns.entries()) {
      const cell = cells[place];
      if (cell === undefined) column.addMissing(1, line);
      else column.add(trimmed(cell), line);
    }
  }

  odd(what: Oddity['what'], line: number): void {
    const met = this.#oddities.get(what);
    if (met === undefined) this.#oddities.set(what, { count: 1, line });
    else met.count += 1;
  }

  /** Null when there was no row and no header. */
  tallied(): Tallied | null {
    if (!this.#begun) return null;
    const names = this.#header?.names ?? [...this.#places.keys()];
    return {
      rows: this.#rows,
      header: this.#header,
      names: this.#columns.map((_column, place) => names[place] ?? ''),
      columns: this.#columns.map((column) => column.found()),
      examples: this.#examples,
      oddities: [...this.#oddities].map(([what, met]) => ({ what, ...met })),
    };
  }

  #row(line: number, cells: readonly string[]): void {
    this.#rows += 1;
    if (this.#rows === 1) this.#firstLine = line;
    if (this.#rows <= EXAMPLES) this.#examples.push({ line, cells: cells.map((cell) => cell.slice(0, 200)) });
  }

  #placeOf(key: string, line: number): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(key, place);
    this.#widen(place + 1, line);
    this.#columns[place]?.addMissing(this.#rows, this.#firstLine);
    return place;
  }

  #widen(width: number, line: number): void {
    if (width > WIDEST)
      throw new FaultError('TABLE_TOO_WIDE', { path: this.#path, line, columns: width, limit: WIDEST });
    while (this.#columns.length < width) this.#columns.push(new Column(this.#read, roomAmong(width)));
  }
}

/** The even share of one of so many columns. */
function roomAmong(width: number): ColumnRoom {
  const share = ({ all, most, fewest }: (typeof ROOM)['numbers']) =>
    Math.min(Math.max(Math.floor(all / width / 2) * 2, fewest), most);
  return {
    numbers: share(ROOM.numbers),
    distinct: share(ROOM.distinct),
    letters: share(ROOM.letters),
  };
}

function cellOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Without space around it; most cells have none. */
function trimmed(text: string): string {
  if (text === '') return text;
  return isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1)) ? text : text.trim();
}

function isPlain(code: number): boolean {
  return code > 32 && code < 127;
}
