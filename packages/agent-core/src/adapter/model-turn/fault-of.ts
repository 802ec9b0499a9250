import { type Fault, type FaultCode, fault, type Json, type Retry } from '@soma/schemas/event';
import type { FailedTurn } from '@soma/schemas/turn';
import type { Clock } from '../../port/index.ts';
import { ADVICE, ERRORS, REMAINING } from './faults.table.ts';
import { at, count, fields, first, list, text } from './read.ts';

/** Characters of a provider's own words that a fault keeps. */
const SAID = 300;
/** No advice makes anybody wait longer than a day. */
const LONGEST_MS = 24 * 60 * 60_000;

/** So many characters of a key in a row, and what holds them is not shown. */
const TELLING = 6;
const HIDDEN = '***';

/** Who is asked, and what must appear nowhere. */
export interface Asked {
  readonly host: string;
  readonly model: string;
  readonly key: string | null;
}

/** What went wrong, and whether the provider may charge for it. */
export interface Failure {
  readonly fault: Fault;
  readonly charged: FailedTurn['charged'];
}

/** An answer that is no answer: its status, or null inside a stream, its headers and what its body holds. */
export interface Refused {
  readonly status: number | null;
  readonly headers: Headers | null;
  readonly body: unknown;
}

/** What an endpoint's error says, in whichever of the known forms it comes; null where there is none. */
export function errorIn(
  body: unknown,
): { readonly message: string | null; readonly codes: readonly string[] } | null {
  // Some wrap it in a list of one.
  const outer = fields(Array.isArray(body) ? body[0] : body);
  if (outer === null) return null;
  const groq = text(at(outer, 'x_groq.error'));
  const isError = outer.object === 'error' || ('detail' in outer && !('choices' in outer));
  const error = outer.error ?? (groq !== null ? { message: groq } : isError ? outer : null);
  if (error === null || error === undefined || error === false) return null;
  if (typeof error === 'string') return { message: error, codes: [text(outer.error_type) ?? ''] };
  const said =
    first(error, ['message', 'detail', 'error'], text) ?? text(at(list(at(error, 'detail'))[0], 'msg'));
  const codes = ['code', 'type'].map((name) => at(error, name));
  return { message: said, codes: codes.flatMap(codeText) };
}

function codeText(code: unknown): string[] {
  return typeof code === 'string' || typeof code === 'number' ? [String(code).toLowerCase()] : [];
}

/** The fault of an endpoint that refused, or that failed in the middle of its answer. */
export function failureOf(refused: Refused, asked: Asked, clock: Clock): Failure {
  const error = errorIn(refused.body);
  const numbered = error?.codes.map(count).find((code) => code !== null && code >= 400 && code < 600);
  const status = refused.status !== null && refused.status >= 400 ? refused.status : (numbered ?? null);
  const what = saidOf(error?.message ?? null, asked);
  const advice = refused.headers === null ? null : adviceOf(refused.headers, clock);
  const soon: Retry = advice ?? { when: 'now' };
  const begun = refused.status === null || refused.status < 300;
  const of = (code: FaultCode, data: Record<string, Json>, retry: Retry = { when: 'never' }): Failure => ({
    fault: fault(code, { host: asked.host, ...data }, retry),
    charged: begun ? 'unknown' : 'no',
  });
  switch (kindOf(error, refused.status !== null && refused.status >= 300 ? refused.status : status)) {
    case 'context':
      return of('MODEL_CONTEXT_TOO_LONG', { model: asked.model, what });
    case 'credit':
      return of('MODEL_CREDIT_SPENT', { what });
    case 'key':
      // Its words may hold the key, or the part of it that they leave unmasked.
      return of('MODEL_KEY_REFUSED', { status });
    case 'model':
      return of('MODEL_NAME_UNKNOWN', { model: asked.model });
    case 'busy':
      return of('MODEL_BUSY', { what }, soon);
    case 'moved':
      return of('MODEL_ANSWER_INVALID', { reason: 'redirect' });
    case 'path':
      return of('MODEL_ANSWER_INVALID', { reason: 'path' });
    case 'server':
      return { ...of('MODEL_SERVER_FAILED', { status, what }, soon), charged: 'unknown' };
    case 'request':
      return of('MODEL_REQUEST_REFUSED', { status, what });
  }
}

