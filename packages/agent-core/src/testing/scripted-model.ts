import { createHash } from 'node:crypto';
import { FaultError, fault } from '@soma/schemas/event';
import { type TurnAnswer, UNKNOWN_ABILITIES, UNKNOWN_USAGE } from '@soma/schemas/turn';
import type { EmbedRequest, ModelDescription, ModelProvider } from '../port/index.ts';

const DIMENSIONS = 384;
const WORDS = {
  model: 'scripted-words',
  abilities: { ...UNKNOWN_ABILITIES, chat: 'no', embedding: 'yes' },
  contextTokens: null,
  outputTokens: null,
} as const;

export interface ScriptedModelOptions {
  /** Words that mean the same, a list each; the first stands for all. */
  readonly alike?: readonly (readonly string[])[];
}

/**
 * A stand-in for an embedding model, for tests alone and labelled so: it serves the port, but its vectors are the words of a text hashed
 * into 384 places, words said to mean the same into one. It says nothing about quality; the real model's tests do.
 */
export class ScriptedModel implements ModelProvider {
  /** Every text that was embedded, in order. */
  readonly embedded: string[] = [];
  /** What answers MODEL_ABSENT or MODEL_UNUSABLE instead of vectors. */
  fault: 'MODEL_ABSENT' | 'MODEL_UNUSABLE' | null = null;
  /** SHA-256 of the weights it says it uses. */
  weights = 'a'.repeat(64);
  readonly #same: ReadonlyMap<string, string>;
  #held: Promise<void> = Promise.resolve();

  constructor({ alike = [] }: ScriptedModelOptions = {}) {
    this.#same = new Map(alike.flatMap((words) => words.map((word) => [word, words[0] ?? word] as const)));
  }

  /** Answers nothing until what this returns is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  }

  describe(): Promise<ModelDescription | null> {
    const here = this.fault !== 'MODEL_ABSENT';
    return Promise.resolve(here ? { ...WORDS, hash: this.weights, dimensions: DIMENSIONS } : null);
  }

  /** It makes vectors alone; the scripted endpoint answers turns. */
  ask(): Promise<TurnAnswer> {
    return Promise.resolve({
      ok: false,
      fault: fault('MODEL_UNABLE', { model: WORDS.model, what: 'chat' }),
      message: { role: 'assistant', parts: [] },
      usage: UNKNOWN_USAGE,
      charged: 'no',
    });
  }

  async embed({ texts, signal }: EmbedRequest): Promise<readonly Float32Array[]> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    await Promise.race([this.#held, aborted]);
    if (this.fault !== null) throw new FaultError(this.fault, {});
    this.embedded.push(...texts);
    return texts.map((text) => this.#vectorOf(text));
  }

  #vectorOf(text: string): Float32Array {
    const vector = new Float32Array(DIMENSIONS);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const place = createHash('sha256')
        .update(this.#same.get(word) ?? word)
        .digest()
        .readUInt32BE();
      vector[place % DIMENSIONS] = 1;
    }
    const length = Math.hypot(...vector);
    return length === 0 ? vector : vector.map((value) => value / length);
  }
}
