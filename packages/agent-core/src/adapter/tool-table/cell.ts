/** What one cell holds. `marker`: a word such as NA that stands for nothing where all other cells are of one kind. */
export type CellKind = 'missing' | 'integer' | 'number' | 'date' | 'boolean' | 'marker' | 'text';

/** A cell as it was understood; `value` is the number, or milliseconds since 1970 of a date, otherwise NaN. */
export interface Cell {
  readonly kind: CellKind;
  readonly value: number;
}

const NO_VALUE = Number.NaN;
const MISSING: Cell = { kind: 'missing', value: NO_VALUE };
const TEXT: Cell = { kind: 'text', value: NO_VALUE };
const MARKER: Cell = { kind: 'marker', value: NO_VALUE };
const YES: Cell = { kind: 'boolean', value: NO_VALUE };

/** Whole numbers of at most 15 digits; 007 is no number but a name. */
const INTEGER = /^[+-]?(?:0|[1-9]\d{0,14})$/;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*|(?=[eE]))|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const DECIMAL_COMMA = /^[+-]?(?:0|[1-9]\d*),\d+$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const MARKERS = new Set(['NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None']);

/** Reads cells, without the space around them; with `decimalComma` 1,5 is a number as well. */
export function cellReader(decimalComma: boolean): (text: string) => Cell {
  return (text) => {
    if (text === '') return MISSING;
    const sign = text.charCodeAt(0);
    // A digit, a point or a sign: what else begins a number or a date?
    if (sign <= 57 && sign >= 43) return numberOrDate(text, decimalComma);
    if (MARKERS.has(text)) return MARKER;
    return text.length <= 5 && /^(?:true|false)$/i.test(text) ? YES : TEXT;
  };
}

function numberOrDate(text: string, decimalComma: boolean): Cell {
  if (INTEGER.test(text)) return { kind: 'integer', value: Number(text) };
  if (NUMBER.test(text)) return finite(Number(text));
  if (decimalComma && DECIMAL_COMMA.test(text)) return finite(Number(text.replace(',', '.')));
  return dateOf(text);
}

function finite(value: number): Cell {
  return Number.isFinite(value) ? { kind: 'number', value } : TEXT;
}

/** A date of the calendar, with or without a time; without a zone it counts as UTC. */
function dateOf(text: string): Cell {
  const found = DATE.exec(text);
  if (found === null) return TEXT;
  const [, year, month, day, hour = '0', minute = '0', second = '0', part = '0', zone] = found;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // The hundred years after 0 are not of this century.
  midnight.setUTCFullYear(Number(year));
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return TEXT;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return TEXT;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const thousandths = Number(part.padEnd(3, '0').slice(0, 3));
  return { kind: 'date', value: midnight.getTime() + seconds * 1000 + thousandths - zoneOf(zone) };
}

function zoneOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
