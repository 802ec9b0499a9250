import { createOpenAIModel } from '../adapter/model-openai/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { ChatModel, ChatModels } from '../port/index.ts';
import type { Script } from './endpoint-script.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

/** A server that says what a test tells it, as a model a person added and examined. */
export interface ScriptedChat {
  readonly endpoint: ScriptedEndpoint;
  readonly model: ChatModel;
  /** What its next requests are answered, each a value that is sent as JSON. */
  says(...answers: readonly unknown[]): void;
  /** The words of the messages of a request, in order. */
  asked(index: number): string;
  close(): Promise<void>;
}

/** A server for `openScriptedChat`; `otherwise` is what it answers when nothing is left that it was told to say. */
export interface ScriptedChatOptions extends Partial<ChatModel> {
  readonly otherwise?: (words: string) => unknown;
}

/** Passed everything and lies on this computer, unless `as` says otherwise. */
export async function openScriptedChat({
  otherwise,
  ...as
}: ScriptedChatOptions = {}): Promise<ScriptedChat> {
  const name = as.model ?? 'scripted-1';
  const endpoint = new ScriptedEndpoint({
    models: { [name]: {} },
    ...(otherwise !== undefined && {
      otherwise: (words: string) => ({ text: JSON.stringify(otherwise(words)) }),
    }),
  });
  await endpoint.open();
  const model = chatModelAt(endpoint.address, { ...as, model: name });
  return {
    endpoint,
    model,
    says: (...answers) => {
      endpoint.scripts.push(...answers.map((answer): Script => ({ text: JSON.stringify(answer) })));
    },
    asked: (index) => JSON.stringify(endpoint.asked[index]?.body ?? null),
    close: () => endpoint.close(),
  };
}

/** The model behind such a server, also for another process. */
export function chatModelAt(address: string, as: Partial<ChatModel> = {}): ChatModel {
  const name = as.model ?? 'scripted-1';
  const provider = createOpenAIModel({
    ...{ endpoint: 'other', address, model: name, clock: systemClock },
    ...{ secret: null, secrets: { get: () => Promise.resolve(null) } },
  });
  return {
    ...{ id: `m-${name}`, model: name, endpoint: 'other', address, local: true, provider },
    ...{ price: { input: null, output: null, cached: null }, contextTokens: 32_000, outputTokens: null },
    passed: ['schema', 'tool-choice', 'summary', 'refusal'],
    ...as,
  };
}

/** These and no others, in this order. */
export function chatOf(...models: readonly ChatModel[]): ChatModels {
  return { list: () => models };
}
