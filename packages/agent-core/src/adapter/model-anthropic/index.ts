import Anthropic from '@anthropic-ai/sdk';
import { FaultError, type Scope } from '@soma/schemas/event';
import { UNKNOWN_ABILITIES } from '@soma/schemas/turn';
import type { Clock, ModelProvider, Secrets } from '../../port/index.ts';
import { askOnce, type Place, type Protocol, quietFetch } from '../model-turn/index.ts';
import { Accumulator } from './accumulate.ts';
import { bodyOf } from './request.ts';

/** Where the Messages API is when nobody says otherwise. */
export const ANTHROPIC_ADDRESS = 'https://api.anthropic.com';

/** Headers that leave this computer. */
const SENT = ['accept', 'anthropic-version', 'authorization', 'content-type'];

export interface AnthropicModelOptions {
  /** Where the API is, without `/v1`; left out for Anthropic's own. */
  readonly address?: string;
  /** The model's name, such as `claude-sonnet-4-5`. */
  readonly model: string;
  /** Name under which the key is kept. */
  readonly secret: string;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly contextTokens: number | null;
  /** The most that an answer may have, where it is known. */
  readonly outputTokens: number | null;
}

/**
 * A model behind Anthropic's Messages API: one streamed request a turn, put together here from its events
 * (docs.anthropic.com/en/api/messages-streaming). Throws INVALID_INPUT where the address is none.
 */
export function createAnthropicModel(options: AnthropicModelOptions): ModelProvider {
  const { model, contextTokens, outputTokens, clock } = options;
  const url = addressOf(options.address ?? ANTHROPIC_ADDRESS);
  const protocol = messagesApi(url, options);
  const place = (scope: Scope): Place => ({
    ...{ host: url.host, model, clock, need: 'needed' },
    key: async () => (await options.secrets.get(scope, options.secret))?.trim() ?? null,
  });
  return {
    // What it can do is for the examination to say.
    describe: () =>
      Promise.resolve({
        ...{ model, hash: null, dimensions: null, contextTokens, outputTokens },
        abilities: { ...UNKNOWN_ABILITIES, chat: 'yes', embedding: 'no' },
      }),
    ask: (request) => askOnce(place(request.scope), protocol, request),
    embed: async ({ signal }) => {
      signal.throwIfAborted();
      throw new FaultError('MODEL_UNABLE', { model, what: 'embedding' });
    },
  };
}

/** A client lives for one request: it asks once, reads no key of the environment and writes no log. */
function messagesApi(url: URL, { model, outputTokens }: AnthropicModelOptions): Protocol {
  return {
    answer: (turn, onDelta) => new Accumulator(turn, onDelta),
    send: ({ turn, key, seen, signal }) => {
      const client = new Anthropic({
        ...{ baseURL: url.href.replace(/\/$/, ''), apiKey: key, authToken: null, webhookKey: null },
        ...{ maxRetries: 0, timeout: 2 ** 31 - 1, logLevel: 'off', openTelemetry: false },
        fetch: quietFetch(SENT, seen),
      });
      return client.messages.create(bodyOf(turn, model, outputTokens), { signal }).asResponse();
    },
  };
}

/** Only http and https, and without a name or password in it: keys have a place of their own. */
function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain || url.hash !== '' || url.search !== '')
    throw new FaultError('INVALID_INPUT', { field: 'address' });
  return url;
}
