import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRun } from '@soma/agent-core/adapter/model-local';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint, type ScriptedEndpointOptions } from '@soma/agent-core/testing/scripted-endpoint';
import { writeSmallChat } from '@soma/agent-core/testing/small-chat';
import {
  type AddedModel,
  type FlowDuplex,
  type HostCalls,
  hostCalls,
  type ModelToAdd,
  type WorkspaceNews,
} from '@soma/schemas/contract';
import { TURN_LIMITS, type Turn } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startModel as startChild } from '../serve/start-model.ts';
import { openSourceHost, type SourceHost, testConfig, testFolder } from '../testing/source-host.ts';
import { TestVault } from '../testing/test-vault.ts';
import { findHost } from './find-host.ts';
import { keepChat } from './keep-chat.ts';

const KEY = 'sk-planted-51d7ae02f9c34b66';
const LIMIT_MS = 20_000;

describe('a model of a file', () => {
  it('leaves memory when nobody asks it for a while, and is loaded again for the next question', async () => {
    const folder = testFolder();
    const runs: ModelRun[] = [];
    const child = join(import.meta.dirname, '..', 'model', 'child.ts');
    const startModel = () => {
      const run = startChild(child);
      runs.push(run);
      return run;
    };
    const chat = keepChat({ folder: folder.root, vault: null, startModel, idleMs: 200 });
    const { path } = writeSmallChat(folder.root);
    const actor = [{ kind: 'person', id: 'p1' } as const];
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const scope = { tenant: 'local', workspace: 'local', actor, traceparent, causation: null };
    await chat.added.add({ scope, id: 'm1', model: { from: 'file', path, contextTokens: 512 } });
    const turn = {
      ...{ id: 't1', tools: [], choice: 'none', shape: null, temperature: 0 },
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      limits: { ...TURN_LIMITS, outputTokens: 4 },
    } satisfies Turn;
    for (const times of [1, 2]) {
      const [model] = chat.added.list(scope);
      const answer = await model?.provider.ask({ scope, turn, signal: new AbortController().signal });
      expect(answer).toMatchObject({ ok: true, finish: 'length' });
      expect(runs).toHaveLength(times);
      await runs.at(-1)?.ended;
    }
    await chat.close();
    folder.remove();
  }, 60_000);
});

