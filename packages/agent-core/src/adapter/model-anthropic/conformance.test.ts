import { keptSecrets, PLANTED } from '../../testing/asked-model.ts';
import { modelProviderConformance } from '../../testing/model-provider-conformance.ts';
import { ScriptedMessages } from '../../testing/scripted-messages.ts';
import { systemClock } from '../system/index.ts';
import { createAnthropicModel } from './index.ts';

modelProviderConformance('a model behind the Messages API', async () => {
  const endpoint = await new ScriptedMessages({ key: PLANTED }).open();
  return {
    provider: createAnthropicModel({
      ...{ address: endpoint.address, model: 'claude-scripted', clock: systemClock },
      ...{ secret: 'key', secrets: keptSecrets({ key: PLANTED }), contextTokens: null, outputTokens: null },
    }),
    next: (answer) =>
      endpoint.scripts.push(
        answer === 'short' ? { text: 'Hello to you.' } : { text: 'and so it flows '.repeat(500), pace: 5 },
      ),
    embeds: false,
    close: () => endpoint.close(),
  };
});
