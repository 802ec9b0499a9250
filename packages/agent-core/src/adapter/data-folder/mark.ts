import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { durably } from '../../failpoint/index.ts';
import { isCode } from './fault.ts';

/** Six bytes of the head, six of its complement, so that a torn mark is known as one, and one that is 1 when in doubt. */
const SIZE = 13;
const MOST = 2 ** 48 - 1;

/**
 * How far a database had come, noted in a file of its own after each commit. A database that is behind its mark has lost facts it
 * had acknowledged: its write-ahead log was cut off, damaged or exchanged, which SQLite takes for an ordinary end. The mark is
 * not flushed, so that it costs microseconds; after a power cut it may lie behind the database, which proves nothing and does no harm.
 */
export class Mark {
  readonly #handle: number;
  readonly #bytes = Buffer.alloc(SIZE);

  constructor(path: string) {
    this.#handle = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  write(head: number): void {
    this.#bytes.writeUIntBE(head, 0, 6);
    this.#bytes.writeUIntBE(MOST - head, 6, 6);
    this.#flush();
  }

  /** Notes that damage was met, so that the next start reads every row, however large the database is. */
  doubt(): void {
    this.#bytes.writeUInt8(1, 12);
    this.#flush();
  }

  #flush(): void {
    try {
      durably('database.mark', () => writeSync(this.#handle, this.#bytes, 0, SIZE, 0));
    } catch (error) {
      // The commit is on disk. A mark that stays behind only watches less closely.
      if (!isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO')) throw error;
    }
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** What the mark says; null when there is none or it is not whole. */
export function readMark(path: string): { readonly head: number; readonly doubted: boolean } | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
  if (bytes.length !== SIZE) return null;
  const head = bytes.readUIntBE(0, 6);
  return bytes.readUIntBE(6, 6) === MOST - head ? { head, doubted: bytes.readUInt8(12) !== 0 } : null;
}
