import type { FaultCode } from '@soma/schemas/event';
import { createTranslator, faultText } from '@soma/schemas/message';
import type { TurnAnswer, TurnLimits } from '@soma/schemas/turn';
import { expect } from 'vitest';
import { type AskedTurn, askIt, modelAt, PLANTED, turnOf } from './asked-model.ts';
import { type Break, type Quirks, type Script, tokensOf } from './endpoint-script.ts';
import { type Random, seeded } from './random.ts';
import { ScriptedEndpoint, type ScriptedEndpointOptions } from './scripted-endpoint.ts';

/** What a turn must come to. */
interface Expected {
  /** Null where nothing is wrong with it. */
  readonly code: FaultCode | null;
  readonly retry: 'never' | 'now' | 'at';
  readonly charged: 'no' | 'yes' | 'unknown' | null;
  /** The words that came before. */
  readonly text: string;
}

interface Plan extends Expected {
  readonly script?: Script;
  readonly limits?: Partial<TurnLimits>;
  readonly endpoint?: ScriptedEndpointOptions;
  readonly question?: string;
  readonly model?: string;
  /** The server is gone before it is asked. */
  readonly gone?: true;
}

const WORDS = ['river', 'stone', 'Über', '日本', 'naïve', '🙂', '"quoted"', 'a\\b', 'end.', '\n\n-', 'x'];

/** So many words, of any script. */
function wordsOf(random: Random, count: number): string {
  return Array.from({ length: count }, () => WORDS[random.below(WORDS.length)]).join(' ');
}

const REFUSED = { retry: 'never', charged: 'no', text: '' } as const;
const status = (code: number, body: unknown, headers: Record<string, string> = {}): Script => ({
  ...{ status: code, body, headers },
});
const error = (message: string, more: Record<string, unknown> = {}) => ({ error: { message, ...more } });
const pick = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[random.below(items.length)] ?? items[0];

/** An answer that breaks off, and the words that were sent until then. */
function broken(random: Random, how: Break['how']): { readonly script: Script; readonly text: string } {
  const text = wordsOf(random, 3 + random.below(40));
  const tokens = tokensOf(text);
  // The first chunk has the role and no word.
  const after = 1 + random.below(tokens.length);
  const breaking: Break = how === 'error' ? { after, how, error: error('the engine died') } : { after, how };
  return { script: { text, break: breaking }, text: tokens.slice(0, after - 1).join('') };
}

