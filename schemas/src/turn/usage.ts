import { z } from 'zod';

const Count = z.number().int().min(0).nullable();

/** What a turn took, as its provider counts it. What the provider does not say is null, and nobody makes it up. */
export const TurnUsage = z.object({
  /** Tokens of the context, those from a cache included. */
  input: Count,
  /** Tokens of the answer, reasoning included. */
  output: Count,
  /** Tokens of the context that came from a cache. */
  cached: Count,
  /** Tokens of the answer that were reasoning. */
  reasoning: Count,
  /** US dollars, where the provider itself names what it charged. */
  dollars: z.number().min(0).nullable(),
});
export type TurnUsage = z.infer<typeof TurnUsage>;

/** A usage of which nothing is known. */
export const UNKNOWN_USAGE: TurnUsage = {
  input: null,
  output: null,
  cached: null,
  reasoning: null,
  dollars: null,
};
