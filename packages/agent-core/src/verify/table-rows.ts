import { heldBy } from './table-cell.ts';

/*
 * Splitting lines into rows, by code of its own: a small machine that is fed line after line.
 */

/** `undefined`: the key is not there. */
export type Cells = readonly (string | undefined)[];

/** Takes lines without their ends. A table that breaks off stays broken. */
export interface RowMachine {
  /** The cells of the row that this line ends; null while none has ended, or for the line that names the columns. */
  feed(line: string): Cells | null;
  /** Whether everything so far could be told apart, no quote is open, and there was a table at all. */
  sound(): boolean;
  /** How many columns there are: as the first row has them, or as many as different keys were met. */
  width(): number;
  readonly semicolons: boolean;
}

/** Longest row, in UTF-16 units. */
const LONG = 4 * 1024 * 1024;

/** How the table is written: by the ending of its name, otherwise by its first line that is not blank. */
export function machineFor(path: string, first: string): RowMachine {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const ending = dot === -1 ? '' : name.slice(dot + 1).toLowerCase();
  if (ending === 'jsonl' || ending === 'ndjson' || ending === 'json') return objectMachine();
  if (ending === 'tsv' || ending === 'tab') return delimitedMachine('\t');
  if (ending !== 'csv' && first.trim()[0] === '{' && parsed(first) !== null) return objectMachine();
  return delimitedMachine(delimiterOn(first));
}

/** The sign that stands most often outside quotes; the earlier of this list where two do. */
function delimiterOn(line: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((sign) => [sign, 0]));
  let inside = false;
  for (const sign of line) {
    if (sign === '"') inside = !inside;
    const count = counts.get(sign);
    if (!inside && count !== undefined) counts.set(sign, count + 1);
  }
  let best = ',';
  for (const [sign, count] of counts) if (count > (counts.get(best) ?? 0)) best = sign;
  return best;
}

function objectMachine(): RowMachine {
  const places = new Map<string, number>();
  const state = { begun: false, broken: false };
  return {
    semicolons: false,
    width: () => places.size,
    sound: () => state.begun && !state.broken,
    feed: (line) => {
      if (line.trim() === '' || state.broken) return null;
      const row = parsed(line);
      if (row === null) {
        state.broken ||= !state.begun;
        return null;
      }
      state.begun = true;
      const cells: (string | undefined)[] = [];
      for (const key of Object.keys(row)) {
        const place = places.get(key) ?? places.size;
        places.set(key, place);
        cells[place] = written(row[key]);
      }
      // A hole is an absent key as well.
      return Array.from(cells);
    },
  };
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function delimitedMachine(delimiter: string): RowMachine {
  const semicolons = delimiter === ';';
  const state = { begun: false, broken: false, width: 0 };
  let cells: string[] = [];
  /** The quoted cell that goes on, or null. */
  let open: string | null = null;

  function finish(row: string[]): Cells | null {
    cells = [];
    if (row.length === 1 && row[0]?.trim() === '') return null;
    const first = !state.begun;
    state.begun = true;
    if (first) state.width = row.length;
    return first && namesColumns(row, semicolons) ? null : row;
  }

  /** Reads on at `from`; false when the line ended inside quotes. */
  function read(line: string, from: number): boolean {
    let at = from;
    for (;;) {
      if (open === null && line[at] !== '"') {
        const end = line.indexOf(delimiter, at);
        cells.push(end === -1 ? line.slice(at) : line.slice(at, end));
        if (end === -1) return true;
        at = end + 1;
        continue;
      }
      const cell = quotedCell(line, open === null ? at + 1 : at, delimiter);
      const text = (open ?? '') + cell.text;
      state.broken ||= cell.end === 'broken' || text.length > LONG;
      open = cell.end === 'open' ? `${text}\n` : null;
      if (cell.end === 'open' || state.broken) return false;
      cells.push(text);
      if (cell.stop >= line.length) return true;
      at = cell.stop + 1;
    }
  }

  return {
    semicolons,
    width: () => state.width,
    sound: () => state.begun && !state.broken && open === null,
    feed: (line) => {
      if (state.broken) return null;
      if (open === null && !line.includes('"')) return finish(line.split(delimiter));
      return read(line, 0) ? finish(cells) : null;
    },
  };
}

/** The part of a quoted cell that lies on this line from `from` on; `stop` is where its delimiter or the line's end stands. */
function quotedCell(
  line: string,
  from: number,
  delimiter: string,
): { text: string; end: 'open' | 'closed' | 'broken'; stop: number } {
  let text = '';
  for (let at = from; ; ) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return { text: text + line.slice(at), end: 'open', stop: line.length };
    text += line.slice(at, quote);
    if (line[quote + 1] === '"') {
      text += '"';
      at = quote + 2;
      continue;
    }
    const next = line.indexOf(delimiter, quote + 1);
    const stop = next === -1 ? line.length : next;
    return { text, end: line.slice(quote + 1, stop).trim() === '' ? 'closed' : 'broken', stop };
  }
}

/** A first row with words in it and no date, and no number but whole ones of four digits, names the columns. */
function namesColumns(row: readonly string[], semicolons: boolean): boolean {
  let words = 0;
  for (const cell of row) {
    const text = cell.trim();
    const held = heldBy(text, semicolons);
    if (held.as === 'date') return false;
    if (held.as === 'number' && !(text.length === 4 && /^\d+$/.test(text))) return false;
    if (held.as !== 'number' && held.as !== 'nothing') words += 1;
  }
  return words > 0;
}
