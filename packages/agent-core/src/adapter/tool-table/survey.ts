import type { FileHandle } from 'node:fs/promises';
import { FaultError, type Json } from '@soma/schemas/event';
import { formatOf } from './format.ts';
import { readRows } from './rows.ts';
import { QUOTE_LIMIT, type Table, tableOf, wantedLines } from './table.ts';
import { Tally } from './tally.ts';
import { copied, type Decoded, decodedNothing, type TextSource, textOf, wideMark } from './text.ts';

/** How much of a file, in bytes, decides whether it is text. */
const SNIFF = 8192;

/**
 * Reads a table once for its counts, and its text once more for the lines that are to be quoted; never holds all of it. Throws
 * FaultError FILE_BINARY, TABLE_EMPTY, TABLE_BROKEN or TABLE_TOO_WIDE.
 */
export async function surveyTable(
  handle: FileHandle,
  path: string,
  onRead: (bytes: number) => void,
): Promise<Table> {
  await refuseBinary(handle, path);
  const source: TextSource = { handle, path, onRead };
  const decoded = decodedNothing();
  const pieces = textOf(source, decoded);
  const first = await beginningOf(pieces);
  if (first === null) throw new FaultError('TABLE_EMPTY', { path });
  const format = formatOf(path, first);
  const tally = new Tally(path, format);
  const text = resumed(first, pieces);
  if (format.name === 'json-lines') await readObjects(text, { path, tally });
  else
    await readRows(text, {
      ...{ path, delimiter: format.delimiter },
      onRow: (cells, line) => tally.addCells(cells, line),
    });
  const tallied = tally.tallied();
  if (tallied === null) throw new FaultError('TABLE_EMPTY', { path });
  const quotes = await linesAt(source, wantedLines(tallied, decoded));
  return tableOf({ path, format, decoded, tallied, quotes });
}

async function refuseBinary(handle: FileHandle, path: string): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF), 0, SNIFF, 0);
  const start = buffer.subarray(0, bytesRead);
  if (wideMark(start) === null && start.includes(0)) throw new FaultError('FILE_BINARY', { path });
}

/** Blank text beyond this many UTF-16 units is not looked behind. */
const BEGINNING = 1024 * 1024;

/** The first pieces, up to one that says something: how a table is written is told by its first line that is not blank. */
async function beginningOf(pieces: AsyncIterator<string>): Promise<string | null> {
  let text: string | null = null;
  for (;;) {
    const piece = await pieces.next();
    if (piece.done === true) return text;
    text = (text ?? '') + piece.value;
    if (piece.value.trim() !== '' || text.length > BEGINNING) return text;
  }
}

async function* resumed(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield first;
  yield* rest;
}

/** A line that is no JSON object is counted as malformed; when the very first is none, this is no table of JSON lines. */
async function readObjects(
  text: AsyncIterable<string>,
  { path, tally }: { path: string; tally: Tally },
): Promise<void> {
  let line = 0;
  let begun = false;
  for await (const piece of text) {
    const lines = piece.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const own of lines) {
      line += 1;
      if (own.trim() === '') {
        tally.odd('blank-lines', line);
        continue;
      }
      const row = objectOf(own);
      if (row === null && !begun) throw new FaultError('TABLE_BROKEN', { path, line, cause: 'no-object' });
      begun = true;
      if (row === null) tally.odd('malformed-lines', line);
      else tally.addObject(row, line);
    }
  }
}

function objectOf(line: string): Readonly<Record<string, Json>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRow(value) ? value : null;
  } catch {
    return null;
  }
}

function isRow(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of these lines, by their numbers. */
async function linesAt(source: TextSource, wanted: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const decoded: Decoded = decodedNothing();
  let line = 1;
  let next = 0;
  for await (const piece of textOf({ ...source, onRead: () => undefined }, decoded)) {
    for (let from = 0; from < piece.length && next < wanted.length; line += 1) {
      const end = piece.indexOf('\n', from);
      const to = end === -1 ? piece.length : end;
      if (wanted[next] === line) {
        // The mark belongs to the first line of the file as it stands.
        const mark = line === 1 && decoded.bom ? '\uFEFF' : '';
        if (to - from <= QUOTE_LIMIT) found.set(line, mark + copied(piece.slice(from, to)));
        next += 1;
      }
      from = to + 1;
    }
    if (next === wanted.length) break;
  }
  return found;
}
