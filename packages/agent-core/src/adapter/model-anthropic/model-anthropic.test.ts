import type { FaultCode } from '@soma/schemas/event';
import type { TurnLimits } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelProvider } from '../../port/index.ts';
import { askIt, keptSecrets, PLANTED, turnOf } from '../../testing/asked-model.ts';
import type { Script } from '../../testing/endpoint-script.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { ScriptedMessages } from '../../testing/scripted-messages.ts';
import { systemClock } from '../system/index.ts';
import { createAnthropicModel } from './index.ts';

let endpoint: ScriptedMessages;
let provider: ModelProvider;
beforeEach(async () => {
  endpoint = await new ScriptedMessages({ key: PLANTED }).open();
  provider = open();
});
afterEach(() => endpoint.close().catch(() => undefined));

function open(key: string | null = PLANTED, address = endpoint.address): ModelProvider {
  return createAnthropicModel({
    ...{
      address,
      model: 'claude-scripted',
      secret: 'key',
      secrets: keptSecrets(key === null ? {} : { key }),
    },
    ...{ clock: systemClock, contextTokens: 200_000, outputTokens: null },
  });
}

const tool = { name: 'read', description: 'Reads.', input: { type: 'object', properties: {} } };
const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
const sent = (index = 0) => endpoint.asked[index]?.body;

describe('a turn as a request of the Messages API', () => {
  it('has its system words apart, its pictures and results as blocks, and its closed schema as the format', async () => {
    const { answer } = await askIt(
      provider,
      turnOf('And now?', {
        messages: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'image', mediaType: 'image/png', base64: 'aGk=' }] },
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', text: 'hm' },
              { type: 'text', text: '' },
              { type: 'tool-call', call: 'c1', tool: 'read', input: '{"q":1}' },
            ],
          },
          { role: 'tool', parts: [{ type: 'tool-result', call: 'c1', text: 'It is there.' }] },
        ],
        ...{ tools: [tool], choice: 'required', shape: { name: 'a', schema: closed }, temperature: 0 },
      }),
    );
    expect(answer.ok).toBe(true);
    expect(sent()).toEqual({
      ...{ model: 'claude-scripted', stream: true, max_tokens: 4096, system: 'Be brief.' },
      messages: [
        {
          role: 'user',
          content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } }],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'read', input: { q: 1 } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'It is there.' }] },
      ],
      tools: [{ name: 'read', description: 'Reads.', input_schema: tool.input }],
      tool_choice: { type: 'any' },
      output_config: { format: { type: 'json_schema', schema: closed } },
    });
  });

  it('asks in words for what fits a schema that is not closed', async () => {
    const schema = { type: 'object', properties: {} };
    await askIt(provider, turnOf('Hi', { shape: { name: 'open', schema }, limits: { outputTokens: 7 } }));
    expect(sent()).toMatchObject({ max_tokens: 7, system: expect.stringContaining(JSON.stringify(schema)) });
    expect(sent()).not.toHaveProperty('output_config');
  });

  it('sends its key in one header, and nothing that tells of this computer', async () => {
    await askIt(provider, turnOf('Hi'));
    const { headers } = endpoint.asked[0] ?? {};
    expect(headers).toMatchObject({ authorization: `Bearer ${PLANTED}`, 'anthropic-version': '2026-10-21' });
    expect(Object.keys(headers ?? {}).filter((name) => /stainless|^x-/.test(name))).toEqual([]);
    expect(headers?.['user-agent'] ?? '').not.toMatch(/anthropic/i);
  });
});

describe('an answer of the Messages API', () => {
  it('has its thoughts, its words and its calls in their order, and what was used', async () => {
    endpoint.scripts.push({
      ...{ reasoning: 'I should look.', text: 'I look it up.' },
      calls: [
        { id: 'c1', name: 'read', pieces: ['{"path":', '"a.md"}'] },
        { id: 'c2', name: 'list', pieces: [] },
      ],
    });
    const { answer, told, kept } = await askIt(provider, turnOf('Hi', { tools: [tool] }));
    expect(answer).toMatchObject({ ok: true, finish: 'tool-calls', model: 'claude-scripted' });
    expect(kept).toMatchObject({ reasoning: 'I should look.', text: 'I look it up.' });
    expect(kept.calls).toEqual([
      { call: 'c1', tool: 'read', input: '{"path":"a.md"}' },
      { call: 'c2', tool: 'list', input: '{}' },
    ]);
    expect(told).toMatchObject({ reasoning: kept.reasoning, text: kept.text });
    expect(answer.usage).toMatchObject({ cached: 2, output: 9, dollars: null });
    expect(answer.usage.input).toBeGreaterThan(2);
  });
});

const error = (type: string, message: string) => ({ type: 'error', error: { type, message } });
const refused = (status: number, type: string, message: string): Script => ({
  ...{ status, body: error(type, message) },
});
const text = 'One word after the other, and on it goes.';

