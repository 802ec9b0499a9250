import type { FileView } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { decode, isBinary } from './inside.ts';

/**
 * A file's text for a person to read, and what its bytes were read as where that is not UTF-8: UTF-16 by its byte-order mark, else
 * Windows-1252, which gives every byte a character. Throws FaultError FILE_BINARY.
 */
export function shownText(bytes: Uint8Array, path: string): Pick<FileView, 'text' | 'encoding'> {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return wide(bytes, path, 'utf-16le');
  if (first === 0xfe && second === 0xff) return wide(bytes, path, 'utf-16be');
  if (isBinary(bytes)) throw new FaultError('FILE_BINARY', { path });
  const { text, repaired } = decode(bytes);
  if (!repaired) return { text };
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
}

/** Bytes that are no whole UTF-16, whatever they begin with, are no text. */
function wide(
  bytes: Uint8Array,
  path: string,
  encoding: 'utf-16le' | 'utf-16be',
): Pick<FileView, 'text' | 'encoding'> {
  try {
    const ordered = encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes;
    return { text: new TextDecoder('utf-16le', { fatal: true }).decode(ordered), encoding };
  } catch {
    throw new FaultError('FILE_BINARY', { path });
  }
}
