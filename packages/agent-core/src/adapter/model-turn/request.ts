import type { FaultCode } from '@soma/schemas/event';
import { json } from './read.ts';

/** Bytes of a refusal that are read. */
const REFUSAL_BYTES = 64 * 1024;

/** An answer with a status that is no success, and what its body holds as JSON. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  readonly page: boolean;
}

/** What a request met, beside what its client tells. */
export interface Seen {
  refused: Refusal | null;
  broken: unknown;
}

/** Why a key cannot be sent: there is none where one is needed, or it holds what no header can. */
export function keyFault(key: string | null, need: 'needed' | 'optional'): FaultCode | null {
  if (key === null || key === '') return need === 'needed' ? 'MODEL_KEY_MISSING' : null;
  return /^[\x21-\x7e]+$/.test(key) ? null : 'MODEL_KEY_REFUSED';
}

/**
 * A fetch for the client of one request: of its headers only those in `sent` leave this computer, since the client's own say which system it
 * runs on and its environment may add more; no redirect is followed, and what was refused is kept in `seen`.
 */
export function quietFetch(sent: readonly string[], seen: Seen): typeof fetch {
  return async (url, init) => {
    const all = new Headers(init?.headers);
    const headers = new Headers();
    for (const name of sent) {
      const value = all.get(name);
      if (value !== null) headers.set(name, value);
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' }).catch((error: unknown) => {
      seen.broken = error;
      throw error;
    });
    if (response.ok) return response;
    const { status } = response;
    const body = await bounded(response.body);
    seen.refused = { status, headers: response.headers, body: json(body), page: /^\s*</.test(body) };
    return new Response('', {
      status: status >= 400 ? status : 502,
      headers: { 'x-should-retry': 'false' },
    });
  };
}

/** The first bytes of a body as text; what comes after is not waited for. */
export async function bounded(
  body: ReadableStream<Uint8Array> | null,
  limit = REFUSAL_BYTES,
): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < limit) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || value === undefined) break;
    chunks.push(value);
    size += value.length;
  }
  void reader.cancel().catch(() => undefined);
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}
