import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askIt, turnOf } from '../../testing/asked-model.ts';
import { openLocalChat } from '../../testing/connected-chat.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { modelProviderConformance } from '../../testing/model-provider-conformance.ts';
import { modelHere } from '../../testing/model-runs.ts';
import { writeSmallChat } from '../../testing/small-chat.ts';
import { systemClock } from '../system/index.ts';
import { ModelProcess } from './model-process.ts';
import { type ChatPlace, ChatPlace as Place } from './wire.ts';

// The runtime and its server are real, and the model's weights random: a test writes them.

// Starting the runtime is most of a test's time: one model serves all that need no other.
const folder = temporaryFolder();
const small = openLocalChat(writeSmallChat(folder.path), modelHere);
const few = { temperature: 0, limits: { outputTokens: 8 } } as const;
beforeAll(async () => {
  await askIt(small.provider, turnOf('Hi', few));
});
afterAll(async () => {
  await small.close();
  folder.remove();
});

modelProviderConformance('a small chat model of random weights', () =>
  Promise.resolve({
    ...{ provider: small.provider, embeds: false },
    next: () => undefined,
    close: () => Promise.resolve(),
  }),
);

describe('a chat model on this computer', () => {
  it('is held to a schema, and says which it cannot be held to', async () => {
    const { provider } = small;
    const schema = { type: 'object', properties: { yes: { type: 'boolean' } }, required: ['yes'] };
    const { kept } = await askIt(provider, turnOf('Yes?', { shape: { name: 'answer', schema } }));
    expect(JSON.parse(kept.text)).toEqual({ yes: expect.any(Boolean) });
    const { answer } = await askIt(
      provider,
      turnOf('?', { shape: { name: 'x', schema: { type: 'string' } } }),
    );
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_REQUEST_REFUSED' } });
  });

  it('refuses a context that does not fit, pictures and tools, and takes them not offered', async () => {
    const { provider, close } = openLocalChat(writeSmallChat(subfolder('small'), 128), modelHere);
    const tools = [{ name: 'read', description: 'reads', input: { type: 'object' } }];
    const picture = { type: 'image', mediaType: 'image/png', base64: 'aGk=' } as const;
    const asked = async (turn: Parameters<typeof askIt>[1]) => {
      const { answer } = await askIt(provider, turn);
      return answer.ok ? 'answered' : [answer.fault.code, answer.fault.data.what, answer.charged];
    };
    expect(await asked(turnOf('river '.repeat(60), few))).toEqual([
      'MODEL_CONTEXT_TOO_LONG',
      expect.stringContaining('128'),
      'no',
    ]);
    expect(await asked(turnOf('Read.', { tools }))).toEqual(['MODEL_UNABLE', 'tools', 'no']);
    expect(await asked(turnOf('', { messages: [{ role: 'user', parts: [picture] }] }))).toEqual([
      ...['MODEL_UNABLE', 'vision', 'no'],
    ]);
    expect(await asked(turnOf('Hi', few))).toBe('answered');
    expect(await provider.describe(scopeOf())).toMatchObject({
      abilities: { tools: 'no', chat: 'yes' },
      contextTokens: 128,
    });
    await close();
  });

  it('whose file was cut short is not loaded, whether it was cut before or after it was added', async () => {
    const file = writeSmallChat(subfolder('cut'));
    truncateSync(file.path, 5000);
    const sha256 = createHash('sha256').update(readFileSync(file.path)).digest('hex');
    const reasons: unknown[] = [];
    for (const tried of [file, { ...file, sha256 }]) {
      const { provider, close } = openLocalChat(tried, modelHere);
      const { answer } = await askIt(provider, turnOf('Hi', few));
      expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_UNUSABLE' } });
      if (!answer.ok) reasons.push(answer.fault.data.reason);
      await close();
    }
    expect(reasons).toEqual(['damaged', 'load']);
  });
});

describe('the server of a chat model', () => {
  const process = new ModelProcess({ start: modelHere, clock: systemClock });
  let place: ChatPlace;
  beforeAll(async () => {
    const { signal } = new AbortController();
    place = Place.parse(await process.ask({ type: 'chat', ...writeSmallChat(folder.path) }, { signal }));
  });
  afterAll(() => process.close());
  const send = async (path: string, body: unknown, key = place.key) => {
    const response = await fetch(`${place.address}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: 'Yes?' },
    { role: 'user', content: 'Go on.' },
  ];

  it('answers nobody without its key', async () => {
    for (const key of ['', 'wrong', `${place.key}0`])
      expect((await send('/models', undefined, key)).status).toBe(401);
    expect(await send('/models', undefined)).toMatchObject({
      status: 200,
      body: { data: [{ id: 'small-chat' }] },
    });
    expect(new URL(place.address).hostname).toBe('127.0.0.1');
  });

  it('answers a conversation whole where no stream is asked for', async () => {
    const { status, body } = await send('/chat/completions', {
      model: 'small-chat',
      messages,
      max_tokens: 5,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      choices: [
        { finish_reason: 'length', message: { role: 'assistant', content: expect.stringMatching(/./) } },
      ],
      usage: { completion_tokens: expect.any(Number) },
    });
  });

  it.each([
    { what: 'what is no JSON', body: 'no json', status: 400 },
    { what: 'nothing said', body: { model: 'small-chat', messages: [] }, status: 400 },
    { what: 'tools', body: { model: 'small-chat', messages, tools: [{}] }, status: 400 },
    { what: 'another model', body: { model: 'another', messages }, status: 404 },
    { what: 'another path', path: '/completions', body: {}, status: 404 },
    { what: 'more than fits anywhere', body: 'x'.repeat(9_000_000), status: 400 },
  ])('refuses $what', async ({ path = '/chat/completions', body, status }) => {
    expect(await send(path, body)).toMatchObject({
      status,
      body: { error: { message: expect.any(String) } },
    });
  });
});

function subfolder(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  return path;
}
