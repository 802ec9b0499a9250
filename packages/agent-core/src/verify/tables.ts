import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Claim, Recount } from '@soma/schemas/event';
import { openBelow, readings } from './folder.ts';
import { type ColumnRecount, CountedColumn } from './table-column.ts';
import { machineFor, type RowMachine } from './table-rows.ts';

/** Files above this size, in bytes, are not held in memory for a line of them. */
const LARGE = 4 * 1024 * 1024;
const CHUNK = 128 * 1024;
/** Longest line, in bytes, that is read. */
const LONGEST = 64 * 1024 * 1024;

type TableRecount = Extract<Recount, { of: 'rows' | 'column' }>;

/** A file as it was streamed once for all that is claimed about it. */
interface Streamed {
  readonly hash: string;
  /** What each cited line may be read as; without those beyond the end. */
  readonly lines: ReadonlyMap<number, readonly string[]>;
  readonly counted: ReadonlyMap<TableRecount, number | null>;
}

/** Rereads tables and large files, each once for all the claims of a round. */
export interface RereadTables {
  /** Null when the file is neither claimed to be a table nor large, or is not there. `texts`: how the line may be read. */
  cited(path: string, line: number): Promise<{ hash: string; texts: readonly string[] } | null>;
  /** Null when there is nothing to count. */
  recount(asked: TableRecount): Promise<number | null>;
}

export function openTables(root: string, claims: readonly Claim[], signal: AbortSignal): RereadTables {
  const asked = new Map<string, TableRecount[]>();
  const cited = new Map<string, Set<number>>();
  for (const claim of claims) {
    const { path, line } = claim.citation;
    cited.set(path, (cited.get(path) ?? new Set()).add(line));
    if (claim.kind !== 'recounted' || (claim.recount.of !== 'rows' && claim.recount.of !== 'column'))
      continue;
    asked.set(claim.recount.subject, [...(asked.get(claim.recount.subject) ?? []), claim.recount]);
  }
  const streamed = new Map<string, Promise<Streamed | null>>();
  const look = (path: string) => {
    const known =
      streamed.get(path) ??
      stream(root, path, { asked: asked.get(path) ?? [], cited: cited.get(path) ?? new Set(), signal });
    streamed.set(path, known);
    return known;
  };
  return {
    cited: async (path, line) => {
      const file = await look(path);
      return file === null ? null : { hash: file.hash, texts: file.lines.get(line) ?? [] };
    },
    recount: async (recount) => (await look(recount.subject))?.counted.get(recount) ?? null,
  };
}

interface Wanted {
  readonly asked: readonly TableRecount[];
  readonly cited: ReadonlySet<number>;
  readonly signal: AbortSignal;
}

async function stream(root: string, path: string, wanted: Wanted): Promise<Streamed | null> {
  const handle = await openBelow(root, path);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    if (wanted.asked.length === 0 && size <= LARGE) return null;
    return await streamLines(handle, path, wanted);
  } catch (error) {
    if (wanted.signal.aborted) throw error;
    return null;
  } finally {
    await handle.close();
  }
}

async function streamLines(handle: FileHandle, path: string, wanted: Wanted): Promise<Streamed> {
  const hash = createHash('sha256');
  const counting = wanted.asked.length === 0 ? null : new Counting(path, wanted.asked);
  const lines = new Map<number, readonly string[]>();
  let number = 0;
  for await (const batch of batchesOf(handle, (bytes) => hash.update(bytes))) {
    wanted.signal.throwIfAborted();
    for (const [index, text] of batch.texts.entries()) {
      number += 1;
      if (wanted.cited.has(number)) lines.set(number, batch.readings(index));
      counting?.line(number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text);
    }
  }
  return { hash: hash.digest('hex'), lines, counted: counting?.counted() ?? new Map() };
}

interface Batch {
  readonly texts: readonly string[];
  /** Every way the line at this place may be read. */
  readings(index: number): readonly string[];
}

