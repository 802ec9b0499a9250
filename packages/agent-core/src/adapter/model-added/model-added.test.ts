import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExamResult, ModelToAdd } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passedIn } from '../../exam/index.ts';
import { arm, FAILPOINTS } from '../../failpoint/index.ts';
import type { ModelProvider } from '../../port/index.ts';
import { askIt, modelAt, PLANTED, turnOf } from '../../testing/asked-model.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';
import { packagedCatalogue } from '../model-catalogue/index.ts';
import { ENDPOINTS } from '../model-openai/endpoints.table.ts';
import { createOpenAIModel } from '../model-openai/index.ts';
import { KeptSecrets } from '../secrets/index.ts';
import { systemClock } from '../system/index.ts';
import { AddedModelList, type Where } from './index.ts';

const PASSED: ExamResult = {
  ...{ at: '2026-01-01T00:00:00.000Z', answeredAs: null, firstTokenMs: 1, tokensPerSecond: null },
  parts: [{ part: 'summary', verdict: 'passed', questions: 2, right: 2, misses: [], fault: null }],
  ...{ kinds: ['summary'], usage: { input: null, output: null, dollars: null }, fault: null },
};
const FILE: Extract<Where, { from: 'file' }> = {
  ...{ from: 'file', path: '/m.gguf', bytes: 5, sha256: 'a'.repeat(64), model: 'm' },
  ...{ contextTokens: 512, licence: 'apache-2.0' },
};

