/*
 * What a cell of a table holds, by code of its own: signs are looked at one by one, where the tools match patterns.
 */

export type Held =
  | { readonly as: 'nothing' | 'marker' | 'boolean' | 'text' }
  | { readonly as: 'number' | 'date'; readonly value: number };

const NOTHING: Held = { as: 'nothing' };
const MARKER: Held = { as: 'marker' };
const BOOLEAN: Held = { as: 'boolean' };
const TEXT: Held = { as: 'text' };

const MARKERS: readonly string[] = ['NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None'];
const DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads a cell without space around it. In tables of semicolons a comma may stand for the decimal point. */
export function heldBy(cell: string, semicolons: boolean): Held {
  if (cell.length === 0) return NOTHING;
  const first = cell.charCodeAt(0);
  const mayBeNumber = isDigit(first) || first === 43 || first === 45 || first === 46;
  if (mayBeNumber) {
    const value = numberIn(cell, semicolons);
    if (value !== null) return { as: 'number', value };
    const at = dateIn(cell);
    return at === null ? TEXT : { as: 'date', value: at };
  }
  if (MARKERS.includes(cell)) return MARKER;
  const word = cell.length > 5 ? '' : cell.toLowerCase();
  return word === 'true' || word === 'false' ? BOOLEAN : TEXT;
}

/** Null for what is no number: without digits, with a needless 0 before it, a whole one above 15 digits, or too large. */
function numberIn(cell: string, semicolons: boolean): number | null {
  const from = cell.startsWith('+') || cell.startsWith('-') ? 1 : 0;
  const whole = digitsFrom(cell, from);
  const needless = whole - from > 1 && cell[from] === '0';
  if (needless) return null;
  if (whole === cell.length) return whole > from && whole - from <= 15 ? Number(cell) : null;
  const mark = cell[whole];
  if (mark === ',') {
    const end = digitsFrom(cell, whole + 1);
    const complete = semicolons && whole > from && end === cell.length && end > whole + 1;
    return complete ? finite(Number(`${cell.slice(0, whole)}.${cell.slice(whole + 1)}`)) : null;
  }
  const part = mark === '.' ? digitsFrom(cell, whole + 1) : whole;
  // A point alone is no number: some digit must stand on one of its sides.
  if (whole === from && part <= whole + 1) return null;
  if (part === cell.length) return finite(Number(cell));
  if (cell[part] !== 'e' && cell[part] !== 'E') return null;
  const power = cell[part + 1] === '+' || cell[part + 1] === '-' ? part + 2 : part + 1;
  const end = digitsFrom(cell, power);
  return end === cell.length && end > power && end - power <= 3 ? finite(Number(cell)) : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Milliseconds since 1970 of an ISO 8601 date with or without time; null when it is none or no day of the calendar. */
function dateIn(cell: string): number | null {
  if (cell.length < 10 || cell[4] !== '-' || cell[7] !== '-') return null;
  const [year, month, day] = [digits(cell, 0, 4), digits(cell, 5, 2), digits(cell, 8, 2)];
  if (year === null || month === null || day === null) return null;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = (DAYS[month - 1] ?? 0) + (month === 2 && leap ? 1 : 0);
  if (day < 1 || day > days) return null;
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  if (cell.length === 10) return midnight;
  const time = timeIn(cell.slice(10));
  return time === null ? null : midnight + time;
}

function timeIn(text: string): number | null {
  if ((text[0] !== 'T' && text[0] !== ' ') || text[3] !== ':') return null;
  const [hour, minute] = [digits(text, 1, 2), digits(text, 4, 2)];
  if (hour === null || minute === null || hour > 23 || minute > 59) return null;
  let at = 6;
  let milliseconds = 0;
  if (text[at] === ':') {
    const second = digits(text, at + 1, 2);
    if (second === null || second > 59) return null;
    milliseconds = second * 1000;
    at += 3;
    if (text[at] === '.') {
      const end = digitsFrom(text, at + 1);
      if (end === at + 1 || end > at + 10) return null;
      milliseconds += Number(`${text.slice(at + 1, end)}000`.slice(0, 3));
      at = end;
    }
  }
  const zone = zoneIn(text.slice(at));
  return zone === null ? null : (hour * 60 + minute - zone) * 60_000 + milliseconds;
}

/** Minutes east of UTC; without a zone none. */
function zoneIn(text: string): number | null {
  if (text === '' || text === 'Z') return 0;
  const parts = text.length === 6 && text[3] === ':' ? text.slice(0, 3) + text.slice(4) : text;
  if (parts.length !== 5 || (parts[0] !== '+' && parts[0] !== '-')) return null;
  const [hours, minutes] = [digits(parts, 1, 2), digits(parts, 3, 2)];
  if (hours === null || minutes === null) return null;
  return (parts[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The number that `count` digits make, or null when one of them is none. */
function digits(text: string, from: number, count: number): number | null {
  return text.length >= from + count && digitsFrom(text.slice(from, from + count), 0) === count
    ? Number(text.slice(from, from + count))
    : null;
}

/** Where the digits that begin at `from` end. */
function digitsFrom(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