interface Case {
  readonly script: Script;
  readonly code: FaultCode;
  readonly retry: 'never' | 'now' | 'at';
  readonly charged: 'no' | 'yes' | 'unknown';
  readonly limits?: Partial<TurnLimits>;
}
const never = { retry: 'never', charged: 'no' } as const;
/** An error's types: docs.anthropic.com/en/api/errors. */
const CASES: Readonly<Record<string, Case>> = {
  'a key that is wrong': {
    script: refused(401, 'authentication_error', `invalid x-api-key ${PLANTED}`),
    code: 'MODEL_KEY_REFUSED',
    ...never,
  },
  'a key that may not': {
    script: refused(403, 'permission_error', 'not allowed'),
    code: 'MODEL_KEY_REFUSED',
    ...never,
  },
  'no credit': {
    script: refused(400, 'invalid_request_error', 'Your credit balance is too low to access the API.'),
    code: 'MODEL_CREDIT_SPENT',
    ...never,
  },
  'an unknown model': {
    script: refused(404, 'not_found_error', 'model: claude-nobody'),
    code: 'MODEL_NAME_UNKNOWN',
    ...never,
  },
  'a context that is too long': {
    script: refused(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    code: 'MODEL_CONTEXT_TOO_LONG',
    ...never,
  },
  'too large a request': {
    script: refused(413, 'request_too_large', 'Request exceeds the maximum size'),
    code: 'MODEL_CONTEXT_TOO_LONG',
    ...never,
  },
  'a request that it does not take': {
    script: refused(400, 'invalid_request_error', 'tools.0: wrong'),
    code: 'MODEL_REQUEST_REFUSED',
    ...never,
  },
  'a 429 that says when': {
    script: { ...refused(429, 'rate_limit_error', 'slow down'), headers: { 'retry-after': '20' } },
    code: 'MODEL_BUSY',
    retry: 'at',
    charged: 'no',
  },
  'a 429 that does not': {
    script: refused(429, 'rate_limit_error', 'slow down'),
    code: 'MODEL_BUSY',
    retry: 'now',
    charged: 'no',
  },
  'an overload': {
    script: refused(529, 'overloaded_error', 'Overloaded'),
    code: 'MODEL_BUSY',
    retry: 'now',
    charged: 'no',
  },
  'a fault of its own': {
    script: refused(500, 'api_error', 'Internal server error'),
    code: 'MODEL_SERVER_FAILED',
    retry: 'now',
    charged: 'unknown',
  },
  'a web page': {
    script: { status: 404, body: '<html>Sign in</html>' },
    code: 'MODEL_ANSWER_INVALID',
    ...never,
  },
  'nothing at all': {
    script: { status: 200, body: '' },
    code: 'MODEL_ANSWER_INVALID',
    retry: 'now',
    charged: 'unknown',
  },
  'a dropped connection': {
    script: { status: 200, body: '', drop: true },
    code: 'MODEL_UNREACHABLE',
    retry: 'now',
    charged: 'unknown',
  },
  'a stream that is cut': {
    script: { text, break: { after: 6, how: 'reset' } },
    code: 'MODEL_ANSWER_CUT',
    retry: 'now',
    charged: 'yes',
  },
  'a stream that ends early': {
    script: { text, break: { after: 6, how: 'end' } },
    code: 'MODEL_ANSWER_CUT',
    retry: 'now',
    charged: 'yes',
  },
  'an event that is no JSON': {
    script: { text, break: { after: 6, how: 'garbled' } },
    code: 'MODEL_ANSWER_INVALID',
    retry: 'now',
    charged: 'yes',
  },
  'an overload in the middle': {
    script: { text, break: { after: 6, how: 'error', error: error('overloaded_error', 'Overloaded') } },
    code: 'MODEL_BUSY',
    retry: 'now',
    charged: 'yes',
  },
  'silence in the middle': {
    script: { text, break: { after: 6, how: 'silence' } },
    code: 'MODEL_TIMEOUT',
    retry: 'now',
    charged: 'yes',
    limits: { silentMs: 150 },
  },
  'no answer in time': {
    script: { status: 200, body: '', wait: null },
    code: 'MODEL_TIMEOUT',
    retry: 'now',
    charged: 'unknown',
    limits: { firstMs: 150 },
  },
};

describe('a turn at the Messages API that fails', () => {
  it.each(Object.entries(CASES))(
    'ends well with %s',
    async (_, { script, code, retry, charged, limits = {} }) => {
      endpoint.scripts.push(script);
      const { answer, told, kept } = await askIt(provider, turnOf('Hi', { limits }));
      expect(answer).toMatchObject({ ok: false, charged, fault: { code, retry: { when: retry } } });
      expect(told).toEqual(kept);
      expect(JSON.stringify(answer)).not.toContain(PLANTED.slice(0, 12));
      expect(endpoint.asked).toHaveLength(1);
    },
  );

  it('is not sent without a key, nor with one that no header can hold', async () => {
    for (const [key, code] of [
      [null, 'MODEL_KEY_MISSING'],
      ['schlüssel', 'MODEL_KEY_REFUSED'],
    ] as const)
      expect((await askIt(open(key), turnOf('Hi'))).answer).toMatchObject({ charged: 'no', fault: { code } });
    expect(endpoint.asked).toEqual([]);
  });

  it('names a server that is gone, and an address that is none', async () => {
    await endpoint.close();
    expect((await askIt(provider, turnOf('Hi'))).answer).toMatchObject({
      ...{ charged: 'no', fault: { code: 'MODEL_UNREACHABLE', data: { cause: 'refused' } } },
    });
    expect(() => open(PLANTED, 'ftp://somewhere')).toThrow('INVALID_INPUT');
    expect(await provider.describe(scopeOf())).toMatchObject({
      model: 'claude-scripted',
      contextTokens: 200_000,
    });
  });
});
