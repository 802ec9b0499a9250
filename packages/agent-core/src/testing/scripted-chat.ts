import { createOpenAIModel } from '../adapter/model-openai/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { ChatModel, ChatModels } from '../port/index.ts';
import { type Script, ScriptedEndpoint } from './scripted-endpoint.ts';

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

/** Passed everything and lies on this computer, unless `as` says otherwise. */
export async function openScriptedChat(as: Partial<ChatModel> = {}): Promise<ScriptedChat> {
  const name = as.model ?? 'scripted-1';
  const endpoint = new ScriptedEndpoint({ models: { [name]: {} } });
  await endpoint.open();
  const { address } = endpoint;
  const provider = createOpenAIModel({
    ...{ endpoint: 'other', address, model: name, clock: systemClock },
    ...{ secret: null, secrets: { get: () => Promise.resolve(null) } },
  });
  const model: ChatModel = {
    ...{ id: `m-${name}`, model: name, endpoint: 'other', address, local: true, provider },
    ...{ price: { input: null, output: null, cached: null }, contextTokens: 32_000, outputTokens: null },
    passed: ['schema', 'tool-choice', 'summary', 'refusal'],
    ...as,
  };
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

/** These and no others, in this order. */
export function chatOf(...models: readonly ChatModel[]): ChatModels {
  return { list: () => models };
}
