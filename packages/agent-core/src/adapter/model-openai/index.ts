import type { ModelDescription, ModelProvider } from '../../port/index.ts';
import { askOnce, type Protocol } from '../model-turn/index.ts';
import { Accumulator } from './accumulate.ts';
import { openCall } from './call.ts';
import { embedAll } from './embed.ts';
import { entryOf, listedIn, UNLISTED } from './listed.ts';
import {
  checkAddress,
  LIST_MS,
  listAt,
  type OpenAIModelOptions,
  type OpenAIPlace,
  placeOf,
} from './place.ts';
import { bodyOf } from './request.ts';

export { ENDPOINTS, type Endpoint, endpointOf } from './endpoints.table.ts';
export { findNearby, type Nearby } from './nearby.ts';
export { type Listing, listModels, type OpenAIModelOptions } from './place.ts';

/**
 * A model behind the chat completions protocol, as OpenAI, Groq, Hugging Face, OpenRouter, LiteLLM, Ollama, LM Studio, llama.cpp, vLLM,
 * Jan and many others speak it. Throws INVALID_INPUT where the address is none.
 */
export function createOpenAIModel(options: OpenAIModelOptions): ModelProvider {
  checkAddress(options);
  return {
    describe: (scope) => describe(placeOf(options, scope)),
    ask: (request) => {
      const place = placeOf(options, request.scope);
      return askOnce(place, chatCompletions(place), request);
    },
    embed: ({ scope, texts, signal }) => embedAll(placeOf(options, scope), { texts, signal }),
  };
}

function chatCompletions({ address, endpoint, model }: OpenAIPlace): Protocol {
  return {
    answer: (turn, onDelta) => new Accumulator(turn, onDelta),
    send: ({ turn, key, seen, signal }) => {
      const client = openCall({ address, key }, seen);
      return client.chat.completions.create(bodyOf(turn, model, endpoint), { signal }).asResponse();
    },
  };
}

async function describe(place: OpenAIPlace): Promise<ModelDescription | null> {
  const { model, endpoint } = place;
  const { signal } = new AbortController();
  const entry = entryOf(await listAt(place, { signal, totalMs: LIST_MS }), model);
  if (entry === null && endpoint.listed.whole) return null;
  const listed = entry === null ? UNLISTED : listedIn(entry, endpoint);
  // How long its vectors are only a vector tells, and its weights are not seen from here.
  return { model, hash: null, dimensions: null, ...listed };
}
