import { createServer } from 'node:http';
import type { TurnMessage } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askIt, keptSecrets, modelAt, PLANTED, turnOf } from '../../testing/asked-model.ts';
import type { Quirks, ScriptedCall } from '../../testing/endpoint-script.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { closeServers, listening } from '../../testing/fetch-world.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';
import { systemClock } from '../system/index.ts';
import { createOpenAIModel, ENDPOINTS, endpointOf, listModels } from './index.ts';

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

const search: ScriptedCall = { id: 'call_a', name: 'search', pieces: ['{"q"', ':"ri', 'ver"}'] };
const read: ScriptedCall = { id: 'call_b', name: 'read', pieces: ['{"path":', '"a.md"}'] };
const tools = ['search', 'read'].map((name) => ({ name, description: name, input: { type: 'object' } }));

describe('a turn with tools', () => {
  const ways: readonly Quirks[] = [
    {},
    { toolIndex: 'missing' },
    { toolIndex: 'always-0' },
    { toolId: 'every' },
    { toolName: 'every' },
    { toolName: 'after-input' },
    { input: 'value' },
    { finish: 'stop-with-tools' },
    { role: 'missing', toolIndex: 'missing', usage: 'missing' },
    { whole: true },
  ];

  it.each(ways)('has every call whole and apart with %j', async (quirks) => {
    endpoint.scripts.push({ text: 'Let me look.', calls: [search, read], quirks });
    const { answer, told, kept } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(answer).toMatchObject({ ok: true, finish: 'tool-calls' });
    expect(kept).toEqual({
      ...{ text: 'Let me look.', reasoning: '' },
      calls: [
        { call: 'call_a', tool: 'search', input: '{"q":"river"}' },
        { call: 'call_b', tool: 'read', input: '{"path":"a.md"}' },
      ],
    });
    expect(told).toEqual(kept);
  });

  it('names calls that come without a name of their own, each its own', async () => {
    endpoint.scripts.push({ calls: [search, read], quirks: { toolId: 'missing', toolIndex: 'missing' } });
    const { kept } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(kept.calls.map(({ call, tool }) => [call, tool])).toEqual([
      ['t1.1', 'search'],
      ['t1.2', 'read'],
    ]);
    endpoint.scripts.push({ calls: [search, { ...read, id: 'call_a' }] });
    const again = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(new Set(again.kept.calls.map(({ call }) => call)).size).toBeLessThanOrEqual(2);
  });

  it('leaves out a call that was cut before its tool was named', async () => {
    const quirks = { toolName: 'after-input', role: 'missing' } as const;
    endpoint.scripts.push({ calls: [search], quirks, break: { after: 1, how: 'end' } });
    const { answer, deltas } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(answer).toMatchObject({ ok: false, fault: { code: 'MODEL_ANSWER_CUT' }, message: { parts: [] } });
    expect(deltas).toEqual([]);
  });
});

describe('a turn that reasons', () => {
  it.each(['reasoning_content', 'reasoning', 'thinking'] as const)('keeps it apart as %s', async (field) => {
    endpoint.scripts.push({ reasoning: 'Rivers flow.', text: 'Yes.', quirks: { reasoning: field } });
    const { kept, told, answer } = await askIt(modelAt(endpoint), turnOf('Does it flow?'));
    expect(kept).toEqual({ reasoning: 'Rivers flow.', text: 'Yes.', calls: [] });
    expect(told).toEqual(kept);
    expect(answer.usage.reasoning).toBe(2);
  });
});

