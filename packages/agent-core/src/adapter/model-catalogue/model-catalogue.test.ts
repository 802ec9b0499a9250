import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../model-openai/endpoints.table.ts';
import { packagedCatalogue, readCatalogue } from './index.ts';

const entry = {
  endpoint: 'other',
  model: 'm',
  contextTokens: null,
  outputTokens: null,
  price: { input: null, output: null, cached: null },
  abilities: {
    ...{ completion: 'unknown', chat: 'yes', schema: 'unknown' },
    ...{ tools: 'unknown', vision: 'unknown', embedding: 'unknown' },
  },
  licence: null,
  source: { name: 'a page', read: '2026-11-21' },
};

describe('the packaged catalogue of models', () => {
  const catalogue = packagedCatalogue();

  it('names for every model where its values were read, and the day', () => {
    expect(catalogue.models.length).toBeGreaterThan(50);
    for (const { source } of catalogue.models) {
      expect(source.name).toMatch(/^PyPI [a-z0-9-]+ \d+\.\d+\.\d+, /);
      expect(source.read).toMatch(/^2026-/);
    }
  });

  it('knows models by the endpoints that the product can speak to', () => {
    const endpoints = new Set([...ENDPOINTS.map(({ id }) => id), 'anthropic', 'google', 'local']);
    expect(catalogue.models.filter(({ endpoint }) => !endpoints.has(endpoint))).toEqual([]);
  });

  it('finds a model at its endpoint and at no other', () => {
    expect(catalogue.find('openai', 'gpt-4o-mini')).toMatchObject({
      contextTokens: 128_000,
      price: { input: 0.15, output: 0.6 },
      abilities: { tools: 'yes', completion: 'unknown' },
    });
    expect(catalogue.find('groq', 'gpt-4o-mini')).toBeNull();
    expect(catalogue.find('openai', 'constructor')).toBeNull();
  });

  it('never says that a model cannot do what its source is silent about', () => {
    const said = catalogue.models.flatMap(({ abilities }) => Object.values(abilities));
    expect(new Set(said)).toEqual(new Set(['yes', 'unknown']));
  });
});

describe('a catalogue', () => {
  it('is refused whole when a model stands in it twice or without a source', () => {
    expect(readCatalogue({ version: 1, models: [entry] }).models).toHaveLength(1);
    expect(() => readCatalogue({ version: 1, models: [entry, entry] })).toThrow('twice');
    const { source: _, ...without } = entry;
    expect(() => readCatalogue({ version: 1, models: [without] })).toThrow();
    expect(() => readCatalogue({ version: 2, models: [] })).toThrow();
  });
});
