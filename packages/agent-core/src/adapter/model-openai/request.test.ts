import { createServer } from 'node:http';
import type { TurnMessage } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askIt, keptSecrets, modelAt, PLANTED, turnOf } from '../../testing/asked-model.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { closeServers, listening } from '../../testing/fetch-world.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';

const scope = scopeOf();
const signal = new AbortController().signal;
let endpoint: ScriptedEndpoint;
beforeEach(async () => {
  endpoint = await new ScriptedEndpoint().open();
});
afterEach(async () => {
  await endpoint.close();
  await closeServers();
});

const tools = ['search', 'read'].map((name) => ({ name, description: name, input: { type: 'object' } }));

/** One message of every kind. */
const conversation: TurnMessage[] = [
  { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
  {
    role: 'user',
    parts: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', base64: 'aGk=' },
    ],
  },
  {
    role: 'assistant',
    parts: [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', call: 'c1', tool: 'read', input: '{}' },
      { type: 'tool-call', call: 'c2', tool: 'read', input: '{"a":1}' },
    ],
  },
  {
    role: 'tool',
    parts: [
      { type: 'tool-result', call: 'c1', text: 'one' },
      { type: 'tool-result', call: 'c2', text: 'two' },
    ],
  },
];

describe('a request', () => {
  const sent = async (turn = turnOf('?'), change: Parameters<typeof modelAt>[1] = {}) => {
    await askIt(modelAt(endpoint, change), turn);
    return endpoint.asked.at(-1);
  };

  it('carries the whole turn, and nothing that was not asked for', async () => {
    expect((await sent())?.body).toEqual({
      model: 'scripted-1',
      messages: [{ role: 'user', content: '?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const shape = { name: 'answer', schema: { type: 'object', properties: {}, additionalProperties: false } };
    const turn = turnOf('', {
      messages: conversation,
      tools,
      choice: 'required',
      shape,
      temperature: 0,
      limits: { outputTokens: 9 },
    });
    expect((await sent(turn))?.body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
          ],
        },
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [{ id: 'c1' }, { function: { arguments: '{"a":1}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'one' },
        { role: 'tool', tool_call_id: 'c2', content: 'two' },
      ],
      tools: [{ function: { name: 'search', parameters: { type: 'object' } } }, {}],
      ...{ tool_choice: 'required', temperature: 0, max_tokens: 9 },
      response_format: { type: 'json_schema', json_schema: { ...shape, strict: true } },
    });
  });

  it('names the limit of tokens as its endpoint does', async () => {
    const turn = turnOf('?', { limits: { outputTokens: 5 } });
    expect((await sent(turn, { endpoint: 'openai' }))?.body).toMatchObject({ max_completion_tokens: 5 });
    expect((await sent(turn, { endpoint: 'ollama' }))?.body).toMatchObject({ max_tokens: 5 });
  });

  it('holds a schema strictly only where the endpoint would take it so', async () => {
    const open = {
      type: 'object',
      properties: { a: { type: 'object' } },
      required: ['a'],
      additionalProperties: false,
    };
    const loose = turnOf('?', { shape: { name: 'x', schema: open } });
    expect(JSON.stringify((await sent(loose))?.body)).not.toContain('strict');
  });

  it('is refused by a strict server when it is no protocol of its', async () => {
    const messages: TurnMessage[] = [
      { role: 'tool', parts: [{ type: 'tool-result', call: 'gone', text: 'x' }] },
    ];
    const { answer } = await askIt(modelAt(endpoint), turnOf('', { messages }));
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_REQUEST_REFUSED' } });
  });

  it('says nothing of this computer and takes nothing from its environment', async () => {
    vi.stubEnv('OPENAI_ORG_ID', 'org-planted');
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-environment');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-planted: yes');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
    const log = vi.spyOn(console, 'error');
    const asked = await sent(turnOf('?'), { secret: null });
    vi.unstubAllEnvs();
    const names = Object.keys(asked?.headers ?? {}).filter(
      (name) => !/^(accept-|sec-fetch|connection|content-length|host|user-agent)/.test(name),
    );
    expect(names.toSorted()).toEqual(['accept', 'content-type']);
    expect(asked?.headers['user-agent']).toBe('node');
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('goes over the connection of the one before, when that was answered whole', async () => {
    for (let turn = 1; turn <= 5; turn += 1) {
      endpoint.scripts.push({ text: 'Yes.', quirks: { tail: 'late' } });
      await sent();
      await expect.poll(() => endpoint.ended).toBe(turn);
      // What was sent is read in the rounds after it.
      for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(endpoint.asked).toHaveLength(5);
    expect(endpoint.connections).toBe(1);
  });

  it('goes to no other address, whatever the endpoint answers', async () => {
    const port = await listening(
      createServer(
        (_, response) =>
          void response.writeHead(307, { location: `${endpoint.address}/chat/completions` }).end(),
      ),
    );
    const { answer } = await askIt(modelAt({ address: `http://127.0.0.1:${port}/v1` }), turnOf('?'));
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { data: { reason: 'redirect' } } });
    expect(endpoint.asked).toEqual([]);
  });
});

describe('a key', () => {
  it('goes into the one header and nowhere else', async () => {
    await askIt(modelAt(endpoint), turnOf('?'));
    expect(endpoint.asked[0]?.headers.authorization).toBe(`Bearer ${PLANTED}`);
    expect(JSON.stringify(endpoint.asked[0]?.body)).not.toContain(PLANTED);
  });

  it('is asked for anew with each turn, under the scope of the turn', async () => {
    const asked: string[] = [];
    const secrets = {
      get: async (given: typeof scope, name: string) => {
        asked.push(`${given.workspace} ${name} ${asked.length}`);
        return `key-number-${asked.length}`;
      },
    };
    const model = modelAt(endpoint, { secrets, secret: 'mine' });
    await askIt(model, turnOf('?'));
    await askIt(model, turnOf('?'));
    expect(asked).toEqual(['local mine 0', 'local mine 1']);
    expect(endpoint.asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer key-number-1',
      'Bearer key-number-2',
    ]);
  });

  it('that is not there where one is needed is said before anything is sent', async () => {
    const model = modelAt(endpoint, { endpoint: 'groq', secrets: keptSecrets({}) });
    const { answer } = await askIt(model, turnOf('?'));
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_KEY_MISSING' } });
    await expect(model.describe(scope)).rejects.toMatchObject({ fault: { code: 'MODEL_KEY_MISSING' } });
    expect(endpoint.asked).toEqual([]);
  });

  it('is sent without the blanks around it, and not at all with what no header can hold', async () => {
    const modelWith = (key: string) => modelAt(endpoint, { secrets: keptSecrets({ key }) });
    await askIt(modelWith(`  ${PLANTED}\n`), turnOf('?'));
    for (const key of ['sk-a\nb: c', 'sk-ключ', 'two words']) {
      const { answer } = await askIt(modelWith(key), turnOf('?'));
      expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_KEY_REFUSED' } });
      await expect(modelWith(key).describe(scope)).rejects.toMatchObject({
        fault: { code: 'MODEL_KEY_REFUSED' },
      });
    }
    await askIt(modelWith('  '), turnOf('?'));
    const sent = endpoint.asked.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([`Bearer ${PLANTED}`, undefined]);
  });

  it('whose keeper never answers keeps nobody from stopping', async () => {
    const model = modelAt(endpoint, { secrets: { get: () => new Promise<string>(() => undefined) } });
    const { answer } = await askIt(model, turnOf('?'), AbortSignal.timeout(50));
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_TURN_STOPPED' } });
  });

  it('appears in no refusal of a list or of vectors', async () => {
    const body = { error: { message: `bad key ${PLANTED}` } };
    endpoint.scripts.push({ status: 400, body }, { status: 401, body });
    const model = modelAt(endpoint);
    for (const asking of [model.describe(scope), model.embed({ scope, texts: ['a'], signal })]) {
      const error = await asking.catch((thrown: unknown) => thrown);
      expect(`${JSON.stringify(error)} ${String(error)}`).not.toContain(PLANTED);
      expect(error).toHaveProperty('fault.code');
    }
  });
});

describe('stopping', () => {
  it.each([
    ['before the answer begins', { status: 200, body: {}, wait: null }],
    ['in the middle', { text: 'one two three', break: { after: 3, how: 'silence' } }],
  ] as const)('%s waits for nothing and ends the request', async (_, script) => {
    endpoint.scripts.push(script);
    const stop = new AbortController();
    const asking = modelAt(endpoint).ask({ scope, turn: turnOf('?'), signal: stop.signal });
    await vi.waitFor(() => expect(endpoint.asked).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    // Turns of the event loop, so that a busy machine does not matter: the benches time it.
    const soon = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve('late'))));
    expect(await Promise.race([asking, soon])).toMatchObject({
      ...{ ok: false, charged: 'unknown', fault: { code: 'MODEL_TURN_STOPPED' } },
    });
    if ('text' in script) await vi.waitFor(() => expect(endpoint.left).toBe(1));
  });
});
