import {
  type ChatFile,
  createLocalChat,
  type LocalChat,
  type ModelRun,
} from '../adapter/model-local/index.ts';
import { createOpenAIModel } from '../adapter/model-openai/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { keptSecrets } from './asked-model.ts';
import { modelChild } from './model-runs.ts';

/** A chat model in a process of its own, spoken to by the adapter that speaks to every endpoint: as a composition puts them together. */
export function openLocalChat(file: ChatFile, start: () => ModelRun = modelChild): LocalChat {
  return createLocalChat({
    ...{ file, start, clock: systemClock },
    connect: ({ address, key }, { model }) =>
      createOpenAIModel({
        ...{ endpoint: 'other', address, model, clock: systemClock },
        ...{ secret: 'chat', secrets: keptSecrets({ chat: key }) },
      }),
  });
}
