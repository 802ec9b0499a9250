import { describe, expect, it } from 'vitest';
import { ControllableClock } from '../../testing/controllable-clock.ts';
import { adviceOf, errorIn, failureOf, unreachable, withoutKey } from './fault-of.ts';

const clock = new ControllableClock('2026-11-21T12:00:00.000Z');
const asked = { host: 'host:1', model: 'm', key: 'sk-secret-abcdefgh' };
const advice = (headers: Record<string, string>) => adviceOf(new Headers(headers), clock);
const failure = (status: number | null, body: unknown, headers: Headers | null = null) =>
  failureOf({ status, body, headers }, asked, clock);

describe('when to ask again', () => {
  it.each([
    [{ 'retry-after': '30' }, '2026-11-21T12:00:30.000Z'],
    [{ 'retry-after': '0.5' }, '2026-11-21T12:00:00.500Z'],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT' }, '2026-11-21T12:01:00.000Z'],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, '2026-11-21T12:00:01.500Z'],
    [
      { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '7.66s' },
      '2026-11-21T12:00:07.660Z',
    ],
    [
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' },
      '2026-11-21T12:06:00.000Z',
    ],
    [
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' },
      '2026-11-21T12:00:00.120Z',
    ],
    [{ 'retry-after': '99999999' }, '2026-11-22T12:00:00.000Z'],
  ])('is read from %j', (headers, at) => {
    expect(advice(headers)).toEqual({ when: 'at', at });
  });

  it.each([
    {},
    { 'retry-after': '' },
    { 'retry-after': 'soon' },
    { 'retry-after-ms': 'Sat, 21 Nov 2026 12:01:00 GMT' },
    { 'x-ratelimit-remaining-tokens': '12', 'x-ratelimit-reset-tokens': '7s' },
    { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': 'a while' },
    { 'x-ratelimit-remaining-tokens': '0' },
  ])('is not said by %j', (headers) => {
    expect(adviceOf(new Headers(Object.entries(headers)), clock)).toBeNull();
  });

  it('is at once where the time it names is past', () => {
    expect(advice({ 'retry-after': '-3' })).toEqual({ when: 'now' });
    expect(advice({ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' })).toEqual({ when: 'now' });
  });
});

describe('an error of an endpoint', () => {
  it.each([
    [{ error: { message: 'no', type: 't', code: 'c' } }, 'no', ['c', 't']],
    [{ error: 'plain words' }, 'plain words', ['']],
    [{ error: 'words', error_type: 'Overloaded' }, 'words', ['Overloaded']],
    [
      { object: 'error', message: 'vllm', type: 'BadRequestError', code: 400 },
      'vllm',
      ['400', 'badrequesterror'],
    ],
    [{ detail: 'fastapi' }, 'fastapi', []],
    [{ detail: [{ msg: 'field required' }] }, 'field required', []],
    [{ error: { code: 402, message: 'Insufficient credits' } }, 'Insufficient credits', ['402']],
    [{ choices: [], x_groq: { error: 'over_capacity' } }, 'over_capacity', []],
  ])('is found in %j', (body, message, codes) => {
    expect(errorIn(body)).toEqual({ message, codes });
  });

  it.each([null, 'text', 7, [], {}, { error: null }, { choices: [] }, { error: false }])(
    'is not in %j',
    (body) => {
      expect(errorIn(body)).toBeNull();
    },
  );

  it('is named by its code before its status, and by its status before its words', () => {
    expect(failure(400, { error: { code: 'model_not_found', message: 'x' } }).fault.code).toBe(
      'MODEL_NAME_UNKNOWN',
    );
    expect(failure(429, { error: { code: 'insufficient_quota' } }).fault.code).toBe('MODEL_CREDIT_SPENT');
    expect(failure(401, { error: 'rate limit' }).fault.code).toBe('MODEL_KEY_REFUSED');
    expect(failure(400, { error: 'the context window is full' }).fault.code).toBe('MODEL_CONTEXT_TOO_LONG');
    expect(failure(400, { error: 'top_k is not known' }).fault).toMatchObject({
      ...{ code: 'MODEL_REQUEST_REFUSED', data: { status: 400, what: 'top_k is not known' } },
      retry: { when: 'never' },
    });
  });

  it('at a path where nobody speaks of a model says that the address is wrong', () => {
    expect(failure(404, { detail: 'Not Found' }).fault).toMatchObject({
      ...{ code: 'MODEL_ANSWER_INVALID', data: { reason: 'path' } },
    });
    expect(failure(404, { error: "model 'x' was not found" }).fault.code).toBe('MODEL_NAME_UNKNOWN');
  });

  it('inside a stream may have cost something, also when it names a status of its own', () => {
    expect(failure(null, { error: { code: 429, message: 'slow down' } })).toMatchObject({
      ...{ charged: 'unknown', fault: { code: 'MODEL_BUSY', retry: { when: 'now' } } },
    });
    expect(failure(429, { error: 'slow down' }).charged).toBe('no');
    expect(failure(500, null)).toMatchObject({ charged: 'unknown', fault: { code: 'MODEL_SERVER_FAILED' } });
  });

  it('of a key may come as a refusal of the request, also in a list', () => {
    const error = { code: 400, message: 'API key not valid. Please pass one.', status: 'INVALID_ARGUMENT' };
    for (const body of [{ error }, [{ error }]])
      expect(failure(400, body)).toMatchObject({ fault: { code: 'MODEL_KEY_REFUSED' }, charged: 'no' });
  });

  it('sends nobody on to another address', () => {
    expect(failure(307, null)).toMatchObject({
      ...{ charged: 'no', fault: { code: 'MODEL_ANSWER_INVALID', data: { reason: 'redirect' } } },
    });
  });

  it('is cut where it is long', () => {
    const { data } = failure(400, { error: 'x'.repeat(5000) }).fault;
    expect(data.what).toBe(`${'x'.repeat(300)}…`);
  });
});

describe('a request without an answer', () => {
  const broken = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

  it.each([
    { code: 'ECONNREFUSED', cause: 'refused', charged: 'no', when: 'now' },
    { code: 'ENOTFOUND', cause: 'unknown-host', charged: 'no', when: 'now' },
    { code: 'UND_ERR_CONNECT_TIMEOUT', cause: 'timeout', charged: 'no', when: 'now' },
    { code: 'EHOSTUNREACH', cause: 'unreachable', charged: 'no', when: 'now' },
    { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', cause: 'certificate', charged: 'no', when: 'never' },
    { code: 'ECONNRESET', cause: 'broken-off', charged: 'unknown', when: 'now' },
    { code: 'UND_ERR_SOCKET', cause: 'broken-off', charged: 'unknown', when: 'now' },
  ])('for $code is $cause', ({ code, cause, charged, when }) => {
    expect(unreachable(broken(code), asked)).toEqual({
      fault: { code: 'MODEL_UNREACHABLE', data: { host: 'host:1', cause }, retry: { when } },
      charged,
    });
  });

  it('is told by the first of several addresses that were tried', () => {
    const several = new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]);
    expect(unreachable(new Error('failed', { cause: several }), asked).fault.data.cause).toBe('refused');
    expect(unreachable('what', asked).fault.data.cause).toBe('broken-off');
  });
});

describe('words of a provider', () => {
  it('never hold the key, nor a part of it that tells whose it is', () => {
    expect(withoutKey('key sk-secret-abcdefgh is wrong', asked.key)).toBe('key *** is wrong');
    expect(withoutKey('key sk-secret-a*** is wrong', asked.key)).toBeNull();
    expect(withoutKey('key ***cdefgh', asked.key)).toBeNull();
    expect(withoutKey('nothing of it', asked.key)).toBe('nothing of it');
    expect(withoutKey('anything', null)).toBe('anything');
    expect(failure(400, { error: `bad header ${asked.key}` }).fault.data.what).toBe('bad header ***');
  });
});
