import { Catalogue, type CatalogueEntry } from '@soma/schemas/turn';
import packaged from './catalogue.json' with { type: 'json' };

/** What is known of models, by endpoint and name. */
export interface ModelCatalogue {
  /** Null where nothing was read of this model at this endpoint: then its context, price and abilities are unknown. */
  find(endpoint: string, model: string): CatalogueEntry | null;
  readonly models: readonly CatalogueEntry[];
}

/** The catalogue that a build comes with. */
export function packagedCatalogue(): ModelCatalogue {
  return readCatalogue(packaged);
}

/** Takes a catalogue whole or not at all: rejects with a ZodError what is none, and what has a model twice. */
export function readCatalogue(data: unknown): ModelCatalogue {
  const { models } = Catalogue.parse(data);
  const known = new Map(models.map((entry) => [keyOf(entry.endpoint, entry.model), entry]));
  return { models, find: (endpoint, model) => known.get(keyOf(endpoint, model)) ?? null };
}

function keyOf(endpoint: string, model: string): string {
  return `${endpoint}\n${model}`;
}