/** The lines of the file, many at a time; a line too long for memory is not read on. */
async function* batchesOf(handle: FileHandle, onBytes: (bytes: Buffer) => void): AsyncGenerator<Batch, void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let wide: { decoder: InstanceType<typeof TextDecoder>; rest: string } | null = null;
  let rest = Buffer.alloc(0);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
    const bytes = buffer.subarray(0, bytesRead);
    if (position === 0) wide = wideOf(bytes);
    position += bytesRead;
    onBytes(bytes);
    const ended = bytesRead === 0;
    if (wide !== null) {
      const lines: string[] = (wide.rest + wide.decoder.decode(bytes, { stream: !ended })).split('\n');
      wide.rest = ended ? '' : (lines.pop() ?? '');
      if (ended && lines.at(-1) === '') lines.pop();
      yield plain(lines);
    } else {
      const whole: Buffer = Buffer.concat([rest, bytes]);
      const end = ended ? whole.length : whole.lastIndexOf(10) + 1;
      if (whole.length - end > LONGEST) throw new Error('a line is too long to be read');
      rest = Buffer.from(whole.subarray(end));
      if (end > 0) yield batchOf(whole.subarray(0, end));
    }
    if (ended) return;
  }
}

function wideOf(bytes: Uint8Array): { decoder: InstanceType<typeof TextDecoder>; rest: string } | null {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark !== 0xfffe && mark !== 0xfeff) return null;
  const decoder = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be', { ignoreBOM: true });
  return { decoder, rest: '' };
}

function batchOf(bytes: Buffer): Batch {
  const whole = bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes;
  if (isUtf8(whole)) return plain(whole.toString('utf8').split('\n'));
  const lines: Buffer[] = [];
  for (let from = 0; from <= whole.length; ) {
    const end = whole.indexOf(10, from);
    lines.push(whole.subarray(from, end === -1 ? whole.length : end));
    if (end === -1) break;
    from = end + 1;
  }
  const all = lines.map((line) => readings(line));
  return {
    texts: all.map((ways) => withoutReturn(ways.at(-1) ?? '')),
    readings: (index) => (all[index] ?? []).map(withoutReturn),
  };
}

function plain(lines: readonly string[]): Batch {
  const texts = lines.map(withoutReturn);
  return { texts, readings: (index) => texts.slice(index, index + 1) };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Counts the rows and the columns that are asked for. */
class Counting {
  readonly #path: string;
  readonly #asked: readonly TableRecount[];
  #machine: RowMachine | null = null;
  readonly #columns = new Map<number, CountedColumn>();
  #rows = 0;

  constructor(path: string, asked: readonly TableRecount[]) {
    this.#path = path;
    this.#asked = asked;
  }

  line(text: string): void {
    if (this.#machine === null) {
      if (text.trim() === '') return;
      this.#machine = machineFor(this.#path, text);
      this.#open(this.#machine.semicolons);
    }
    const cells = this.#machine.feed(text);
    if (cells === null) return;
    this.#rows += 1;
    for (const [place, column] of this.#columns) column.add(cells[place - 1]);
  }

  counted(): ReadonlyMap<TableRecount, number | null> {
    const sound = this.#machine?.sound() === true;
    return new Map(this.#asked.map((recount) => [recount, sound ? this.#of(recount) : null]));
  }

  #of(recount: TableRecount): number | null {
    if (recount.of === 'rows') return this.#rows;
    return recount.column > (this.#machine?.width() ?? 0)
      ? null
      : (this.#columns.get(recount.column)?.measured(recount) ?? null);
  }

  #open(semicolons: boolean): void {
    const isColumn = (recount: TableRecount): recount is ColumnRecount => recount.of === 'column';
    const columns = this.#asked.filter(isColumn);
    for (const index of new Set(columns.map(({ column }) => column))) {
      const asked = columns.filter(({ column }) => column === index);
      this.#columns.set(index, new CountedColumn(asked, semicolons));
    }
  }
}
