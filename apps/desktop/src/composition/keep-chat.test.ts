import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedMessages } from '@soma/agent-core/testing/scripted-messages';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at, ChatWorld, KEY } from '../testing/chat-world.ts';

describe('models that people add', () => {
  let world: ChatWorld;
  beforeEach(() => {
    world = new ChatWorld();
  });
  afterEach(() => world.close());

  it('are added, examined and told of, and after a restart they are what they were', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
    const added = await calls.chat.add({ id: 'm1', model: at(endpoint, { keep: 'keychain' }) });
    expect(added).toMatchObject({
      ok: true,
      model: { id: 'm1', model: 'scripted-1', address: endpoint.address, local: false, key: 'keychain' },
    });
    expect(endpoint.asked).toEqual([]);
    const { model, told } = await world.examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ kinds: ['plan', 'answer', 'summary', 'reply'], fault: null });
    expect(told[0]).toMatchObject({ type: 'snapshot', chat: [{ id: 'm1' }] });
    expect(told.some((news) => news.type === 'chat' && news.chat[0]?.exam.running?.questions === 12)).toBe(
      true,
    );
    await world.ended();
    const again = await world.started();
    expect(await again.chat.list({})).toEqual({ ok: true, models: [model] });
    expect((await world.examined(again, 'm1')).model.exam.result?.fault).toBeNull();
    expect(endpoint.asked.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
  });

  it('are also those that speak Anthropic’s own protocol: listed, examined, and known in the catalogue', async () => {
    const calls = await world.started();
    const server = await new ScriptedMessages({ otherwise: examStudent(), key: KEY }).open();
    const { address } = server;
    const anthropic = expect.objectContaining({ id: 'anthropic', key: 'needed', local: false });
    expect(await calls.chat.endpoints({})).toMatchObject({ endpoints: expect.arrayContaining([anthropic]) });
    const offered = await calls.chat.offered({ endpoint: 'anthropic', address, key: KEY, added: null });
    expect(offered).toMatchObject({ ok: true, models: [{ model: 'claude-scripted' }] });
    const named = { from: 'endpoint', endpoint: 'anthropic', address, keep: 'session' } as const;
    const known = await calls.chat.add({
      id: 'm0',
      model: { ...named, model: 'claude-haiku-4-5', key: KEY },
    });
    expect(known).toMatchObject({ ok: true, model: { known: { contextTokens: 200_000 } } });
    await calls.chat.add({ id: 'm1', model: { ...named, model: 'claude-scripted', key: KEY } });
    const { model } = await world.examined(calls, 'm1');
    expect(model).toMatchObject({ endpointName: 'Anthropic', local: false, key: 'session' });
    expect(model.exam.result).toMatchObject({ kinds: ['plan', 'answer', 'summary', 'reply'], fault: null });
    const wrong = await calls.chat.offered({ endpoint: 'anthropic', address, key: 'wrong', added: null });
    expect(wrong).toMatchObject({ ok: false, fault: { code: 'MODEL_KEY_REFUSED' } });
    await server.close();
  });

  it('leave their keys in no file, no backup and no answer', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
    const said: unknown[] = [];
    for (const keep of ['keychain', 'session'] as const) {
      const model = keep === 'keychain' ? 'scripted-1' : 'scripted-2';
      said.push(await calls.chat.add({ id: `m-${keep}`, model: at(endpoint, { keep, model }) }));
      const { model: found, told } = await world.examined(calls, `m-${keep}`);
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
    const backup = await calls.data.backup({ id: 'b1', path: join(world.root, 'backup') });
    expect(backup).toMatchObject({ ok: true });
    expect(JSON.stringify(said)).not.toContain(KEY);
    const traces = [KEY, Buffer.from(KEY).toString('base64').slice(0, 20), Buffer.from(KEY).toString('hex')];
    for (const trace of traces) expect(world.holding(trace)).toEqual([]);
    await world.ended();
    for (const trace of traces) expect(world.holding(trace)).toEqual([]);
    // The search finds what it looks for where there is something to be found.
    expect(world.holding('scripted-1')).toEqual(
      expect.arrayContaining([join('backup', 'added', 'models.json')]),
    );
  });

  it('whose key was for the session say that it is gone, send nothing without it, and take another', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    await world.ended();
    const again = await world.started();
    expect(await again.chat.list({})).toMatchObject({ models: [{ key: 'gone' }] });
    const { model } = await world.examined(again, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code: 'MODEL_KEY_MISSING' }, parts: [], kinds: [] });
    expect(endpoint.asked).toEqual([]);
    await again.chat.giveKey({ id: 'k1', added: 'm1', key: KEY, keep: 'keychain' });
    const { model: keyed } = await world.examined(again, 'm1');
    expect(keyed).toMatchObject({ key: 'keychain', exam: { result: { fault: null } } });
    world.vault.now = 'locked';
    expect(await again.chat.list({})).toMatchObject({ models: [{ key: 'locked' }] });
    expect((await world.examined(again, 'm1')).model.exam.result?.fault?.code).toBe('MODEL_KEY_MISSING');
  });

  it('get no place in a keychain that would not protect their keys', async () => {
    const endpoint = await world.server();
    world.vault.now = 'unprotected';
    const calls = await world.started();
    expect(await calls.chat.endpoints({})).toMatchObject({ ok: true, keychain: 'unprotected' });
    const refused = await calls.chat.add({ id: 'm1', model: at(endpoint, { keep: 'keychain' }) });
    expect(refused).toMatchObject({
      ok: false,
      fault: { code: 'KEYCHAIN_UNUSABLE', data: { reason: 'unprotected' } },
    });
    expect(await calls.chat.list({})).toEqual({ ok: true, models: [] });
    await world.ended();
    const without = await world.started(null);
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
    const calls = await world.started();
    await calls.chat.add({ id: 'm1', model: at(await world.server(), change) });
    const { model } = await world.examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code }, parts: [], kinds: [] });
  });

  it('whose key has expired since they passed are given nothing any more', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    expect((await world.examined(calls, 'm1')).model.exam.result?.kinds).toHaveLength(4);
    endpoint.scripts.push({ status: 401, body: { error: { message: 'expired' } } });
    const { model } = await world.examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: { code: 'MODEL_KEY_REFUSED' }, parts: [], kinds: [] });
  });

  it('keep their order, come once, and an id stands for one model', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
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
    const calls = await world.started();
    const endpoint = await world.server();
    const answer = await calls.chat.add({ id: 'm1', model: at(endpoint, change) });
    expect(answer).toMatchObject({ ok: false, fault: { code } });
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });

  it('are examined until somebody stops it, and what was found before stays', async () => {
    const calls = await world.started();
    const endpoint = await world.server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    const { model } = await world.examined(calls, 'm1');
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
    const calls = await world.started();
    const endpoint = await world.server();
    const other = await world.server({ key: null });
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
    const calls = await world.started();
    const endpoint = await world.server();
    await calls.chat.add({ id: 'm1', model: at(endpoint) });
    await world.ended();
    const list = join(world.root, 'data', 'added', 'models.json');
    expect(statSync(list).mode & 0o777).toBe(0o600);
    truncateSync(list, 40);
    const again = await world.started();
    expect(await again.chat.list({})).toEqual({ ok: true, models: [] });
    const watch = await again.workspace.watch({});
    const first = await watch.next();
    expect(first.value).toMatchObject({ type: 'snapshot', faults: [{ code: 'MODEL_LIST_DAMAGED' }] });
    await watch.return?.(undefined);
    expect(readdirSync(join(world.root, 'data', 'added')).some((name) => name.includes('damaged'))).toBe(
      true,
    );
    expect(await again.chat.add({ id: 'm1', model: at(endpoint) })).toMatchObject({ ok: true });
  });
});