/** Every fault that a turn must bear, each with as many faces as it has seeds. */
export const FAULTS: Readonly<Record<string, (random: Random) => Plan>> = {
  'a 429 that says when to ask again': (random) => {
    const seconds = 1 + random.below(3600);
    const headers = pick<Record<string, string>>(random, [
      { 'retry-after': String(seconds) },
      { 'retry-after-ms': String(seconds * 1000) },
      { 'retry-after': new Date(Date.now() + seconds * 1000 + 2000).toUTCString() },
      { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': `${seconds}.5s` },
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': `1m${seconds}s` },
    ]);
    const body = error('Rate limit reached', { type: 'tokens', code: 'rate_limit_exceeded' });
    return { script: status(429, body, headers), ...REFUSED, code: 'MODEL_BUSY', retry: 'at' };
  },
  'a 429 that does not say when': (random) => {
    const body = pick<unknown>(random, [error('Too many requests'), { error: 'busy' }, '<h1>429</h1>', null]);
    return {
      script: status(pick(random, [429, 503, 529]), body),
      ...REFUSED,
      code: 'MODEL_BUSY',
      retry: 'now',
    };
  },
  'an answer that is too slow': (random) => {
    const firstMs = 150 + random.below(100);
    const script: Script = pick<Script>(random, [
      { text: 'late', wait: 5000 },
      { status: 200, body: {}, wait: null },
      { text: 'late', wait: 5000, quirks: { comments: true } },
    ]);
    return { script, limits: { firstMs }, code: 'MODEL_TIMEOUT', retry: 'now', charged: 'unknown', text: '' };
  },
  'an answer that is cut in the middle': (random) => ({
    ...broken(random, pick(random, ['reset', 'end'])),
    ...{ code: 'MODEL_ANSWER_CUT', retry: 'now', charged: 'unknown' },
  }),
  'an answer that falls silent in the middle': (random) => ({
    ...broken(random, 'silence'),
    limits: { silentMs: 200 + random.below(100) },
    ...{ code: 'MODEL_TIMEOUT', retry: 'now', charged: 'unknown' },
  }),
  'a web page': (random) => {
    const page = `${pick(random, ['', '\n  ', '\uFEFF'])}<!doctype html><p>${wordsOf(random, 5)}`;
    return { script: status(pick(random, [200, 404, 400]), page), ...REFUSED, code: 'MODEL_ANSWER_INVALID' };
  },
  'something that is not JSON': (random) => ({
    ...broken(random, 'garbled'),
    ...{ code: 'MODEL_ANSWER_INVALID', retry: 'now', charged: 'unknown' },
  }),
  'no choice at all': (random) => {
    const whole = { id: 'x', object: 'chat.completion', choices: [] };
    const script = pick<Script>(random, [
      status(200, whole),
      status(200, { ...whole, usage: null }),
      status(200, {}, { 'content-type': 'text/event-stream' }),
      status(200, { answer: wordsOf(random, 3) }),
    ]);
    return { script, code: 'MODEL_ANSWER_INVALID', retry: 'now', charged: 'unknown', text: '' };
  },
  'an answer that never ends': (random) => {
    const characters = 1000 + random.below(100_000);
    const script: Script = { text: 'It goes on:', break: { after: 4, how: 'endless' } };
    return {
      script,
      limits: { characters },
      code: 'MODEL_ANSWER_ENDLESS',
      retry: 'never',
      charged: 'unknown',
      text: 'It goes on:again',
    };
  },
  'a wrong key': (random) => {
    const key = 'sk-another-0123456789abcdef';
    const body = pick<unknown>(random, [
      error(`Incorrect API key provided: ${PLANTED}`, { code: 'invalid_api_key' }),
      { error: 'Unauthorized' },
      { detail: `invalid token ${PLANTED}` },
      '<h1>403</h1>',
    ]);
    const plan = pick<Plan['script'] | null>(random, [null, status(401, body), status(403, body)]);
    const wrong = { ...REFUSED, code: 'MODEL_KEY_REFUSED' } as const;
    return plan === null ? { endpoint: { key }, ...wrong } : { script: plan ?? status(401, body), ...wrong };
  },
  'a model that is not there': (random) => {
    const model = `model-${random.below(1000)}`;
    const script = pick<Script | null>(random, [
      null,
      status(404, error(`model '${model}' not found, try pulling it first`)),
      status(404, { object: 'error', message: `The model ${model} does not exist.`, code: 404 }),
      status(400, error(`${model} is not a valid model ID`, { code: 400 })),
    ]);
    const asked = { model, ...REFUSED, code: 'MODEL_NAME_UNKNOWN' } as const;
    return script === null ? asked : { ...asked, script };
  },
  'a context that is too long': (random) => {
    const question = wordsOf(random, 60 + random.below(100));
    const limit = 10 + random.below(20);
    const script = pick<Script | null>(random, [
      null,
      status(400, error('request exceeds', { type: 'exceed_context_size_error', code: 400 })),
      status(413, error('payload too large')),
      status(400, { object: 'error', message: `This model's maximum context length is ${limit} tokens.` }),
    ]);
    const asked = { question, ...REFUSED, code: 'MODEL_CONTEXT_TOO_LONG' } as const;
    return script === null ? { ...asked, endpoint: { context: limit } } : { ...asked, script };
  },
  'an account that is empty': (random) => ({
    script: pick<Script>(random, [
      status(402, error('Insufficient credits', { code: 402 })),
      status(
        429,
        error('You exceeded your current quota', { type: 'insufficient_quota', code: 'insufficient_quota' }),
      ),
    ]),
    ...{ ...REFUSED, code: 'MODEL_CREDIT_SPENT' },
  }),
  'a server that fails': (random) => {
    const code = pick(random, [500, 502, 504]);
    const refusal: Plan = {
      script: status(code, pick<unknown>(random, ['<h1>Bad gateway</h1>', error('engine died'), null])),
      ...{ code: 'MODEL_SERVER_FAILED', retry: 'now', charged: 'unknown', text: '' },
    };
    const inside = {
      ...broken(random, 'error'),
      code: 'MODEL_SERVER_FAILED',
      retry: 'now',
      charged: 'unknown',
    } as const;
    return pick<Plan>(random, [refusal, inside]);
  },
  'a connection that is dropped before the answer': () => ({
    script: { status: 200, body: null, drop: true },
    ...{ code: 'MODEL_UNREACHABLE', retry: 'now', charged: 'unknown', text: '' },
  }),
  'a server that is gone': () => ({
    gone: true,
    code: 'MODEL_UNREACHABLE',
    retry: 'now',
    charged: 'no',
    text: '',
  }),
  'an answer whose usage is missing': (random) => quirky(random, { usage: 'missing' }),
  'an answer that says its usage in its own way': (random) =>
    quirky(random, { usage: pick(random, ['in-last-choice', 'x-groq', 'every', 'text']) }),
  'a role that is missing': (random) => quirky(random, { role: pick(random, ['missing', 'null', 'every']) }),
};

/** A strange answer that is whole all the same. */
function quirky(random: Random, quirks: Quirks): Plan {
  const text = wordsOf(random, 1 + random.below(40));
  return { script: { text, quirks }, text, code: null, retry: 'never', charged: null };
}

/** Plays one fault: named, with retry advice and words for a person; asked once; nothing lost; no key anywhere. */
export async function playFault(name: string, seed: number): Promise<AskedTurn> {
  const plan = FAULTS[name]?.(seeded(seed));
  if (plan === undefined) throw new Error(`there is no fault "${name}"`);
  const endpoint = await new ScriptedEndpoint(plan.endpoint).open();
  try {
    if (plan.script !== undefined) endpoint.scripts.push(plan.script);
    if (plan.gone) await endpoint.close();
    const provider = modelAt(endpoint, { model: plan.model ?? 'scripted-1' });
    const asked = await askIt(provider, turnOf(plan.question ?? 'What?', { limits: plan.limits ?? {} }));
    if (plan.code !== 'MODEL_TIMEOUT') expect(endpoint.asked).toHaveLength(plan.gone ? 0 : 1);
    expect(endpoint.asked.length).toBeLessThanOrEqual(1);
    expect(asked.told).toEqual(asked.kept);
    if (plan.code === 'MODEL_ANSWER_ENDLESS') expect(asked.kept.text.startsWith(plan.text)).toBe(true);
    else expect(asked.kept.text).toBe(plan.text);
    expect(JSON.stringify([asked.answer, asked.deltas])).not.toContain(PLANTED);
    if (plan.code === null) expect(asked.answer.ok).toBe(true);
    else await expectFault(asked.answer, { ...plan, code: plan.code });
    expect(endpoint.charged.requests).toBeLessThanOrEqual(plan.charged === 'no' ? 0 : 1);
    return asked;
  } finally {
    if (!plan.gone) await endpoint.close();
  }
}

async function expectFault(answer: TurnAnswer, plan: Expected & { readonly code: FaultCode }): Promise<void> {
  if (answer.ok) throw new Error(`it was answered: ${JSON.stringify(answer.message)}`);
  expect(answer.fault).toMatchObject({ code: plan.code, retry: { when: plan.retry } });
  expect(answer.charged).toBe(plan.charged);
  const { retry } = answer.fault;
  if (retry.when === 'at') expect(Date.parse(retry.at)).toBeGreaterThan(Date.now());
  const { title, cause, effect, next } = faultText(await createTranslator(), answer.fault);
  for (const words of [title, cause, effect, next]) {
    expect(words).toMatch(/^[A-Z0-9].+/);
    expect(words).not.toMatch(/fault\.|[{}]/);
  }
}
