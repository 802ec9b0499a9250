import { z } from 'zod';
import type { ColumnFound, Placed } from './column.ts';
import type { Format } from './format.ts';
import type { Tallied } from './tally.ts';
import type { Decoded } from './text.ts';

/** Longest line, in UTF-16 units, that is quoted, and longest value that is named whole. */
export const QUOTE_LIMIT = 2000;
const TEXT_LIMIT = 200;

/** A value where it stands: its text, the line its row begins on, and that line; null when it is blank or too long to quote. */
const Placement = z.object({
  text: z.string(),
  value: z.number(),
  line: z.number().int(),
  quote: z.string().nullable(),
});
type Placement = z.infer<typeof Placement>;

const Counted = z.object({ count: z.number().int(), line: z.number().int(), quote: z.string().nullable() });

export const TableColumn = z.object({
  /** 1-based. */
  index: z.number().int(),
  /** Null when no header names it. */
  name: z.string().nullable(),
  type: z.enum(['number', 'integer', 'date', 'boolean', 'text', 'empty', 'mixed']),
  /** Cells of each kind; for a `mixed` column what it is mixed of. */
  kinds: z.record(z.string(), z.number().int()),
  count: z.number().int(),
  missing: Counted.extend({ line: z.number().int().nullable() }),
  /** Null above 10,000, less in very wide tables; then nothing is said of frequent values either. */
  distinct: z.number().int().nullable(),
  /** Of numbers and dates. */
  min: Placement.nullable(),
  max: Placement.nullable(),
  sum: z.number().nullable(),
  mean: z.number().nullable(),
  /** By linear interpolation. Not `exact`: of every `stride`th value only. */
  quartiles: z
    .object({
      q1: z.number(),
      median: z.number(),
      q3: z.number(),
      exact: z.boolean(),
      stride: z.number().int(),
    })
    .nullable(),
  /** Values more than 1.5 quartile distances outside the quartiles; `count` is null when not every value was kept. */
  outliers: z
    .object({
      rule: z.literal('1.5-iqr'),
      low: z.number(),
      high: z.number(),
      count: z.number().int().nullable(),
      examples: z.array(Placement),
    })
    .nullable(),
  /** `whole`: the value is not cut. */
  frequent: z.array(Counted.extend({ text: z.string(), whole: z.boolean() })),
  /** Bars of one width over all values; `to` belongs to the next. Empty when not every value was kept. */
  bins: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
});

export const Table = z.object({
  path: z.string(),
  format: z.enum(['delimited', 'json-lines']),
  delimiter: z.string().nullable(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'mixed']),
  bytes: z.number().int(),
  lines: z.number().int(),
  rows: z.number().int(),
  /** The line that names the columns, as it stands; null where none does. */
  header: z.object({ line: z.number().int(), quote: z.string().nullable() }).nullable(),
  /** A line to rest counts on: the header, or else the first row that can be quoted. */
  anchor: z.object({ line: z.number().int(), quote: z.string() }).nullable(),
  columns: z.array(TableColumn),
  /** Index of the column that a chart tells most about; null when none has bars worth drawing. */
  telling: z.number().int().nullable(),
  examples: z.array(
    z.object({ line: z.number().int(), quote: z.string().nullable(), cells: z.array(z.string()) }),
  ),
  /** What was not as it should be, how often, and where first. Lines that are no UTF-8 are `foreign-lines`: read as Windows-1252. */
  oddities: z.array(
    Counted.extend({
      what: z.enum(['short-rows', 'long-rows', 'blank-lines', 'malformed-lines', 'foreign-lines']),
    }),
  ),
});
export type Table = z.infer<typeof Table>;

export interface Surveyed {
  readonly path: string;
  readonly format: Format;
  readonly decoded: Decoded;
  readonly tallied: Tallied;
  readonly quotes: ReadonlyMap<number, string>;
}

