import Anthropic from '@anthropic-ai/sdk';
import { FaultError, type Scope } from '@soma/schemas/event';
import { UNKNOWN_ABILITIES } from '@soma/schemas/turn';
import type { Clock, ModelProvider, Secrets } from '../../port/index.ts';
import {
  addressOf,
  askOnce,
  askPlainly,
  at,
  list,
  type Place,
  type Protocol,
  quietFetch,
  type Seen,
  text,
} from '../model-turn/index.ts';
import { Accumulator } from './accumulate.ts';
import { ANTHROPIC } from './endpoint.ts';
import { bodyOf } from './request.ts';

/** Headers that leave this computer. */
const SENT = ['accept', 'anthropic-version', 'authorization', 'content-type'];

export interface AnthropicModelOptions {
  /** Where the API is, without `/v1`; left out for Anthropic's own. */
  readonly address?: string;
  /** The model's name, such as `claude-sonnet-4-5`. */
  readonly model: string;
  /** Name under which the key is kept; null where there is none. */
  readonly secret: string | null;
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
  const { model, contextTokens, outputTokens } = options;
  const url = addressOf(options.address ?? ANTHROPIC.address);
  const protocol = messagesApi(url, options);
  return {
    // What it can do is for the examination to say.
    describe: () =>
      Promise.resolve({
        ...{ model, hash: null, dimensions: null, contextTokens, outputTokens },
        abilities: { ...UNKNOWN_ABILITIES, chat: 'yes', embedding: 'no' },
      }),
    ask: (request) => askOnce(placeOf(url, options, request.scope), protocol, request),
    embed: async ({ signal }) => {
      signal.throwIfAborted();
      throw new FaultError('MODEL_UNABLE', { model, what: 'embedding' });
    },
  };
}

/** Models in one page of the list: the most that the API gives. */
const LISTED = 1000;

/** Names of the models that the API lists now. Rejects with the FaultError of why it does not. */
export async function listAnthropicModels(
  options: Pick<AnthropicModelOptions, 'address' | 'secret' | 'secrets' | 'clock'>,
  { scope, signal, totalMs = 10_000 }: Listing,
): Promise<readonly string[]> {
  const url = addressOf(options.address ?? ANTHROPIC.address);
  const place = placeOf(url, { ...options, model: '' }, scope);
  const body = await askPlainly(place, {
    ...{ signal, totalMs },
    send: ({ key, seen, signal: ended }) =>
      openCall(url, key, seen).models.list({ limit: LISTED }, { signal: ended }).asResponse(),
  });
  return list(at(body, 'data')).flatMap((model) => text(at(model, 'id')) ?? []);
}

export interface Listing {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Milliseconds that the list may take. */
  readonly totalMs?: number;
}

function placeOf(
  { host }: URL,
  { model, clock, secret, secrets }: Pick<AnthropicModelOptions, 'model' | 'secret' | 'secrets' | 'clock'>,
  scope: Scope,
): Place {
  const key = async () => (secret === null ? null : ((await secrets.get(scope, secret))?.trim() ?? null));
  return { host, model, clock, key, need: 'needed' };
}

function messagesApi(url: URL, { model, outputTokens }: AnthropicModelOptions): Protocol {
  return {
    answer: (turn, onDelta) => new Accumulator(turn, onDelta),
    send: ({ turn, key, seen, signal }) =>
      openCall(url, key, seen)
        .messages.create(bodyOf(turn, model, outputTokens), { signal })
        .asResponse(),
  };
}

/** A client for one request: it asks once, reads no key of the environment and writes no log. */
function openCall(url: URL, key: string | null, seen: Seen): Anthropic {
  return new Anthropic({
    ...{ baseURL: url.href.replace(/\/$/, ''), apiKey: key, authToken: null, webhookKey: null },
    ...{ maxRetries: 0, timeout: 2 ** 31 - 1, logLevel: 'off', openTelemetry: false },
    fetch: quietFetch(SENT, seen),
  });
}
