import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { writeSmallChat } from '../../testing/small-chat.ts';
import { ggufHead, type MetaValue } from './gguf.ts';
import { inspectChatFile } from './inspect.ts';
import { readGgufHead } from './read-gguf.ts';

describe('a file that a person picks as a chat model', () => {
  const { signal } = new AbortController();
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const string = (value: string): MetaValue => ({ type: 'string', value });
  const write = (name: string, values: readonly (readonly [string, MetaValue])[]) => {
    const path = join(folder.path, name);
    writeFileSync(path, ggufHead(new Map(values), []).head);
    return path;
  };
  const refusal = (path: string) =>
    inspectChatFile(path, null, signal).then(
      () => 'taken',
      (error: unknown) => (error as { fault: { code: string; data: { reason?: string } } }).fault,
    );

  it('is taken for what it says of itself, with no more context than it was trained for', async () => {
    const { path, sha256 } = writeSmallChat(folder.path);
    expect(await inspectChatFile(path, null, signal)).toEqual({
      ...{ path, sha256, bytes: statSync(path).size, model: 'small-chat' },
      ...{ contextTokens: 4096, licence: null },
    });
    expect(await inspectChatFile(path, 1_000_000, signal)).toMatchObject({ contextTokens: 4096 });
    expect(await inspectChatFile(path, 512, signal)).toMatchObject({ contextTokens: 512 });
    expect((await readGgufHead(path))?.bytes).toBe(statSync(path).size);
  });

  it('takes its name from the file where it has none, and its licence from itself', async () => {
    const path = write('My Model.gguf', [
      ['general.architecture', string('llama')],
      ['general.license', string('mit')],
      ['llama.context_length', { type: 'u32', value: 32_768 }],
    ]);
    expect(await inspectChatFile(path, null, signal)).toMatchObject({
      ...{ model: 'My Model', licence: 'mit', contextTokens: 8192 },
    });
  });

  it('is refused where it is no model, made for another work, or not there', async () => {
    const bert = write('bert.gguf', [
      ['general.architecture', string('bert')],
      ['bert.context_length', { type: 'u32', value: 512 }],
      ['bert.pooling_type', { type: 'u32', value: 1 }],
    ]);
    const nothing = write('nothing.gguf', []);
    writeFileSync(join(folder.path, 'text.gguf'), 'GGUF, or so it says');
    writeFileSync(join(folder.path, 'empty.gguf'), '');
    mkdirSync(join(folder.path, 'folder.gguf'));
    expect(await refusal(bert)).toMatchObject({
      code: 'MODEL_FILE_NO_CHAT',
      data: { reason: 'kind', what: 'bert' },
    });
    expect(await refusal(nothing)).toMatchObject({ data: { reason: 'kind' } });
    for (const [name, reason] of [
      ['text', 'header'],
      ['empty', 'header'],
      ['folder', 'folder'],
    ] as const)
      expect(await refusal(join(folder.path, `${name}.gguf`))).toMatchObject({
        code: 'MODEL_FILE_NO_CHAT',
        data: { reason },
      });
    expect(await refusal(join(folder.path, 'gone.gguf'))).toMatchObject({ code: 'FILE_GONE' });
    expect(await refusal(join(bert, 'below.gguf'))).toMatchObject({ code: 'FILE_GONE' });
  });

  it('is refused wherever it was cut, and read without harm whatever bytes are in its head', async () => {
    const { path } = writeSmallChat(folder.path);
    const bytes = readFileSync(path);
    const other = join(folder.path, 'other.gguf');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        writeFileSync(other, bytes);
        truncateSync(other, length);
        expect(await refusal(other)).toMatchObject({ code: 'MODEL_FILE_NO_CHAT' });
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: 0, max: 255 }),
        async (at, byte) => {
          const changed = Buffer.from(bytes);
          changed[at] = byte;
          writeFileSync(other, changed);
          const found = await refusal(other);
          if (found !== 'taken') expect(found).toMatchObject({ code: 'MODEL_FILE_NO_CHAT' });
        },
      ),
      { numRuns: 200 },
    );
  });
});
