import type { ModelProvider, ModelStore } from '../../port/index.ts';
import { type KnownModel, MINILM } from './known-model.ts';
import { ModelProcess, type ModelProcessOptions } from './model-process.ts';
import { createLocalProvider } from './provider.ts';
import { LocalModels, type LocalModelsOptions } from './store.ts';

export { type ChatFile, createLocalChat, type LocalChat, type LocalChatOptions } from './chat.ts';
export { type InspectedChat, inspectChatFile } from './inspect.ts';
export type { KnownModel } from './known-model.ts';
export { MINILM } from './known-model.ts';
export type { ModelRun } from './model-process.ts';
export type { ChatPlace, ModelPort } from './wire.ts';

export interface LocalModelOptions
  extends Omit<LocalModelsOptions, 'known' | 'process'>,
    Pick<ModelProcessOptions, 'start' | 'idleMs' | 'silentMs'> {
  /** MiniLM, unless a test brings another. */
  readonly known?: KnownModel;
}

/** The model on this machine: its store, the provider on it, and how to end its process. */
export interface LocalModel {
  readonly store: ModelStore;
  readonly provider: ModelProvider;
  /** Ends what goes on and the process. */
  close(): Promise<void>;
}

/** Starts nothing: the process begins with the first wish. */
export function createLocalModel({ known = MINILM, ...options }: LocalModelOptions): LocalModel {
  const process = new ModelProcess(options);
  const models = new LocalModels({ ...options, known, process });
  return {
    store: models,
    provider: createLocalProvider(known, { models, process }),
    close: async () => {
      await models.end();
      await process.close();
    },
  };
}
