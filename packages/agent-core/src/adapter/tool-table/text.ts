import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { FaultError } from '@soma/schemas/event';

/** How much is read at once, in bytes. */
const CHUNK = 256 * 1024;
/** Longest line or row, in bytes or UTF-16 units, that is taken for one: a quote that never closes must not take the memory. */
export const ROW_LIMIT = 4 * 1024 * 1024;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'mixed';

/** What the bytes turned out to be. `foreign`: lines that are no UTF-8 and were read as Windows-1252, and the first of them. */
export interface Decoded {
  encoding: Encoding;
  bom: boolean;
  bytes: number;
  lines: number;
  foreign: { count: number; line: number | null };
}

export interface TextSource {
  readonly handle: FileHandle;
  readonly path: string;
  /** Told the bytes read so far. */
  readonly onRead: (bytes: number) => void;
}

export function decodedNothing(): Decoded {
  return { encoding: 'utf-8', bom: false, bytes: 0, lines: 0, foreign: { count: 0, line: null } };
}

/**
 * The text of a file in pieces of whole lines, with LF as line end and its byte order mark left out; `into` says what was met.
 * UTF-16 is known by its mark. Of anything else each line that is UTF-8 is read so, and any other as Windows-1252. Throws
 * FaultError TABLE_BROKEN for a line above ROW_LIMIT.
 */
export async function* textOf(source: TextSource, into: Decoded): AsyncGenerator<string, void> {
  let rest: Buffer = Buffer.alloc(0);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let words = '';
  const met = { utf8: false };
  for await (const bytes of chunksOf(source, into)) {
    const first = into.bytes === bytes.length;
    const wide = first ? wideMark(bytes) : null;
    if (wide !== null) {
      decoder = new TextDecoder(wide);
      Object.assign(into, { encoding: wide, bom: true });
    }
    if (decoder !== null) {
      words += decoder.decode(bytes, { stream: true });
      const end = words.lastIndexOf('\n') + 1;
      if (words.length - end > ROW_LIMIT) throw tooLong(source.path, into.lines + 1);
      if (end > 0) yield withLineFeeds(words.slice(0, end), into);
      words = words.slice(end);
      continue;
    }
    const marked = first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (marked) into.bom = true;
    const whole = Buffer.concat([rest, marked ? bytes.subarray(3) : bytes]);
    const end = whole.lastIndexOf(10) + 1;
    if (whole.length - end > ROW_LIMIT) throw tooLong(source.path, into.lines + 1);
    // A copy, because the buffer below is read into again.
    rest = Buffer.from(whole.subarray(end));
    if (end > 0) yield withLineFeeds(decode(whole.subarray(0, end), into, met), into);
  }
  const last = decoder === null ? decode(rest, into, met) : words + decoder.decode();
  if (last !== '') yield withLineFeeds(last, into, 1);
}

async function* chunksOf({ handle, onRead }: TextSource, into: Decoded): AsyncGenerator<Buffer, void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, into.bytes);
    if (bytesRead === 0) return;
    into.bytes += bytesRead;
    onRead(into.bytes);
    yield buffer.subarray(0, bytesRead);
  }
}

/** UTF-16 as its byte order mark says, or null. */
export function wideMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

const western = new TextDecoder('windows-1252');

function decode(bytes: Buffer, into: Decoded, met: { utf8: boolean }): string {
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8');
    if (text.length < bytes.length) met.utf8 = true;
    if (into.foreign.count > 0 && met.utf8) into.encoding = 'mixed';
    return text;
  }
  const parts: string[] = [];
  for (let from = 0, line = into.lines + 1; from < bytes.length; line += 1) {
    const found = bytes.indexOf(10, from);
    const end = found === -1 ? bytes.length : found + 1;
    const own = bytes.subarray(from, end);
    const text = isUtf8(own) ? own.toString('utf8') : western.decode(own);
    if (!isUtf8(own)) {
      into.foreign.count += 1;
      into.foreign.line ??= line;
    } else if (text.length < own.length) met.utf8 = true;
    parts.push(text);
    from = end;
  }
  into.encoding = met.utf8 ? 'mixed' : 'windows-1252';
  return parts.join('');
}

function withLineFeeds(text: string, into: Decoded, unended = 0): string {
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) into.lines += 1;
  into.lines += unended;
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/** A text of its own, which does not keep the longer one in memory that it was cut from; short ones are that already. */
export function copied(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

function tooLong(path: string, line: number): FaultError {
  return new FaultError('TABLE_BROKEN', { path, line, cause: 'line-too-long' });
}
