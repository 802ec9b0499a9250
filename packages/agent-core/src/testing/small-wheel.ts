import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { KnownModel } from '../adapter/model-local/index.ts';
import { seeded } from './random.ts';

/** A sentence model of the same kind as MiniLM with random weights, small enough to be written by a test. */
const SIZES = { h: 32, f: 64, layers: 2, words: 64, positions: 512, types: 2 };
const FOLDER = 'small_model/model/';

/** The network's sizes as its config.json has them. */
export const SMALL_CONFIG = {
  architectures: ['BertModel'],
  hidden_act: 'gelu',
  hidden_size: SIZES.h,
  intermediate_size: SIZES.f,
  layer_norm_eps: 1e-12,
  max_position_embeddings: SIZES.positions,
  num_attention_heads: 4,
  num_hidden_layers: SIZES.layers,
  position_embedding_type: 'absolute',
  type_vocab_size: SIZES.types,
  vocab_size: SIZES.words,
};

/** A file of an archive that lies about nothing but what `declared` says of its length. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly declared?: number;
}

/** A zip archive with its files as they are, unpacked. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, declared = bytes.length } of entries) {
    const title = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(declared, 14);
    shared.writeUInt32LE(declared, 18);
    shared.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, title, bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, place, title]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

/** Names and shapes of all the weights, in the order they lie in the file. */
export function smallShapes(): readonly (readonly [string, readonly number[]])[] {
  const { h, f, layers, words, positions, types } = SIZES;
  const layer = (at: number): [string, number[]][] => {
    const name = (rest: string) => `encoder.layer.${at}.${rest}`;
    const dense = (rest: string, to: number, from: number): [string, number[]][] => [
      [name(`${rest}.weight`), [to, from]],
      [name(`${rest}.bias`), [to]],
    ];
    const norm = (rest: string): [string, number[]][] => [
      [name(`${rest}.LayerNorm.weight`), [h]],
      [name(`${rest}.LayerNorm.bias`), [h]],
    ];
    return [
      ...['query', 'key', 'value'].flatMap((part) => dense(`attention.self.${part}`, h, h)),
      ...dense('attention.output.dense', h, h),
      ...norm('attention.output'),
      ...dense('intermediate.dense', f, h),
      ...dense('output.dense', h, f),
      ...norm('output'),
    ];
  };
  return [
    ['embeddings.word_embeddings.weight', [words, h]],
    ['embeddings.position_embeddings.weight', [positions, h]],
    ['embeddings.token_type_embeddings.weight', [types, h]],
    ['embeddings.LayerNorm.weight', [h]],
    ['embeddings.LayerNorm.bias', [h]],
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
    ['pooler.dense.weight', [h, h]],
  ];
}

/** A safetensors file of these weights with random values between -1/2 and 1/2. */
export function smallWeights(shapes = smallShapes(), seed = 1): Buffer {
  const random = seeded(seed);
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const data: Buffer[] = [];
  let at = 0;
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, size) => product * size, 1);
    data.push(
      Buffer.from(
        Float32Array.from({ length: count }, () => random.below(1_000_000) / 1_000_000 - 0.5).buffer,
      ),
    );
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * count] };
    at += 4 * count;
  }
  return safetensorsOf(header, Buffer.concat(data));
}

export function safetensorsOf(header: unknown, data: Buffer): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

/** The files of the wheel by their names, each replaceable. */
export function smallFiles(replaced: Readonly<Record<string, Buffer | string>> = {}): ZipEntry[] {
  const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'cat', 'dog', '##s', 'a', 'b', 'the', ','];
  while (words.length < SIZES.words) words.push(`word${words.length}`);
  const files: Record<string, Buffer | string> = {
    'config.json': JSON.stringify(SMALL_CONFIG),
    '1_Pooling/config.json': JSON.stringify({
      pooling_mode_cls_token: false,
      pooling_mode_mean_tokens: true,
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
    }),
    'tokenizer_config.json': JSON.stringify({ do_lower_case: true, tokenizer_class: 'BertTokenizer' }),
    'vocab.txt': `${words.join('\n')}\n`,
    'model.safetensors': smallWeights(),
    ...replaced,
  };
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name: `${FOLDER}${name}`,
    bytes: Buffer.from(bytes),
  }));
  const about = 'small_model-1.0.dist-info/';
  return [
    ...entries,
    {
      name: `${about}METADATA`,
      bytes: Buffer.from('Metadata-Version: 2.1\nName: small-model\nVersion: 1.0\n'),
    },
    {
      name: `${about}WHEEL`,
      bytes: Buffer.from('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
    },
    { name: `${about}RECORD`, bytes: Buffer.alloc(0) },
  ];
}

/** Writes a wheel into a folder; answers its path and the model as the product would know it. */
export function writeSmallWheel(
  folder: string,
  bytes = zipOf(smallFiles()),
): { path: string; known: KnownModel } {
  const wheel = 'small_model-1.0-py3-none-any.whl';
  const path = join(folder, wheel);
  writeFileSync(path, bytes);
  const known: KnownModel = {
    model: 'all-MiniLM-L6-v2',
    purpose: 'embedding',
    licence: 'Apache-2.0',
    requirement: 'small-model==1.0',
    wheel,
    source: 'a folder of this test',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    folder: FOLDER,
    kept: { bytes: 1, sha256: '0'.repeat(64) },
    dimensions: SIZES.h,
    tokens: 256,
  };
  return { path, known };
}