describe('models that people add', () => {
  let folder: ReturnType<typeof testFolder>;
  let hosts: SourceHost[];
  let pipes: FlowDuplex[];
  let endpoints: ScriptedEndpoint[];
  let vault: TestVault;

  beforeEach(() => {
    folder = testFolder();
    [hosts, pipes, endpoints] = [[], [], []];
    vault = new TestVault();
  });
  afterEach(async () => {
    await ended();
    for (const endpoint of endpoints) await endpoint.close();
    folder.remove();
  });

  async function ended(): Promise<void> {
    for (const pipe of pipes.splice(0)) pipe.close();
    for (const host of hosts.splice(0)) await host.local.close('closing');
  }

  async function started(keychain: TestVault | null = vault): Promise<HostCalls> {
    hosts.push(await openSourceHost(testConfig(folder.root), 'acquire', { vault: keychain }));
    const pipe = await findHost(join(folder.root, 'data'));
    if (pipe === null) throw new Error('no host answers');
    pipes.push(pipe);
    return hostCalls(pipe);
  }

  async function server(options: ScriptedEndpointOptions = { otherwise: examStudent(), key: KEY }) {
    const endpoint = await new ScriptedEndpoint(options).open();
    endpoints.push(endpoint);
    return endpoint;
  }

  const at = (
    endpoint: ScriptedEndpoint,
    change: Partial<Extract<ModelToAdd, { from: 'endpoint' }>> = {},
  ) => ({
    ...({ from: 'endpoint', endpoint: 'other', address: endpoint.address, model: 'scripted-1' } as const),
    ...({ key: KEY, keep: 'session', ...change } as const),
  });

  /** The model once its examination is over, and all that was told meanwhile. */
  async function examined(
    calls: HostCalls,
    added: string,
  ): Promise<{ model: AddedModel; told: WorkspaceNews[] }> {
    const over = new AbortController();
    const told: WorkspaceNews[] = [];
    const timer = setTimeout(() => over.abort(), LIMIT_MS);
    let model: AddedModel | undefined;
    const watch = await calls.workspace.watch({}, { signal: over.signal });
    const begun = await calls.chat.examine({ id: `examine-${added}`, added });
    expect(begun).toMatchObject({ ok: true });
    for await (const news of watch) {
      told.push(news);
      if (news.type !== 'chat') continue;
      model = news.chat.find(({ id }) => id === added);
      if (model?.exam.running === null && model.exam.result !== null) break;
    }
    clearTimeout(timer);
    if (model === undefined) throw new Error('nothing was told of the model');
    return { model, told };
  }

  /** Every file below the folder that holds the text. */
  function holding(text: string, root = folder.root): string[] {
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(root, name);
      return statSync(path).isFile() && readFileSync(path).includes(text);
    });
  }

  it('are added, examined and told of, and after a restart they are what they were', async () => {
    const calls = await started();
    const endpoint = await server();
    const added = await calls.chat.add({ id: 'm1', model: at(endpoint, { keep: 'keychain' }) });
    expect(added).toMatchObject({
      ok: true,
      model: { id: 'm1', model: 'scripted-1', address: endpoint.address, local: false, key: 'keychain' },
    });
    expect(endpoint.asked).toEqual([]);
    const { model, told } = await examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ kinds: ['plan', 'answer', 'summary'], fault: null });
    expect(told[0]).toMatchObject({ type: 'snapshot', chat: [{ id: 'm1' }] });
    expect(told.some((news) => news.type === 'chat' && news.chat[0]?.exam.running?.questions === 12)).toBe(
      true,
    );
    await ended();
    const again = await started();
    expect(await again.chat.list({})).toEqual({ ok: true, models: [model] });
    expect((await examined(again, 'm1')).model.exam.result?.fault).toBeNull();
    expect(endpoint.asked.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
  });

  it('leave their keys in no file, no backup and no answer', async () => {
    const calls = await started();
    const endpoint = await server();
    const said: unknown[] = [];
    for (const keep of ['keychain', 'session'] as const) {
      const model = keep === 'keychain' ? 'scripted-1' : 'scripted-2';
      said.push(await calls.chat.add({ id: `m-${keep}`, model: at(endpoint, { keep, model }) }));
      const { model: found, told } = await examined(calls, `m-${keep}`);
      expect(found.key).toBe(keep);
      said.push(told);
    }
    said.push(
      await calls.chat.offered({ endpoint: 'other', address: endpoint.address, key: KEY, added: null }),
    );
    said.push(await calls.chat.endpoints({}), await calls.chat.list({}));
    // A key in a call that is refused is not told of either.
    said.push(await calls.chat.add({ id: 'm3', model: at(endpoint, { address: 'no address' }) }));
    said.push(
      await calls.chat.add({ id: 'm/4', model: at(endpoint) }).catch((error: unknown) => String(error)),
    );
    const backup = await calls.data.backup({ id: 'b1', path: join(folder.root, 'backup') });
    expect(backup).toMatchObject({ ok: true });
    expect(JSON.stringify(said)).not.toContain(KEY);
    const traces = [KEY, Buffer.from(KEY).toString('base64').slice(0, 20), Buffer.from(KEY).toString('hex')];
    for (const trace of traces) expect(holding(trace)).toEqual([]);
    await ended();
    for (const trace of traces) expect(holding(trace)).toEqual([]);
    // The search finds what it looks for where there is something to be found.
    expect(holding('scripted-1').length).toBeGreaterThan(0);
  });

  it('whose key was for the session say that it is gone, send nothing without it, and take another', async () => {
    const calls = await started();
    const endpoint = await server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    await ended();
    const again = await started();
    expect(await again.chat.list({})).toMatchObject({ models: [{ key: 'gone' }] });
    const { model } = await examined(again, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code: 'MODEL_KEY_MISSING' }, parts: [], kinds: [] });
    expect(endpoint.asked).toEqual([]);
    await again.chat.giveKey({ id: 'k1', added: 'm1', key: KEY, keep: 'keychain' });
    const { model: keyed } = await examined(again, 'm1');
    expect(keyed).toMatchObject({ key: 'keychain', exam: { result: { fault: null } } });
    vault.now = 'locked';
    expect(await again.chat.list({})).toMatchObject({ models: [{ key: 'locked' }] });
    expect((await examined(again, 'm1')).model.exam.result?.fault?.code).toBe('MODEL_KEY_MISSING');
  });

  it('get no place in a keychain that would not protect their keys', async () => {
    const endpoint = await server();
    vault.now = 'unprotected';
    const calls = await started();
    expect(await calls.chat.endpoints({})).toMatchObject({ ok: true, keychain: 'unprotected' });
    const refused = await calls.chat.add({ id: 'm1', model: at(endpoint, { keep: 'keychain' }) });
    expect(refused).toMatchObject({
      ok: false,
      fault: { code: 'KEYCHAIN_UNUSABLE', data: { reason: 'unprotected' } },
    });
    expect(await calls.chat.list({})).toEqual({ ok: true, models: [] });
    await ended();
    const without = await started(null);
    expect(await without.chat.endpoints({})).toMatchObject({ keychain: 'none' });
    expect(await without.chat.add({ id: 'm1', model: at(endpoint, { keep: 'keychain' }) })).toMatchObject({
      ok: false,
    });
    expect(await without.chat.add({ id: 'm1', model: at(endpoint) })).toMatchObject({ ok: true });
  });

  it.each([
    { what: 'a wrong key', change: { key: 'other' }, code: 'MODEL_KEY_REFUSED' },
    { what: 'an unknown model', change: { model: 'gone' }, code: 'MODEL_NAME_UNKNOWN' },
    {
      what: 'nobody at the address',
      change: { address: 'http://127.0.0.1:9/v1' },
      code: 'MODEL_UNREACHABLE',
    },
  ])('with $what are given nothing, and say why', async ({ change, code }) => {
    const calls = await started();
    await calls.chat.add({ id: 'm1', model: at(await server(), change) });
    const { model } = await examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code }, parts: [], kinds: [] });
  });

  it('whose key has expired since they passed are given nothing any more', async () => {
    const calls = await started();
    const endpoint = await server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    expect((await examined(calls, 'm1')).model.exam.result?.kinds).toHaveLength(3);
    endpoint.scripts.push({ status: 401, body: { error: { message: 'expired' } } });
    const { model } = await examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code: 'MODEL_KEY_REFUSED' }, parts: [], kinds: [] });
  });

  it('keep their order, come once, and an id stands for one model', async () => {
    const calls = await started();
    const endpoint = await server();
    const second = at(endpoint, { model: 'scripted-2' });
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    const [once, twice] = [
      await calls.chat.add({ id: 'm2', model: second }),
      await calls.chat.add({ id: 'm2', model: second }),
    ];
    expect(twice).toEqual(once);
    expect(await calls.chat.add({ id: 'm1', model: second })).toMatchObject({ fault: { code: 'ID_REUSED' } });
    expect(await calls.chat.add({ id: 'm3', model: second })).toMatchObject({
      fault: { code: 'MODEL_ADDED_ALREADY' },
    });
    const order = async () => {
      const answer = await calls.chat.list({});
      return answer.ok ? answer.models.map(({ id }) => id) : [];
    };
    await calls.chat.prefer({ id: 'p1', added: 'm2' });
    expect(await order()).toEqual(['m2', 'm1']);
    for (const id of ['r1', 'r2'])
      expect(await calls.chat.remove({ id, added: 'm2' })).toMatchObject({ ok: true });
    expect(await order()).toEqual(['m1']);
    for (const verb of ['prefer', 'examine', 'stopExam'] as const)
      expect(await calls.chat[verb]({ id: 'x', added: 'm2' })).toMatchObject({
        fault: { code: 'MODEL_NOT_ADDED' },
      });
  });

  it.each([
    [{ address: 'ftp://127.0.0.1/v1' }, 'INVALID_INPUT'],
    [{ address: `http://me:${KEY}@127.0.0.1/v1` }, 'INVALID_INPUT'],
    [{ address: `http://127.0.0.1/v1?key=${KEY}` }, 'INVALID_INPUT'],
    [{ endpoint: 'nobody' }, 'INVALID_INPUT'],
    [{ model: '  ' }, 'INVALID_INPUT'],
    [{ endpoint: 'openai', address: null, key: ' ' }, 'MODEL_KEY_MISSING'],
  ])('are not added with %j', async (change, code) => {
    const calls = await started();
    const endpoint = await server();
    const answer = await calls.chat.add({ id: 'm1', model: at(endpoint, change) });
    expect(answer).toMatchObject({ ok: false, fault: { code } });
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });

  it('are examined until somebody stops it, and what was found before stays', async () => {
    const calls = await started();
    const endpoint = await server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    const { model } = await examined(calls, 'm1');
    endpoint.scripts.push({ status: 200, body: {}, wait: null });
    expect(await calls.chat.examine({ id: 'e2', added: 'm1' })).toMatchObject({
      models: [{ exam: { running: { done: 0 } } }],
    });
    const stopped = await calls.chat.stopExam({ id: 's1', added: 'm1' });
    expect(stopped).toEqual({ ok: true, models: [model] });
    await calls.chat.examine({ id: 'e3', added: 'm1' });
    expect(await calls.chat.remove({ id: 'r1', added: 'm1' })).toEqual({ ok: true, models: [] });
  });

  it('are offered by an endpoint with what is known of them, and a kept key goes only where it belongs', async () => {
    const calls = await started();
    const endpoint = await server();
    const other = await server({ key: null });
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    const asked = { endpoint: 'other', address: endpoint.address, key: null, added: 'm1' };
    expect(await calls.chat.offered(asked)).toMatchObject({
      ok: true,
      models: [{ model: 'scripted-1', known: { source: null } }],
    });
    expect(await calls.chat.offered({ ...asked, added: null })).toMatchObject({
      fault: { code: 'MODEL_KEY_REFUSED' },
    });
    expect(await calls.chat.offered({ ...asked, address: other.address })).toMatchObject({
      fault: { code: 'INVALID_INPUT' },
    });
    expect(other.asked).toEqual([]);
    expect(await calls.chat.offered({ ...asked, added: 'gone' })).toMatchObject({
      fault: { code: 'MODEL_NOT_ADDED' },
    });
    expect(await calls.chat.nearby({})).toMatchObject({ ok: true });
  });

  it('that cannot be read are set aside, and said to be', async () => {
    const calls = await started();
    const endpoint = await server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    await ended();
    const list = join(folder.root, 'data', 'chat', 'models.json');
    expect(statSync(list).mode & 0o777).toBe(0o600);
    truncateSync(list, 40);
    const again = await started();
    expect(await again.chat.list({})).toEqual({ ok: true, models: [] });
    const watch = await again.workspace.watch({});
    const first = await watch.next();
    expect(first.value).toMatchObject({ type: 'snapshot', faults: [{ code: 'MODEL_LIST_DAMAGED' }] });
    await watch.return?.(undefined);
    expect(readdirSync(join(folder.root, 'data', 'chat')).some((name) => name.includes('damaged'))).toBe(
      true,
    );
    expect(await again.chat.add({ id: 'm1', model: at(endpoint) })).toMatchObject({ ok: true });
  });

  it('can be a file on this computer, which is asked no tools, and is not loaded once it was cut or swapped', async () => {
    const calls = await started();
    const { path, sha256 } = writeSmallChat(folder.root);
    const add = (id: string) => calls.chat.add({ id, model: { from: 'file', path, contextTokens: null } });
    expect(await add('m1')).toMatchObject({
      ok: true,
      model: {
        endpoint: 'local',
        local: true,
        model: 'small-chat',
        file: { sha256 },
        known: { contextTokens: 4096 },
      },
    });
    const { model } = await examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: null, kinds: [] });
    expect(model.exam.result?.parts.map(({ part, verdict }) => [part, verdict])).toEqual([
      ...[
        ['schema', 'failed'],
        ['tool-choice', 'not-possible'],
        ['summary', 'failed'],
        ['refusal', 'failed'],
      ],
    ]);
    expect(model.exam.result?.tokensPerSecond).toBeGreaterThan(0);
    const bytes = readFileSync(path);
    bytes[bytes.length - 40] = 255 - (bytes[bytes.length - 40] ?? 0);
    await ended();
    writeFileSync(path, bytes);
    const again = await started();
    expect((await examined(again, 'm1')).model.exam.result).toMatchObject({
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } },
      kinds: [],
    });
    truncateSync(path, bytes.length - 5000);
    expect(
      await again.chat.add({ id: 'm2', model: { from: 'file', path, contextTokens: null } }),
    ).toMatchObject({
      fault: { code: 'MODEL_FILE_NO_CHAT', data: { reason: 'cut' } },
    });
    writeFileSync(path, 'no model');
    for (const [given, code] of [
      [path, 'MODEL_FILE_NO_CHAT'],
      [`${path}.gone`, 'FILE_GONE'],
      [folder.root, 'MODEL_FILE_NO_CHAT'],
    ] as const)
      expect(
        await again.chat.add({ id: 'm3', model: { from: 'file', path: given, contextTokens: null } }),
      ).toMatchObject({ fault: { code } });
  }, 120_000);
});
