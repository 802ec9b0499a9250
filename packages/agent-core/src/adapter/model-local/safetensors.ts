import { z } from 'zod';
import { refuse } from './refuse.ts';

/** The header of a safetensors file is not read beyond this many bytes; MiniLM's has 11,408. */
export const HEADER_LIMIT = 1024 * 1024;
/** Bytes of an element, by the name of its type. Other types do not occur in models that are known here. */
const WIDTH = { F32: 4, I64: 8 } as const;

const Size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Described = z.strictObject({
  dtype: z.enum(['F32', 'I64']),
  shape: z.array(z.number().int().min(1).max(10_000_000)).max(4),
  data_offsets: z.tuple([Size, Size]),
});
const Header = z.record(z.string().min(1).max(200), z.unknown());

/** One weight: its name, type, shape (slowest dimension first) and length in bytes. */
export interface Tensor {
  readonly name: string;
  readonly type: 'F32' | 'I64';
  readonly shape: readonly number[];
  readonly bytes: number;
}

/**
 * The weights of a safetensors file in the order they lie in it, from its header's JSON. `dataBytes` is what follows the header; the
 * weights fill it without a gap. Anything else is refused.
 */
export function readHeader(json: Buffer, dataBytes: number): readonly Tensor[] {
  const header = Header.safeParse(parsed(json));
  if (!header.success) throw refuse('header');
  const found = Object.entries(header.data)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => {
      const described = Described.safeParse(value);
      if (!described.success) throw refuse('header', name);
      return { name, ...described.data };
    })
    .sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
  let at = 0;
  const tensors = found.map(({ name, dtype, shape, data_offsets: [from, to] }) => {
    const bytes = shape.reduce((product, size) => product * size, WIDTH[dtype]);
    if (from !== at || to - from !== bytes) throw refuse('header', name);
    at = to;
    return { name, type: dtype, shape, bytes };
  });
  if (at !== dataBytes) throw refuse('header');
  return tensors;
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw refuse('header');
  }
}
