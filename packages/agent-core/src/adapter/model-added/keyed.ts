import { fault } from '@soma/schemas/event';
import { UNKNOWN_USAGE } from '@soma/schemas/turn';
import type { ModelProvider } from '../../port/index.ts';

/** A provider that is not asked while its key is not at hand: its endpoint would only say that the key is wrong. */
export function keyed(provider: ModelProvider, isKeyHere: () => boolean, host: string): ModelProvider {
  return {
    ...provider,
    ask: async (request) => {
      if (isKeyHere()) return provider.ask(request);
      return {
        ok: false,
        fault: fault('MODEL_KEY_MISSING', { host }),
        message: { role: 'assistant', parts: [] },
        usage: UNKNOWN_USAGE,
        charged: 'no',
      };
    },
  };
}