describe('an answer in its own way', () => {
  const ways: readonly Quirks[] = [
    { comments: true },
    { lines: '\r\n' },
    { done: 'missing' },
    { done: 'missing', tail: 'open' },
    { content: 'parts' },
    { finish: 'eos' },
    { whole: true },
    { type: 'text/plain' },
    { type: 'application/json' },
  ];

  it.each(ways)('is the same answer with %j', async (quirks) => {
    endpoint.scripts.push({ text: 'It flows to the sea.', quirks });
    const { answer, kept } = await askIt(modelAt(endpoint), turnOf('Where to?'));
    expect(kept.text).toBe('It flows to the sea.');
    expect(answer).toMatchObject({
      ok: true,
      finish: 'stop',
      model: 'scripted-1',
      usage: { input: 2, output: 5 },
    });
  });

  it('that never says why it stopped is whole when it says that it is done', async () => {
    endpoint.scripts.push({ text: 'Yes.', quirks: { finish: 'missing' } });
    expect((await askIt(modelAt(endpoint), turnOf('?'))).answer).toMatchObject({
      ok: true,
      finish: 'unknown',
    });
    endpoint.scripts.push({ text: 'Yes.', quirks: { finish: 'missing', done: 'missing', usage: 'missing' } });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: false, fault: { code: 'MODEL_ANSWER_CUT' } });
  });

  it('that keeps its line open after the end is not waited for', async () => {
    endpoint.scripts.push({ text: 'Yes.', break: { after: 3, how: 'silence' } });
    const { answer, tookMs } = await askIt(modelAt(endpoint), turnOf('?', { limits: { silentMs: 300 } }));
    expect(answer).toMatchObject({ ok: true, finish: 'stop', usage: { output: null } });
    expect(tookMs).toBeLessThan(2500);
  });

  it('that was kept from going on says so', async () => {
    endpoint.scripts.push({ text: 'I', finish: 'content_filter', dollars: 0.002 });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: true, finish: 'filtered', usage: { dollars: 0.002 } });
  });

  it('that fails after it counted may be charged for', async () => {
    const quirks = { usage: 'every' } as const;
    endpoint.scripts.push({ text: 'one two three', quirks, break: { after: 2, how: 'reset' } });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: false, charged: 'yes', usage: { output: 3 } });
  });

  it('that is JSON of something else is no answer', async () => {
    endpoint.scripts.push({ text: 'one two', break: { after: 2, how: 'strange' } });
    const { answer, kept } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_ANSWER_INVALID', data: { reason: 'shape' } },
    });
    expect(kept.text).toBe('one');
  });
});

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
    const messages: TurnMessage[] = [
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
    const shape = { name: 'answer', schema: { type: 'object', properties: {}, additionalProperties: false } };
    const turn = turnOf('', {
      messages,
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
    for (let turn = 0; turn < 5; turn += 1) {
      await sent();
      await new Promise((resolve) => setTimeout(resolve, 20));
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

describe('what an endpoint says of its models', () => {
  const at = async (id: string, entry: Record<string, unknown>) => {
    await endpoint.close();
    endpoint = await new ScriptedEndpoint({ models: { 'scripted-1': entry } }).open();
    return modelAt(endpoint, { endpoint: id }).describe(scope);
  };

  it('is taken as it stands in its list, and the rest stays unknown', async () => {
    expect(await at('other', { context_length: 9 })).toEqual({
      ...{ model: 'scripted-1', hash: null, dimensions: null, contextTokens: null, outputTokens: null },
      abilities: {
        ...{ completion: 'unknown', chat: 'unknown', schema: 'unknown' },
        ...{ tools: 'unknown', vision: 'unknown', embedding: 'unknown' },
      },
    });
    expect(
      await at('openrouter', {
        context_length: 131_072,
        top_provider: { max_completion_tokens: 8192 },
        supported_parameters: ['tools', 'temperature'],
        architecture: { input_modalities: ['text', 'image'] },
      }),
    ).toMatchObject({
      ...{ contextTokens: 131_072, outputTokens: 8192 },
      abilities: { tools: 'yes', schema: 'no', vision: 'yes', chat: 'unknown' },
    });
    expect(await at('vllm', { max_model_len: 4096 })).toMatchObject({
      contextTokens: 4096,
      outputTokens: null,
    });
    expect(await at('llamacpp', { meta: { n_ctx_train: 4096 } })).toMatchObject({ contextTokens: null });
  });

  it('is what all can who may answer', async () => {
    const one = { context_length: 8000, supports_tools: true, supports_structured_output: true };
    const other = { context_length: 4000, supports_tools: true, supports_structured_output: false };
    expect(await at('huggingface', { providers: [one, other] })).toMatchObject({
      ...{ contextTokens: 4000, abilities: { tools: 'yes', schema: 'no' } },
    });
    expect(await at('huggingface', { providers: [one, { supports_tools: true }] })).toMatchObject({
      ...{ contextTokens: null, abilities: { tools: 'yes', schema: 'unknown' } },
    });
  });

  it('is nothing where the list is whole and the model is not in it', async () => {
    expect(await modelAt(endpoint, { endpoint: 'ollama', model: 'gone' }).describe(scope)).toBeNull();
    expect(await modelAt(endpoint, { endpoint: 'litellm', model: 'gone' }).describe(scope)).toMatchObject({
      model: 'gone',
    });
  });

  it('is found by the name that Ollama lists it under', async () => {
    await endpoint.close();
    endpoint = await new ScriptedEndpoint({ models: { 'llama3:latest': {} } }).open();
    const options = { endpoint: 'ollama', address: endpoint.address, secret: null, clock: systemClock };
    const model = createOpenAIModel({ ...options, model: 'llama3', secrets: keptSecrets({}) });
    expect(await model.describe(scope)).toMatchObject({ model: 'llama3' });
    const listed = await listModels({ ...options, secrets: keptSecrets({}) }, { scope, signal });
    expect(listed).toEqual(['llama3:latest']);
  });

  it.each([
    [{ status: 200, body: '<html></html>' }, { reason: 'html' }],
    [{ status: 200, body: { data: [{ name: 'no id' }] } }, { reason: 'shape' }],
    [{ status: 200, body: { hello: 1 } }, { reason: 'shape' }],
    [{ status: 404, body: { detail: 'Not Found' } }, { reason: 'path' }],
  ])('is a fault where it is no list: %j', async (script, data) => {
    endpoint.scripts.push(script);
    await expect(modelAt(endpoint).describe(scope)).rejects.toMatchObject({
      fault: { code: 'MODEL_ANSWER_INVALID', data },
    });
  });
});

describe('vectors', () => {
  it('come in batches, in the order of the texts', async () => {
    const texts = Array.from({ length: 130 }, (_, index) => 'x'.repeat(index + 1));
    const vectors = await modelAt(endpoint).embed({ scope, texts, signal });
    expect(endpoint.asked).toHaveLength(3);
    expect(vectors.map(([first]) => first)).toEqual(
      vectors.map(([first]) => first).toSorted((a = 0, b = 0) => a - b),
    );
  });

  it.each([
    { data: [] },
    { data: [{ embedding: [1, 2] }, { embedding: [1, 2] }] },
    { data: [{ embedding: [] }] },
    { data: [{ embedding: [0, 0] }] },
    { data: [{ embedding: ['a'] }] },
    { data: [{ index: 7, embedding: [1] }] },
    { hello: 1 },
  ])('are refused where they are not those of the texts: %j', async (body) => {
    endpoint.scripts.push({ status: 200, body });
    await expect(modelAt(endpoint).embed({ scope, texts: ['a'], signal })).rejects.toMatchObject({
      fault: { code: 'MODEL_ANSWER_INVALID', data: { reason: 'vectors' } },
    });
  });
});

describe('the table of endpoints', () => {
  it('says of each where it was read, and where it is', () => {
    expect(ENDPOINTS.map(({ id }) => id)).toEqual([
      ...['openai', 'groq', 'huggingface', 'openrouter', 'litellm', 'ollama'],
      ...['lmstudio', 'llamacpp', 'vllm', 'jan', 'other'],
    ]);
    for (const { id, address, sources, local } of ENDPOINTS) {
      expect(sources.length).toBeGreaterThan(0);
      for (const { name, read: day } of sources) expect(`${name} ${day}`).toMatch(/.{5,} \d{4}-\d\d-\d\d$/);
      if (id !== 'other') expect(new URL(address).protocol).toBe(local ? 'http:' : 'https:');
    }
  });

  it('has one that is spoken to as all have in common', () => {
    expect(endpointOf('never heard of').id).toBe('other');
  });

  it.each([
    '',
    'ollama',
    'ftp://host/v1',
    'http://me:secret@host/v1',
    'http://host/v1?key=1',
    'http://host/#a',
  ])('takes no address such as "%s"', (address) => {
    expect(() => modelAt({ address })).toThrow('INVALID_INPUT');
  });
});
