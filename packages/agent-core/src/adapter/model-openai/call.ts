import type { FaultCode } from '@soma/schemas/event';
import OpenAI from 'openai';
import type { Endpoint } from './endpoints.table.ts';
import { json } from './read.ts';

/** Bytes of a refusal that are read. */
const REFUSAL_BYTES = 64 * 1024;
/** Headers that leave this computer. The client's own say which system it runs on, and its environment may add more. */
const SENT = ['accept', 'authorization', 'content-type'];

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
export function keyFault(key: string | null, { key: need }: Pick<Endpoint, 'key'>): FaultCode | null {
  if (key === null || key === '') return need === 'needed' ? 'MODEL_KEY_MISSING' : null;
  return /^[\x21-\x7e]+$/.test(key) ? null : 'MODEL_KEY_REFUSED';
}

export interface Line {
  readonly address: string;
  readonly key: string | null;
}

/**
 * A client for one request: it asks once, follows no redirect, reads nothing of the environment and writes no log. The key lives as long
 * as it does.
 */
export function openCall({ address, key }: Line): { readonly client: OpenAI; readonly seen: Seen } {
  const seen: Seen = { refused: null, broken: null };
  const client = new OpenAI({
    baseURL: address,
    // The client insists on one; without a key the header is left out below.
    apiKey: key || 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch: async (url, init) => {
      const all = new Headers(init?.headers);
      const headers = new Headers();
      for (const name of SENT) {
        const value = all.get(name);
        if (value !== null && (name !== 'authorization' || key)) headers.set(name, value);
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
    },
  });
  return { client, seen };
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
