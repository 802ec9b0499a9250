import { FaultError, type Scope } from '@soma/schemas/event';
import type { OpenAI } from 'openai';
import type { Clock, ModelDescription, ModelProvider, Secrets } from '../../port/index.ts';
import { askOnce, type Place } from './ask.ts';
import { embedAll } from './embed.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { entriesOf, entryOf, listedIn, UNLISTED } from './listed.ts';
import { askPlainly } from './plain-call.ts';

export type { Endpoint } from './endpoint.ts';
export { endpointOf } from './endpoint.ts';
export { ENDPOINTS } from './endpoints.table.ts';

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

const LIST_MS = 10_000;

/**
 * A model behind the chat completions protocol, as OpenAI, Groq, Hugging Face, OpenRouter, LiteLLM, Ollama, LM Studio, llama.cpp, vLLM,
 * Jan and many others speak it. Throws INVALID_INPUT where the address is none.
 */
export function createOpenAIModel(options: OpenAIModelOptions): ModelProvider {
  const { model, clock, secrets, secret } = options;
  const endpoint = endpointOf(options.endpoint);
  const url = addressOf(options.address ?? endpoint.address);
  const placeFor = (scope: Scope): Place => ({
    ...{ endpoint, model, clock },
    address: url.href,
    host: url.host,
    key: () => (secret === null ? Promise.resolve(null) : secrets.get(scope, secret)),
  });
  return {
    describe: (scope) => describe(placeFor(scope), endpoint),
    ask: (request) => askOnce(placeFor(request.scope), request),
    embed: ({ scope, texts, signal }) => embedAll(placeFor(scope), { texts, signal }),
  };
}

/** Names of the models that an endpoint lists now. Rejects with the FaultError of why it does not. */
export async function listModels(
  options: Omit<OpenAIModelOptions, 'model'>,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { clock, secrets, secret } = options;
  const endpoint = endpointOf(options.endpoint);
  const url = addressOf(options.address ?? endpoint.address);
  const key = () => (secret === null ? Promise.resolve(null) : secrets.get(scope, secret));
  const place = { ...{ endpoint, clock, key }, address: url.href, host: url.host, model: '' };
  return (await listAt(place, signal)).map(({ id }) => String(id));
}

async function describe(place: Place, endpoint: Endpoint): Promise<ModelDescription | null> {
  const { model } = place;
  const entry = entryOf(await listAt(place, new AbortController().signal), model);
  if (entry === null && endpoint.listed.whole) return null;
  const listed = entry === null ? UNLISTED : listedIn(entry, endpoint);
  // How long its vectors are only a vector tells, and its weights are not seen from here.
  return { model, hash: null, dimensions: null, ...listed };
}

async function listAt(place: Place, signal: AbortSignal) {
  const send = (client: OpenAI, ended: AbortSignal) => client.models.list({ signal: ended });
  const body = await askPlainly(place, { signal, totalMs: LIST_MS, send });
  const entries = entriesOf(body);
  if (entries === null) throw new FaultError('MODEL_ANSWER_INVALID', { host: place.host, reason: 'shape' });
  return entries;
}

/** Only http and https, and without a name or password in it: keys have a place of their own. */
function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain || url.hash !== '' || url.search !== '')
    throw new FaultError('INVALID_INPUT', { field: 'address' });
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}
