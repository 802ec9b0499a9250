import { modelAt } from '../../testing/asked-model.ts';
import { modelProviderConformance } from '../../testing/model-provider-conformance.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';

modelProviderConformance('a model at a compatible endpoint', async () => {
  const endpoint = await new ScriptedEndpoint().open();
  return {
    provider: modelAt(endpoint),
    next: (answer) =>
      endpoint.scripts.push(
        answer === 'short' ? { text: 'Hello to you.' } : { text: 'and so it flows '.repeat(500), pace: 5 },
      ),
    embeds: true,
    close: () => endpoint.close(),
  };
});