describe('a list of models that people added', () => {
  const scope = scopeOf();
  let folder: ReturnType<typeof temporaryFolder>;
  let secrets: KeptSecrets;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, 'added', 'models.json');
    secrets = new KeptSecrets({ file: join(folder.path, 'keys.json'), vault: null });
  });
  afterEach(() => folder.remove());

  const open = (inspected = FILE, examVersion = 1) =>
    new AddedModelList({
      ...{
        dataFolder: folder.path,
        clock: systemClock,
        secrets,
        endpoints: ENDPOINTS,
        examVersion,
        passedIn,
      },
      known: (endpoint, model) => packagedCatalogue().find(endpoint, model),
      inspect: () => Promise.resolve(inspected),
      connect: (where, secret) => ({ provider: providerOf(where, secret), close: () => Promise.resolve() }),
    });
  const providerOf = (where: Where, secret: string | null): ModelProvider =>
    where.from === 'file'
      ? modelAt({ address: 'http://127.0.0.1:9/v1' })
      : createOpenAIModel({ ...where, secret, secrets, clock: systemClock });
  const at = (endpoint: string, model = 'm', address: string | null = null): ModelToAdd => ({
    ...{ from: 'endpoint', endpoint, address, model, key: PLANTED, keep: 'session' },
  });

  it('says what is known of a model where something was read, and nothing else', async () => {
    const list = open();
    const { known } = await list.add({ scope, id: 'm1', model: at('openai', 'gpt-4o-mini') });
    expect(known).toMatchObject({
      price: { input: 0.15 },
      contextTokens: 128_000,
      source: { name: expect.stringContaining('PyPI') },
    });
    const other = await list.add({ scope, id: 'm2', model: at('openai', 'never-heard-of') });
    expect(other.known).toMatchObject({
      price: { input: null, output: null },
      contextTokens: null,
      licence: null,
      source: null,
    });
    expect(list.list(scope)[0]).toMatchObject({
      id: 'm1',
      price: { input: 0.15 },
      contextTokens: 128_000,
      passed: [],
    });
  });

  it.each([
    ['ollama', null, 'llama', true],
    ['ollama', null, 'gpt-oss:120b-cloud', false],
    ['ollama', 'http://192.168.1.4:11434/v1', 'llama', false],
    ['lmstudio', 'http://localhost:1234/v1', 'm', true],
    ['vllm', 'http://[::1]:8000/v1', 'm', true],
    // What a gateway does with a text is not to be seen from here.
    ['litellm', null, 'm', false],
    ['other', 'http://127.0.0.1:8080/v1', 'm', false],
    ['openai', null, 'm', false],
  ] as const)('at %s %s, %s stays on this computer: %s', async (...[endpoint, address, model, stays]) => {
    const added = await open().add({ scope, id: 'm1', model: at(endpoint, model, address) });
    expect(added.local).toBe(stays);
    if (stays) expect(added.known.price).toEqual({ input: 0, output: 0, cached: 0 });
  });

  it('lets a result of the examination count for what was examined, in the way it was examined', async () => {
    const list = open();
    await list.add({ scope, id: 'm1', model: { from: 'file', path: '/m.gguf', contextTokens: null } });
    await list.change(scope, 'm1', { type: 'examined', result: PASSED, version: 1 });
    expect(list.list(scope)[0]?.passed).toEqual(['summary']);
    expect(open().list(scope)[0]?.passed).toEqual(['summary']);
    // Another examination.
    expect(open(FILE, 2).list(scope)[0]?.passed).toEqual([]);
    // Other weights under the same id.
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(`"sha256": "${FILE.sha256}"`, `"sha256": "${'b'.repeat(64)}"`),
    );
    expect(open().states(scope)).toMatchObject([{ exam: { result: null } }]);
  });

  it('does not send a request while the key is gone', async () => {
    const endpoint = await new ScriptedEndpoint({ key: PLANTED }).open();
    await open().add({ scope, id: 'm1', model: at('other', 'scripted-1', endpoint.address) });
    secrets = new KeptSecrets({ file: join(folder.path, 'keys.json'), vault: null });
    const later = open();
    const [model] = later.list(scope);
    if (model === undefined) throw new Error('no model');
    const asked = () => askIt(model.provider, turnOf('Hi')).then(({ answer }) => answer);
    expect(await asked()).toMatchObject({
      ok: false,
      charged: 'no',
      fault: { code: 'MODEL_KEY_MISSING', data: { host: endpoint.host } },
    });
    expect(endpoint.asked).toEqual([]);
    await later.change(scope, 'm1', { type: 'key', key: PLANTED, keep: 'session' });
    expect(await asked()).toMatchObject({ ok: true });
    await later.change(scope, 'm1', { type: 'key', key: null, keep: 'session' });
    expect(await asked()).toMatchObject({ fault: { code: 'MODEL_KEY_REFUSED' } });
    await endpoint.close();
  });

  it('tells every change, and keeps nothing of a key', async () => {
    const list = open();
    let told = 0;
    const leave = list.watch(() => {
      told += 1;
    });
    await list.add({ scope, id: 'm1', model: at('openai') });
    await list.change(scope, 'm1', { type: 'prefer' });
    await list.change(scope, 'm1', { type: 'remove' });
    leave();
    await list.change(scope, 'm1', { type: 'remove' });
    expect(told).toBe(3);
    expect(await secrets.get(scope, 'm1')).toBeNull();
    for (const name of readdirSync(join(folder.path, 'added')))
      expect(readFileSync(join(folder.path, 'added', name), 'utf8')).not.toContain(PLANTED);
  });

  it('drops keys whose models are gone, and none where there is no list', async () => {
    await secrets.keep({ scope, name: 'lost', secret: PLANTED, keeper: 'session' });
    await open().tidy(scope);
    expect(await secrets.get(scope, 'lost')).toBe(PLANTED);
    await open().add({ scope, id: 'm1', model: at('openai') });
    await open().tidy(scope);
    expect(await secrets.get(scope, 'lost')).toBeNull();
  });

  it.each(FAILPOINTS.filter((name) => name.startsWith('added.keep')))(
    'cut off at %s is the old or the new, whole',
    async (point) => {
      await open().add({ scope, id: 'm1', model: at('openai') });
      const disarm = arm(point, () => {
        throw new Error('cut off');
      });
      await expect(open().add({ scope, id: 'm2', model: at('groq') })).rejects.toThrow('cut off');
      disarm();
      const ids = open()
        .states(scope)
        .map(({ id }) => id);
      expect(ids).toEqual(point.endsWith('before') ? ['m1'] : ['m1', 'm2']);
    },
  );

  it.each(['', '{', '[]', '{"version":2,"models":[]}', '{"version":1,"models":[{"id":"m1"}]}'])(
    'whose file holds %j begins empty, and keeps what was there beside it',
    async (text) => {
      const list = open();
      await list.add({ scope, id: 'm1', model: at('openai') });
      writeFileSync(file, text);
      const later = open();
      expect(later.fault).toMatchObject({ code: 'MODEL_LIST_DAMAGED' });
      expect(later.states(scope)).toEqual([]);
      const [aside = ''] = readdirSync(join(folder.path, 'added')).filter((name) => name.includes('damaged'));
      expect(readFileSync(join(folder.path, 'added', aside), 'utf8')).toBe(text);
      expect(later.fault?.data).toEqual({ path: join(folder.path, 'added', aside) });
      expect(open().fault).toBeNull();
    },
  );
});