/** The lines that a table is going to quote, in order. */
export function wantedLines({ header, columns, examples, oddities }: Tallied, decoded: Decoded): number[] {
  const ofColumns = columns.flatMap(({ missing, min, max, low, high, frequent }) => [
    ...[missing.line, min?.line, max?.line],
    ...[...low, ...high, ...frequent].map(({ line }) => line),
  ]);
  const others = [...examples, ...oddities].map(({ line }) => line);
  const all = [...ofColumns, ...others, header?.line, decoded.foreign.line];
  return [...new Set(all.filter((line) => line !== null && line !== undefined))].sort((a, b) => a - b);
}

export function tableOf({ path, format, decoded, tallied, quotes }: Surveyed): Table {
  const quoteAt = (line: number | null): string | null => {
    const quote = line === null ? undefined : quotes.get(line);
    return quote === undefined || quote.trim() === '' || quote.length > QUOTE_LIMIT ? null : quote;
  };
  const { header, rows, names, columns, examples, oddities } = tallied;
  const { encoding, bytes, lines, foreign } = decoded;
  const anchors = [header, ...examples].flatMap((at) => {
    const quote = quoteAt(at?.line ?? null);
    return at === null || quote === null ? [] : [{ line: at.line, quote }];
  });
  const shown = columns.map((column, place) => ({
    index: place + 1,
    name: names[place] === '' ? null : (names[place]?.slice(0, TEXT_LIMIT) ?? null),
    ...columnOf(column, quoteAt),
  }));
  return {
    ...{ path, format: format.name, encoding, bytes, lines, rows, anchor: anchors[0] ?? null },
    delimiter: format.name === 'delimited' ? format.delimiter : null,
    header: header === null ? null : { line: header.line, quote: quoteAt(header.line) },
    columns: shown,
    telling: tellingOf(shown),
    examples: examples.map(({ line, cells }) => ({ line, quote: quoteAt(line), cells: [...cells] })),
    oddities: [
      ...oddities.map(({ what, count, line }) => ({ what, count, line, quote: quoteAt(line) })),
      ...(foreign.line === null
        ? []
        : [
            {
              what: 'foreign-lines' as const,
              count: foreign.count,
              line: foreign.line,
              quote: quoteAt(foreign.line),
            },
          ]),
    ],
  };
}

/** The first column of numbers that is no running number; otherwise the first of few different values. */
function tellingOf(columns: readonly Table['columns'][number][]): number | null {
  const isRunning = ({ type, min, max, count }: Table['columns'][number]) =>
    type === 'integer' && min !== null && max !== null && max.value - min.value + 1 === count;
  const numbers = columns.find((column) => column.bins.length > 1 && !isRunning(column));
  const few = columns.find(
    ({ distinct, count, frequent }) => distinct !== null && distinct < count && frequent.length > 1,
  );
  return (numbers ?? few)?.index ?? null;
}

function columnOf(
  column: ColumnFound,
  quoteAt: (line: number | null) => string | null,
): Omit<Table['columns'][number], 'index' | 'name'> {
  const { type, kinds, filled, missing, distinct, min, max, sum, mean, spread, low, high, frequent } = column;
  const place = ({ text, value, line }: Placed): Placement => ({
    ...{ text: text.slice(0, TEXT_LIMIT), value, line },
    quote: quoteAt(line),
  });
  const quartiles = spread && {
    ...{ q1: spread.q1, median: spread.median, q3: spread.q3 },
    ...{ exact: spread.exact, stride: spread.stride },
  };
  const outliers = spread?.fences && {
    ...{ rule: '1.5-iqr' as const, ...spread.fences, count: spread.outliers },
    examples: [...high, ...low].map(place),
  };
  return {
    ...{ type, kinds, count: filled, missing: { ...missing, quote: quoteAt(missing.line) }, distinct },
    ...{ min: min && place(min), max: max && place(max), sum, mean },
    quartiles,
    outliers: outliers ?? null,
    frequent: frequent.map(({ text, count, line }) => ({
      ...{ text: text.slice(0, TEXT_LIMIT), whole: text.length <= TEXT_LIMIT, count, line },
      quote: quoteAt(line),
    })),
    bins: spread?.bins.map((bin) => ({ ...bin })) ?? [],
  };
}
