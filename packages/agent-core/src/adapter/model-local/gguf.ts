/** Where weights may begin in a GGUF file, in bytes. */
const ALIGNMENT = 32;
const VERSION = 3;

/** A value of a GGUF file's metadata, with the type it is written in. */
export type MetaValue =
  | { readonly type: 'u32'; readonly value: number }
  | { readonly type: 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s'; readonly value: readonly number[] };

/** The numbers by which GGUF names the types of values. */
const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
/** The numbers by which it names the types of weights. */
const WEIGHT = { f32: 0, f16: 1 } as const;

/** A weight as it will lie in the file; `shape` has the slowest dimension first, as everywhere but in GGUF. */
export interface GgufTensor {
  readonly name: string;
  readonly type: keyof typeof WEIGHT;
  readonly shape: readonly number[];
}

/** Everything of a GGUF file before its weights, which follow in the order given, each padded to `paddingAfter` its own length. */
export function ggufHead(
  metadata: ReadonlyMap<string, MetaValue>,
  tensors: readonly GgufTensor[],
): { readonly head: Buffer; readonly bytes: number } {
  const parts: Buffer[] = [Buffer.from('GGUF'), u32(VERSION), u64(tensors.length), u64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), meta(value));
  let offset = 0;
  for (const { name, type, shape } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(WEIGHT[type]), u64(offset));
    const bytes = bytesOf({ type, shape });
    offset += bytes + paddingAfter(bytes);
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.concat([...parts, Buffer.alloc(paddingAfter(length))]);
  return { head, bytes: head.length + offset };
}

/** How many zero bytes bring a length to the next place where a weight may begin. */
export function paddingAfter(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}

export function bytesOf({ type, shape }: Pick<GgufTensor, 'type' | 'shape'>): number {
  return shape.reduce((product, size) => product * size, type === 'f16' ? 2 : 4);
}

function meta({ type, value }: MetaValue): Buffer {
  switch (type) {
    case 'u32':
      return Buffer.concat([u32(TYPE.u32), u32(value)]);
    case 'f32':
      return Buffer.concat([u32(TYPE.f32), f32(value)]);
    case 'bool':
      return Buffer.concat([u32(TYPE.bool), Buffer.from([value ? 1 : 0])]);
    case 'string':
      return Buffer.concat([u32(TYPE.string), text(value)]);
    case 'strings':
      return Buffer.concat([u32(TYPE.array), u32(TYPE.string), u64(value.length), ...value.map(text)]);
    case 'i32s':
      return Buffer.concat([u32(TYPE.array), u32(TYPE.i32), u64(value.length), ...value.map(i32)]);
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
