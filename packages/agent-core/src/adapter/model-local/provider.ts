import { FaultError, fault } from '@soma/schemas/event';
import { type Abilities, UNKNOWN_ABILITIES, UNKNOWN_USAGE } from '@soma/schemas/turn';
import type { EmbedRequest, ModelDescription, ModelProvider } from '../../port/index.ts';
import type { KnownModel } from './known-model.ts';
import type { ModelProcess } from './model-process.ts';
import type { LocalModels } from './store.ts';
import { Vectors } from './wire.ts';

/** Texts that the process is asked for at once: so many take well under a second, and others get their turn. */
const BATCH = 32;
/** Characters of a text that are sent: many times what the tokens that count can have. */
const LONGEST = 32_768;

/** What a network that makes vectors and no words can do. */
const EMBEDS: Abilities = {
  ...UNKNOWN_ABILITIES,
  ...{ completion: 'no', chat: 'no', schema: 'no', tools: 'no', vision: 'no', embedding: 'yes' },
};

/** The provider on a kept model. `models` says whether one is there, `process` has it in memory. */
export function createLocalProvider(
  { model, dimensions, tokens }: KnownModel,
  { models, process }: { readonly models: LocalModels; readonly process: ModelProcess },
): ModelProvider {
  const embedSome = async (texts: readonly string[], signal: AbortSignal) => {
    const current = models.current;
    if (current === null) throw new FaultError('MODEL_ABSENT');
    const cut = texts.map((text) => text.slice(0, LONGEST));
    try {
      return Vectors.parse(await process.ask({ type: 'embed', ...current, tokens, texts: cut }, { signal }));
    } catch (error) {
      if (isSpoilt(error) && models.current?.sha256 === current.sha256) models.spoilt(error.fault);
      throw error;
    }
  };
  return {
    describe: async (): Promise<ModelDescription | null> => {
      const current = models.current;
      if (current === null) return null;
      return {
        model,
        hash: current.sha256,
        dimensions,
        abilities: EMBEDS,
        contextTokens: tokens,
        outputTokens: null,
      };
    },
    ask: async () => ({
      ok: false,
      fault: fault('MODEL_UNABLE', { model, what: 'chat' }),
      message: { role: 'assistant', parts: [] },
      usage: UNKNOWN_USAGE,
      charged: 'no',
    }),
    embed: async ({ texts, signal }: EmbedRequest) => {
      signal.throwIfAborted();
      if (models.current === null) throw new FaultError('MODEL_ABSENT');
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += BATCH) {
        vectors.push(...(await embedSome(texts.slice(at, at + BATCH), signal)));
      }
      return vectors;
    },
  };
}

/** The file on the disk is not what was written; asking again would not help. */
function isSpoilt(error: unknown): error is FaultError {
  return (
    error instanceof FaultError &&
    error.fault.code === 'MODEL_UNUSABLE' &&
    error.fault.data.reason === 'damaged'
  );
}
