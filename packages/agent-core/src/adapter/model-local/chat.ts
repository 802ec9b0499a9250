import { FaultError, fault, type Scope } from '@soma/schemas/event';
import { type Abilities, type FailedTurn, UNKNOWN_USAGE } from '@soma/schemas/turn';
import type { AskRequest, ModelDescription, ModelProvider } from '../../port/index.ts';
import { ModelProcess, type ModelProcessOptions } from './model-process.ts';
import { ChatPlace } from './wire.ts';

/** A chat model of the person's own: a GGUF file, and the SHA-256 that it had when it was added. */
export interface ChatFile {
  readonly path: string;
  readonly sha256: string;
  readonly model: string;
  /** Tokens of context and answer together. */
  readonly contextTokens: number;
}

export interface LocalChatOptions extends Pick<ModelProcessOptions, 'start' | 'clock'> {
  readonly file: ChatFile;
  /** A provider that speaks the chat completions protocol at a place: how it does is another adapter's. */
  readonly connect: (place: ChatPlace, file: ChatFile) => ModelProvider;
}

export interface LocalChat {
  readonly provider: ModelProvider;
  close(): Promise<void>;
}

/** The process is not ended while it may still be asked over its port; milliseconds that a timer can hold. */
const NEVER = 2 ** 31 - 1;
/** A large model is read from the disk without a word. */
const LOAD_MS = 10 * 60_000;

const CHATS: Abilities = {
  ...{ completion: 'no', chat: 'yes', schema: 'yes', tools: 'no', vision: 'no', embedding: 'no' },
};

/** A chat model on this computer, in a process of its own. Starts nothing: the process begins with the first turn. */
export function createLocalChat({ file, connect, start, clock }: LocalChatOptions): LocalChat {
  const process = new ModelProcess({ start, clock, idleMs: NEVER, silentMs: LOAD_MS });
  let connected: { readonly place: ChatPlace; readonly provider: ModelProvider } | null = null;

  /** Asked anew each turn: a process that died has started again at another place. */
  const current = async (signal: AbortSignal): Promise<ModelProvider> => {
    const place = ChatPlace.parse(await process.ask({ type: 'chat', ...file }, { signal }));
    if (connected === null || connected.place.key !== place.key)
      connected = { place, provider: connect(place, file) };
    return connected.provider;
  };

  const describe = async (_scope: Scope): Promise<ModelDescription> => ({
    ...{ model: file.model, hash: file.sha256, dimensions: null, abilities: CHATS },
    ...{ contextTokens: file.contextTokens, outputTokens: null },
  });

  return {
    provider: {
      describe,
      ask: async (request) => {
        const unable = wishBeyond(request);
        if (unable !== null) return failed('MODEL_UNABLE', { model: file.model, what: unable });
        try {
          return await (await current(request.signal)).ask(request);
        } catch (error) {
          if (request.signal.aborted) return failed('MODEL_TURN_STOPPED');
          if (error instanceof FaultError) return { ...failed('INTERNAL'), fault: error.fault };
          throw error;
        }
      },
      embed: () => Promise.reject(new FaultError('MODEL_UNABLE', { model: file.model, what: 'embedding' })),
    },
    close: () => process.close(),
  };
}

/** What of a turn a small model on this computer is not given. */
function wishBeyond({ turn: { tools, choice, messages } }: AskRequest): 'tools' | 'vision' | null {
  if (tools.length > 0 && choice !== 'none') return 'tools';
  const parts = messages.flatMap((message) => (message.role === 'user' ? message.parts : []));
  return parts.some(({ type }) => type === 'image') ? 'vision' : null;
}

function failed(code: FailedTurn['fault']['code'], data: FailedTurn['fault']['data'] = {}): FailedTurn {
  const message = { role: 'assistant', parts: [] } as const;
  return {
    ok: false,
    fault: fault(code, data),
    message: { ...message, parts: [] },
    usage: UNKNOWN_USAGE,
    charged: 'no',
  };
}
