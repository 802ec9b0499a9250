import { z } from 'zod';

/** What is said of a model: it can, it cannot, or nobody has said. */
export const Said = z.enum(['yes', 'no', 'unknown']);
export type Said = z.infer<typeof Said>;

/** Kinds of work that a model may be given. */
export const Ability = z.enum(['completion', 'chat', 'schema', 'tools', 'vision', 'embedding']);
export type Ability = z.infer<typeof Ability>;

export const Abilities = z.record(Ability, Said);
export type Abilities = z.infer<typeof Abilities>;

/** A model of which nothing is known. */
export const UNKNOWN_ABILITIES: Abilities = {
  completion: 'unknown',
  chat: 'unknown',
  schema: 'unknown',
  tools: 'unknown',
  vision: 'unknown',
  embedding: 'unknown',
};
