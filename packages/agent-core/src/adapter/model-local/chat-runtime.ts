import type { ChatHistoryItem, GbnfJsonObjectSchema, Llama, LlamaChat } from 'node-llama-cpp';
import { checkFile, notLoaded, startRuntime, threadsOf } from './runtime.ts';
import type { ChatWish } from './wire.ts';

/** Tokens that are left for an answer at least: a context that fills more is too long. */
const ROOM = 16;

/** What is asked of a chat. */
export interface ChatRequest {
  readonly history: ChatHistoryItem[];
  readonly maxTokens: number | null;
  readonly temperature: number;
  /** A JSON Schema that the answer is held to. */
  readonly schema: unknown;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

export type ChatEnd =
  | { readonly ok: true; readonly finish: 'stop' | 'length'; readonly input: number; readonly output: number }
  /** The context does not fit: so many tokens, of so many. */
  | { readonly ok: false; readonly input: number }
  /** The schema is none that a grammar can be made of. */
  | { readonly ok: false; readonly input: null };

/** A chat model in memory. It answers one after the other. */
export interface LoadedChat {
  readonly contextTokens: number;
  ask(request: ChatRequest): Promise<ChatEnd>;
}

/** Loads a GGUF file whose bytes have this SHA-256, in hex. Rejects with MODEL_UNUSABLE. */
export async function loadChat({ path, sha256, contextTokens }: ChatWish): Promise<LoadedChat> {
  await checkFile(path, sha256);
  try {
    const { LlamaChat: Chat } = await import('node-llama-cpp');
    const llama = await startRuntime();
    const model = await llama.loadModel({ modelPath: path });
    const contextSize = Math.min(contextTokens, model.trainContextSize);
    const context = await model.createContext({ contextSize, sequences: 1, threads: threadsOf(llama) });
    const chat = new Chat({ contextSequence: context.getSequence() });
    let queue: Promise<unknown> = Promise.resolve();
    return {
      contextTokens: contextSize,
      ask: (request) => {
        const turn = queue.then(() => answer({ chat, llama, contextSize }, request));
        queue = turn.catch(() => undefined);
        return turn;
      },
    };
  } catch (error) {
    throw notLoaded(error);
  }
}

interface Loaded {
  readonly chat: LlamaChat;
  readonly llama: Llama;
  readonly contextSize: number;
}

async function answer({ chat, llama, contextSize }: Loaded, request: ChatRequest): Promise<ChatEnd> {
  const { history, temperature, signal, schema, maxTokens, onText } = request;
  signal.throwIfAborted();
  const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: history });
  const input = contextText.tokenize(chat.model.tokenizer).length;
  // The runtime would drop the oldest messages and say nothing of it.
  const room = contextSize - input;
  if (room < ROOM) return { ok: false, input };
  const grammar = isSchema(schema) ? await grammarOf(llama, schema) : undefined;
  if (schema !== null && grammar === undefined) return { ok: false, input: null };
  let output = 0;
  const { metadata } = await chat.generateResponse(history, {
    signal,
    temperature,
    maxTokens: Math.min(maxTokens ?? room, room - 1),
    ...(grammar === undefined ? {} : { grammar }),
    onTextChunk: onText,
    onToken: (tokens) => {
      output += tokens.length;
    },
  });
  return { ok: true, finish: metadata.stopReason === 'maxTokens' ? 'length' : 'stop', input, output };
}

function grammarOf(llama: Llama, schema: GbnfJsonObjectSchema) {
  return llama.createGrammarForJsonSchema(schema).catch(() => undefined);
}

/** An object, as an answer of several values is; what else the runtime does not know in it, it refuses itself. */
function isSchema(value: unknown): value is GbnfJsonObjectSchema {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'object';
}
