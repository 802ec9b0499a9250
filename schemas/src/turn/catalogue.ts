import { z } from 'zod';
import { Abilities } from './ability.ts';

/** Where a value was read, and the day. */
export const Source = z.object({ name: z.string().min(1), read: z.iso.date() });
export type Source = z.infer<typeof Source>;

const tokens = z.number().int().min(1).nullable();
const dollars = z.number().min(0).nullable();

/** US dollars for a million tokens. Null is unknown, which is not free. */
export const ModelPrice = z.object({ input: dollars, output: dollars, cached: dollars });
export type ModelPrice = z.infer<typeof ModelPrice>;

/**
 * What is known of a model at one endpoint. Every value stands in the source it names; what was not read there is null or *unknown*,
 * and an unknown price means that a person is asked.
 */
export const CatalogueEntry = z.object({
  /** An endpoint's id, or `local` for a file on this computer. */
  endpoint: z.string().min(1).max(80),
  model: z.string().min(1).max(200),
  contextTokens: tokens,
  outputTokens: tokens,
  price: ModelPrice,
  abilities: Abilities,
  /** SPDX name of the weights' licence. */
  licence: z.string().min(1).nullable(),
  source: Source,
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

/** A model stands in it once an endpoint. */
export const Catalogue = z.object({
  version: z.literal(1),
  models: z.array(CatalogueEntry).refine(isDistinct, { error: 'a model stands twice' }),
});
export type Catalogue = z.infer<typeof Catalogue>;

function isDistinct(models: readonly { readonly endpoint: string; readonly model: string }[]): boolean {
  return new Set(models.map(({ endpoint, model }) => `${endpoint}\n${model}`)).size === models.length;
}
