import OpenAI from 'openai';
import { quietFetch, type Seen } from '../model-turn/index.ts';

/** Headers that leave this computer. */
const SENT = ['accept', 'content-type'];

export interface Line {
  readonly address: string;
  readonly key: string | null;
}

/**
 * A client for one request: it asks once, follows no redirect, reads nothing of the environment and writes no log. The key lives as long
 * as it does.
 */
export function openCall({ address, key }: Line, seen: Seen): OpenAI {
  return new OpenAI({
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
    fetch: quietFetch(key ? [...SENT, 'authorization'] : SENT, seen),
  });
}
