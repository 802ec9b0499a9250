import { type FileHandle, open } from 'node:fs/promises';

/** What a GGUF file says before its weights. Lists, such as a vocabulary, are passed over. */
export interface ReadHead {
  readonly values: ReadonlyMap<string, string | number | boolean>;
  /** How long the file is at least when it is whole. */
  readonly bytes: number;
}

/** No head that is known is as long; a file that claims to have one is none. */
const LIMITS = {
  bytes: 256 * 1024 * 1024,
  values: 10_000,
  tensors: 100_000,
  dimensions: 8,
  text: 1024 * 1024,
};
const PIECE = 1024 * 1024;
const ALIGNMENT = 32;
const STRING = 8;
const ARRAY = 9;
/** Bytes of each type of value, by its number. */
const WIDTH: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};
/** Of each type of weight, by its number: so many in a block, and the bytes of one. Of others only the beginning is known. */
const BLOCK: Readonly<Record<number, readonly [number, number]>> = {
  ...{ 0: [1, 4], 1: [1, 2], 2: [32, 18], 3: [32, 20], 6: [32, 22], 7: [32, 24], 8: [32, 34] },
  ...{ 10: [256, 84], 11: [256, 110], 12: [256, 144], 13: [256, 176], 14: [256, 210], 30: [1, 2] },
};

/** The head of a GGUF file of version 2 or 3; null where it has none, or one that cannot be read. */
export async function readGgufHead(path: string): Promise<ReadHead | null> {
  const file = await open(path, 'r');
  try {
    return await headIn(new Reader(file));
  } catch (error) {
    if (error instanceof NoHead) return null;
    throw error;
  } finally {
    await file.close();
  }
}

class NoHead extends Error {}

async function headIn(reader: Reader): Promise<ReadHead> {
  const magic = (await reader.take(4)).toString('latin1');
  const version = await reader.number(4);
  if (magic !== 'GGUF' || (version !== 2 && version !== 3)) throw new NoHead();
  const tensors = within(await reader.number(8), LIMITS.tensors);
  const count = within(await reader.number(8), LIMITS.values);
  const values = new Map<string, string | number | boolean>();
  for (let left = count; left > 0; left -= 1) {
    const key = await reader.text();
    const value = await valueIn(reader, await reader.number(4));
    if (value !== null) values.set(key, value);
  }
  let last = 0;
  for (let left = tensors; left > 0; left -= 1) last = Math.max(last, await tensorEnd(reader));
  const stated = values.get('general.alignment');
  const alignment = typeof stated === 'number' && stated > 0 ? stated : ALIGNMENT;
  return { values, bytes: Math.ceil(reader.at / alignment) * alignment + last };
}

async function valueIn(reader: Reader, type: number): Promise<string | number | boolean | null> {
  if (type === STRING) return reader.text();
  if (type === ARRAY) {
    const inner = await reader.number(4);
    const count = await reader.number(8);
    if (inner === STRING)
      for (let left = count; left > 0; left -= 1) await reader.skip(await reader.number(8));
    else await reader.skip(count * widthOf(inner));
    return null;
  }
  const bytes = await reader.take(widthOf(type));
  if (type === 6) return bytes.readFloatLE();
  if (type === 12) return bytes.readDoubleLE();
  if (type === 7) return bytes[0] === 1;
  return whole(bytes);
}

/** Where the weight ends, counted from the first one. */
async function tensorEnd(reader: Reader): Promise<number> {
  await reader.text();
  let elements = 1;
  for (let left = within(await reader.number(4), LIMITS.dimensions); left > 0; left -= 1)
    elements *= await reader.number(8);
  const [size, bytes] = BLOCK[await reader.number(4)] ?? [1, 0];
  return (await reader.number(8)) + Math.ceil(elements / size) * bytes;
}

function widthOf(type: number): number {
  const width = WIDTH[type];
  if (width === undefined) throw new NoHead();
  return width;
}

function within(value: number, limit: number): number {
  if (value > limit) throw new NoHead();
  return value;
}

function whole(bytes: Buffer): number {
  return bytes.length === 8 ? Number(bytes.readBigUInt64LE()) : bytes.readUIntLE(0, bytes.length);
}

/** Reads a file from its beginning, a piece at a time. */
class Reader {
  readonly #file: FileHandle;
  #piece = Buffer.alloc(0);
  /** Where in the piece. */
  #within = 0;
  /** Where in the file. */
  at = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async number(width: 4 | 8): Promise<number> {
    return whole(await this.take(width));
  }

  async text(): Promise<string> {
    return (await this.take(within(await this.number(8), LIMITS.text))).toString('utf8');
  }

  async skip(bytes: number): Promise<void> {
    const left = this.#piece.length - this.#within;
    this.at = within(this.at + bytes, LIMITS.bytes);
    if (bytes <= left) this.#within += bytes;
    else {
      this.#piece = Buffer.alloc(0);
      this.#within = 0;
    }
  }

  async take(bytes: number): Promise<Buffer> {
    const found = this.#piece.subarray(this.#within, this.#within + bytes);
    if (found.length < bytes) {
      const piece = Buffer.alloc(Math.max(PIECE, bytes));
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, this.at);
      if (bytesRead < bytes) throw new NoHead();
      this.#piece = piece.subarray(0, bytesRead);
      this.#within = 0;
      return this.take(bytes);
    }
    this.#within += bytes;
    this.at = within(this.at + bytes, LIMITS.bytes);
    return found;
  }
}
