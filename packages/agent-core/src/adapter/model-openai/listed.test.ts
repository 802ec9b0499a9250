import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptSecrets, modelAt } from '../../testing/asked-model.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';
import { systemClock } from '../system/index.ts';
import { createOpenAIModel, ENDPOINTS, endpointOf, listModels } from './index.ts';

const scope = scopeOf();
const signal = new AbortController().signal;
let endpoint: ScriptedEndpoint;
beforeEach(async () => {
  endpoint = await new ScriptedEndpoint().open();
});
afterEach(async () => {
  await endpoint.close();
});

describe('what an endpoint says of its models', () => {
  const at = async (id: string, entry: Record<string, unknown>) => {
    await endpoint.close();
    endpoint = await new ScriptedEndpoint({ models: { 'scripted-1': entry } }).open();
    return modelAt(endpoint, { endpoint: id }).describe(scope);
  };

  it('is taken as it stands in its list, and the rest stays unknown', async () => {
    expect(await at('other', { context_length: 9 })).toEqual({
      ...{ model: 'scripted-1', hash: null, dimensions: null, contextTokens: null, outputTokens: null },
      abilities: {
        ...{ completion: 'unknown', chat: 'unknown', schema: 'unknown' },
        ...{ tools: 'unknown', vision: 'unknown', embedding: 'unknown' },
      },
    });
    expect(
      await at('openrouter', {
        context_length: 131_072,
        top_provider: { max_completion_tokens: 8192 },
        supported_parameters: ['tools', 'temperature'],
        architecture: { input_modalities: ['text', 'image'] },
      }),
    ).toMatchObject({
      ...{ contextTokens: 131_072, outputTokens: 8192 },
      abilities: { tools: 'yes', schema: 'no', vision: 'yes', chat: 'unknown' },
    });
    expect(await at('vllm', { max_model_len: 4096 })).toMatchObject({
      contextTokens: 4096,
      outputTokens: null,
    });
    expect(await at('llamacpp', { meta: { n_ctx_train: 4096 } })).toMatchObject({ contextTokens: null });
  });

  it('is what all can who may answer', async () => {
    const one = { context_length: 8000, supports_tools: true, supports_structured_output: true };
    const other = { context_length: 4000, supports_tools: true, supports_structured_output: false };
    expect(await at('huggingface', { providers: [one, other] })).toMatchObject({
      ...{ contextTokens: 4000, abilities: { tools: 'yes', schema: 'no' } },
    });
    expect(await at('huggingface', { providers: [one, { supports_tools: true }] })).toMatchObject({
      ...{ contextTokens: null, abilities: { tools: 'yes', schema: 'unknown' } },
    });
  });

  it('is nothing where the list is whole and the model is not in it', async () => {
    expect(await modelAt(endpoint, { endpoint: 'ollama', model: 'gone' }).describe(scope)).toBeNull();
    expect(await modelAt(endpoint, { endpoint: 'litellm', model: 'gone' }).describe(scope)).toMatchObject({
      model: 'gone',
    });
  });

  it('is found by the name that Ollama lists it under', async () => {
    await endpoint.close();
    endpoint = await new ScriptedEndpoint({ models: { 'llama3:latest': {} } }).open();
    const options = { endpoint: 'ollama', address: endpoint.address, secret: null, clock: systemClock };
    const model = createOpenAIModel({ ...options, model: 'llama3', secrets: keptSecrets({}) });
    expect(await model.describe(scope)).toMatchObject({ model: 'llama3' });
    const listed = await listModels({ ...options, secrets: keptSecrets({}) }, { scope, signal });
    expect(listed).toEqual(['llama3:latest']);
  });

  it.each([
    [{ status: 200, body: '<html></html>' }, { reason: 'html' }],
    [{ status: 200, body: { data: [{ name: 'no id' }] } }, { reason: 'shape' }],
    [{ status: 200, body: { hello: 1 } }, { reason: 'shape' }],
    [{ status: 404, body: { detail: 'Not Found' } }, { reason: 'path' }],
  ])('is a fault where it is no list: %j', async (script, data) => {
    endpoint.scripts.push(script);
    await expect(modelAt(endpoint).describe(scope)).rejects.toMatchObject({
      fault: { code: 'MODEL_ANSWER_INVALID', data },
    });
  });
});

describe('vectors', () => {
  it('come in batches, in the order of the texts', async () => {
    const texts = Array.from({ length: 130 }, (_, index) => 'x'.repeat(index + 1));
    const vectors = await modelAt(endpoint).embed({ scope, texts, signal });
    expect(endpoint.asked).toHaveLength(3);
    expect(vectors.map(([first]) => first)).toEqual(
      vectors.map(([first]) => first).toSorted((a = 0, b = 0) => a - b),
    );
  });

  it.each([
    { data: [] },
    { data: [{ embedding: [1, 2] }, { embedding: [1, 2] }] },
    { data: [{ embedding: [] }] },
    { data: [{ embedding: [0, 0] }] },
    { data: [{ embedding: ['a'] }] },
    { data: [{ index: 7, embedding: [1] }] },
    { hello: 1 },
  ])('are refused where they are not those of the texts: %j', async (body) => {
    endpoint.scripts.push({ status: 200, body });
    await expect(modelAt(endpoint).embed({ scope, texts: ['a'], signal })).rejects.toMatchObject({
      fault: { code: 'MODEL_ANSWER_INVALID', data: { reason: 'vectors' } },
    });
  });
});

describe('the table of endpoints', () => {
  it('says of each where it was read, and where it is', () => {
    expect(ENDPOINTS.map(({ id }) => id)).toEqual([
      ...['openai', 'groq', 'huggingface', 'openrouter', 'google', 'litellm', 'ollama'],
      ...['lmstudio', 'llamacpp', 'vllm', 'jan', 'other'],
    ]);
    for (const { id, address, sources, local } of ENDPOINTS) {
      expect(sources.length).toBeGreaterThan(0);
      for (const { name, read: day } of sources) expect(`${name} ${day}`).toMatch(/.{5,} \d{4}-\d\d-\d\d$/);
      if (id !== 'other') expect(new URL(address).protocol).toBe(local ? 'http:' : 'https:');
    }
  });

  it('has one that is spoken to as all have in common', () => {
    expect(endpointOf('never heard of').id).toBe('other');
  });

  it.each([
    '',
    'ollama',
    'ftp://host/v1',
    'http://me:secret@host/v1',
    'http://host/v1?key=1',
    'http://host/#a',
  ])('takes no address such as "%s"', (address) => {
    expect(() => modelAt({ address })).toThrow('INVALID_INPUT');
  });
});
