import { FaultError } from '@soma/schemas/event';
import type { Cell } from './cell.ts';

export type Format =
  | { readonly name: 'json-lines' }
  | { readonly name: 'delimited'; readonly delimiter: ',' | ';' | '\t' | '|' };

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * How the table is written: by the ending of its name, otherwise by its first line that is not blank: JSON when it is an object,
 * otherwise the sign that stands most often outside quotes on it. Throws FaultError TABLE_BROKEN where lines end with CR alone.
 */
export function formatOf(path: string, text: string): Format {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  if (!text.includes('\n') && text.includes('\r'))
    throw new FaultError('TABLE_BROKEN', { path, line: 1, cause: 'line-ends' });
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  if (['jsonl', 'ndjson', 'json'].includes(ending)) return { name: 'json-lines' };
  if (['tsv', 'tab'].includes(ending)) return { name: 'delimited', delimiter: '\t' };
  if (ending !== 'csv' && isObject(line)) return { name: 'json-lines' };
  const bare = line.replace(/"(?:[^"]|"")*"?/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }));
  const [most] = counts.sort((a, b) => b.count - a.count);
  return { name: 'delimited', delimiter: most === undefined || most.count === 0 ? ',' : most.delimiter };
}

function isObject(line: string): boolean {
  if (!line.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the first row names the columns: some cell is a word, and none is a date or a number other than a whole one of four digits,
 * which may be a year.
 */
export function isHeader(cells: readonly string[], read: (text: string) => Cell): boolean {
  const kinds = cells.map((text) => ({ text: text.trim(), kind: read(text.trim()).kind }));
  const names = kinds.some(({ kind }) => kind === 'text' || kind === 'marker' || kind === 'boolean');
  return names && !kinds.some(({ text, kind }) => isData(text, kind));
}

function isData(text: string, kind: Cell['kind']): boolean {
  return kind === 'date' || kind === 'number' || (kind === 'integer' && !/^\d{4}$/.test(text));
}
