import { FaultError } from '@soma/schemas/event';
import type { Llama, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { hashOf } from './hash.ts';

/** Tokens that a context takes at once; no model here counts more of a text. */
const CONTEXT = 512;
/** What a runtime says of a failure is cut here, in characters. */
const SAID = 300;

/** A model in memory. */
export interface LoadedModel {
  /** One vector of length 1. Only so many tokens of the text count, its first and last mark included. */
  embed(text: string, tokens: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Loads a GGUF file whose bytes have this SHA-256, in hex. Rejects with MODEL_UNUSABLE: the file has other bytes (*damaged*) or the
 * runtime does not take it (*load*).
 */
export async function loadModel(path: string, sha256: string): Promise<LoadedModel> {
  await checkFile(path, sha256);
  try {
    const llama = await startRuntime();
    const model = await llama.loadModel({ modelPath: path });
    const context = await model.createEmbeddingContext({
      contextSize: CONTEXT,
      batchSize: CONTEXT,
      // Threads wait for each other at every step: with all cores in use, one busy program slows all of it down many times.
      threads: threadsOf(llama),
    });
    return loaded(model, context, llama);
  } catch (error) {
    throw notLoaded(error);
  }
}

/** Rejects with MODEL_UNUSABLE (*damaged*) where the file has other bytes. */
export async function checkFile(path: string, sha256: string): Promise<void> {
  const found = await hashOf(path, new AbortController().signal).catch(() => null);
  if (found !== sha256) throw new FaultError('MODEL_UNUSABLE', { reason: 'damaged' });
}

/** All cores but one. */
export function threadsOf({ cpuMathCores }: Llama): number {
  return Math.max(1, cpuMathCores - 1);
}

/** MODEL_UNUSABLE (*load*), with the runtime's own words. */
export function notLoaded(error: unknown): FaultError {
  const what = error instanceof Error ? error.message.slice(0, SAID) : 'unknown';
  return new FaultError('MODEL_UNUSABLE', { reason: 'load', what });
}

/** The runtime as it came with the package: nothing is built or fetched, and no graphics card is looked for. */
export async function startRuntime(): Promise<Llama> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  return getLlama({
    build: 'never',
    skipDownload: true,
    gpu: false,
    progressLogs: false,
    logLevel: LlamaLogLevel.disabled,
  });
}

function loaded(model: LlamaModel, context: LlamaEmbeddingContext, llama: Llama): LoadedModel {
  const { bos, sep } = model.tokens;
  return {
    embed: async (text, tokens) => {
      const words = model.tokenize(text, false).slice(0, tokens - 2);
      const marked = [bos, ...words, sep].filter((token): token is Token => token !== null);
      const { vector } = await context.getEmbeddingFor(marked);
      return ofLengthOne(vector);
    },
    dispose: () => llama.dispose(),
  };
}

function ofLengthOne(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => (length > 0 ? value / length : 0));
}
