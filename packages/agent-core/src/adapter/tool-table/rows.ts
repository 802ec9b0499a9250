import { Readable } from 'node:stream';
import { FaultError } from '@soma/schemas/event';
import Papa from 'papaparse';
import { ROW_LIMIT } from './text.ts';

export interface RowsOptions {
  readonly path: string;
  readonly delimiter: string;
  /** A row and the 1-based line it begins on; called in order. A row of a blank line has one empty cell. */
  readonly onRow: (cells: readonly string[], line: number) => void;
}

/**
 * The rows of delimited text, by papaparse, as they come in. Rejects with FaultError TABLE_BROKEN with the line of the row where a
 * quote is not closed, something follows a closing quote, or the row is longer than ROW_LIMIT; and with what `onRow` throws.
 */
export function readRows(pieces: AsyncIterable<string>, options: RowsOptions): Promise<void> {
  const input = Readable.from(pieces, { highWaterMark: 1 });
  const at = { given: 0, line: 1, quotes: false };
  const broken = (cause: string, line: number) =>
    new FaultError('TABLE_BROKEN', { path: options.path, line, cause });
  // Before the parser listens, so that it has counted what the parser then sees.
  input.on('data', (piece: string) => {
    at.given += piece.length;
    at.quotes ||= piece.includes('"');
  });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      input.destroy();
      reject(error instanceof Error ? error : new Error('the table could not be read'));
    };
    Papa.parse<string[]>(input, {
      ...{ delimiter: options.delimiter, newline: '\n', quoteChar: '"', escapeChar: '"' },
      chunk: ({ data, errors, meta }) => {
        const wrong = errors.find(
          ({ type, row }) => type === 'Quotes' && row !== undefined && row < data.length,
        );
        for (const [index, row] of data.entries()) {
          if (wrong?.row === index)
            throw broken(wrong.code === 'MissingQuotes' ? 'quote-open' : 'quote-inside', at.line);
          options.onRow(row, at.line);
          at.line += 1 + (at.quotes ? lineEndsIn(row) : 0);
        }
        if (at.given - meta.cursor > ROW_LIMIT) throw broken('quote-open', at.line);
      },
      error: fail,
      complete: () => resolve(),
    });
  });
}

function lineEndsIn(row: readonly string[]): number {
  let ends = 0;
  for (const cell of row)
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) ends += 1;
  return ends;
}