type Kind = (typeof ERRORS)[number]['is'] | 'moved' | 'path' | 'server' | 'request';

function kindOf(error: ReturnType<typeof errorIn>, status: number | null): Kind {
  const codes = error?.codes ?? [];
  const named = ERRORS.find((known) => known.codes.some((code) => codes.includes(code)));
  if (named !== undefined) return named.is;
  if (status !== null && status >= 300 && status < 400) return 'moved';
  if (status === 401 || status === 403) return 'key';
  if (status === 402) return 'credit';
  const message = error?.message?.toLowerCase() ?? '';
  const worded = ERRORS.find((known) => known.words.some((word) => message.includes(word)));
  if (worded !== undefined) return worded.is;
  if (status === 429 || status === 503 || status === 529) return 'busy';
  // Where nobody speaks of a model, it is the address that is wrong.
  if (status === 404 || status === 405) return message.includes('model') ? 'model' : 'path';
  if (status === 413) return 'context';
  return status === null || status >= 500 ? 'server' : 'request';
}

/** When to ask again, as the headers say; null where they do not. */
export function adviceOf(headers: Headers, clock: Clock): Retry | null {
  const now = Date.parse(clock.now());
  const waits = ADVICE.map(({ header, as }) => waitOf(headers.get(header), { as, now }));
  const told = waits.find((wait) => wait !== null) ?? remaining(headers);
  if (told == null) return null;
  const wait = Math.min(Math.max(told, 0), LONGEST_MS);
  return wait === 0 ? { when: 'now' } : { when: 'at', at: new Date(now + wait).toISOString() };
}

function waitOf(
  value: string | null,
  { as, now }: { readonly as: (typeof ADVICE)[number]['as']; readonly now: number },
): number | null {
  if (value === null || value.trim() === '') return null;
  const number = Number(value);
  if (Number.isFinite(number)) return as === 'milliseconds' ? number : number * 1000;
  const date = as === 'milliseconds' ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? null : date - now;
}

function remaining(headers: Headers): number | null {
  const waits = REMAINING.flatMap(([left, reset]) =>
    headers.get(left)?.trim() === '0' ? (durationOf(headers.get(reset)) ?? []) : [],
  );
  return waits.length === 0 ? null : Math.max(...waits);
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration such as `6m0s` or `7.66s`; a bare number is seconds. */
function durationOf(value: string | null): number | null {
  if (value === null) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (!/^(\d+(\.\d+)?(ms|[smh]))+$/.test(value)) return null;
  let sum = 0;
  for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g))
    sum += Number(number) * (unit === 'ms' || unit === 's' || unit === 'm' || unit === 'h' ? UNITS[unit] : 0);
  return sum;
}

/**
 * The text without the key. Null where a part of the key is left in it: providers mask a key in their own way, and what they leave is
 * enough to tell whose it is.
 */
export function withoutKey(text: string, key: string | null): string | null {
  if (key === null || key === '') return text;
  const hidden = text.replaceAll(key, HIDDEN);
  for (let from = 0; from + TELLING <= key.length; from += 1)
    if (hidden.includes(key.slice(from, from + TELLING))) return null;
  return hidden;
}

/** What the provider said, without the key; null where it said nothing, or nothing that may be shown. */
function saidOf(message: string | null, { key }: Asked): string | null {
  const said = message === null ? null : withoutKey(message, key);
  return said === null || said.length <= SAID ? said : `${said.slice(0, SAID)}…`;
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};
const CERTIFICATE = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** The fault of a request that got no answer at all. Where no connection came about, nobody can have charged for it. */
export function unreachable(error: unknown, { host }: Asked): Failure {
  const code = codeOf(error);
  const cause = CERTIFICATE.test(code) ? 'certificate' : (CAUSES[code] ?? 'broken-off');
  const never = cause === 'certificate';
  return {
    fault: fault('MODEL_UNREACHABLE', { host, cause }, { when: never ? 'never' : 'now' }),
    charged: cause === 'broken-off' ? 'unknown' : 'no',
  };
}

/** The system's code of an error, or of what caused it. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 8) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '') return code;
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}
