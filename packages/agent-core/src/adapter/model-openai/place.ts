import { FaultError, type Scope } from '@soma/schemas/event';
import type { OpenAI } from 'openai';
import type { Clock, Secrets } from '../../port/index.ts';
import { addressOf, askPlainly, type Place } from '../model-turn/index.ts';
import { openCall } from './call.ts';
import { type Endpoint, endpointOf } from './endpoints.table.ts';
import { entriesOf } from './listed.ts';

export interface OpenAIModelOptions {
  /** Id of the endpoint in the table; what does not stand there is spoken to as all have in common. */
  readonly endpoint: string;
  /** Where its protocol begins, such as `http://127.0.0.1:11434/v1`; left out for the endpoint's usual one. */
  readonly address?: string;
  /** The model's name at this endpoint. */
  readonly model: string;
  /** Name under which the key is kept; null where the endpoint gets none. */
  readonly secret: string | null;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/** A model at a compatible endpoint. */
export interface OpenAIPlace extends Place {
  readonly endpoint: Endpoint;
  readonly address: string;
}

/** Milliseconds that a list of models may take when nobody says otherwise. */
export const LIST_MS = 10_000;

/** Names of the models that an endpoint lists now. Rejects with the FaultError of why it does not. */
export async function listModels(
  options: Omit<OpenAIModelOptions, 'model'>,
  { scope, signal, totalMs = LIST_MS }: Listing,
): Promise<readonly string[]> {
  const place = placeOf({ ...options, model: '' }, scope);
  return (await listAt(place, { signal, totalMs })).map(({ id }) => String(id));
}

export interface Listing {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Milliseconds that the list may take. */
  readonly totalMs?: number;
}

/** A model at its endpoint for a call under this scope. Throws INVALID_INPUT where the address is none. */
export function placeOf(options: OpenAIModelOptions, scope: Scope): OpenAIPlace {
  const { model, clock, secrets, secret } = options;
  const endpoint = endpointOf(options.endpoint);
  const url = addressOf(options.address ?? endpoint.address);
  const key = async () => (secret === null ? null : ((await secrets.get(scope, secret))?.trim() ?? null));
  return { endpoint, model, clock, key, need: endpoint.key, address: url.href, host: url.host };
}

/** The entries of an endpoint's list. */
export async function listAt(
  place: OpenAIPlace,
  { signal, totalMs }: { readonly signal: AbortSignal; readonly totalMs: number },
) {
  const send: Send = (client, ended) => client.models.list({ signal: ended });
  const body = await askAt(place, { signal, totalMs, send });
  const entries = entriesOf(body);
  if (entries === null) throw new FaultError('MODEL_ANSWER_INVALID', { host: place.host, reason: 'shape' });
  return entries;
}

type Send = (client: OpenAI, signal: AbortSignal) => { asResponse(): Promise<Response> };

/** The JSON that an endpoint answers at once. */
export function askAt(
  place: OpenAIPlace,
  { send, ...limits }: { readonly signal: AbortSignal; readonly totalMs: number; readonly send: Send },
): Promise<unknown> {
  const { address } = place;
  return askPlainly(place, {
    ...limits,
    send: ({ key, seen, signal }) => send(openCall({ address, key }, seen), signal).asResponse(),
  });
}

/** Throws INVALID_INPUT where the address is none that a request can go to. */
export function checkAddress({ address, endpoint }: Pick<OpenAIModelOptions, 'address' | 'endpoint'>): void {
  addressOf(address ?? endpointOf(endpoint).address);
}
