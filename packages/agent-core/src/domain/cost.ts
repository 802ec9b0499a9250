import type { ModelPrice, TurnUsage } from '@soma/schemas/turn';

/** Tokens that a price is for. */
const MILLION = 1_000_000;

/**
 * US dollars for a turn: what its provider says that it charged, else its tokens by the price of the model. Null where either is unknown,
 * which is not free.
 */
export function dollarsOf(price: ModelPrice, { input, output, cached, dollars }: TurnUsage): number | null {
  if (dollars !== null) return dollars;
  if (input === null || output === null || price.input === null || price.output === null) return null;
  const fromCache = price.cached === null ? 0 : Math.min(cached ?? 0, input);
  const read = (input - fromCache) * price.input + fromCache * (price.cached ?? 0);
  return (read + output * price.output) / MILLION;
}

/** Tokens that a call may take at most: those of its context as far as they can be told beforehand, of its answer, and how often it asks. */
export interface MostTokens {
  readonly input: number;
  readonly output: number;
  readonly requests: number;
}

/** The most US dollars that a call can cost; null where its price is unknown, and nothing on the person's own computer. */
export function mostDollars(
  { price, local }: { readonly price: ModelPrice; readonly local: boolean },
  { input, output, requests }: MostTokens,
): number | null {
  if (local) return 0;
  if (price.input === null || price.output === null) return null;
  return (requests * (input * price.input + output * price.output)) / MILLION;
}

/** The usage of several requests together; a count that one of them does not say is unknown of all. */
export function sumUsage(all: readonly TurnUsage[]): TurnUsage {
  const sum = (name: keyof TurnUsage) =>
    all.reduce<number | null>(
      (total, usage) => (total === null || usage[name] === null ? null : total + usage[name]),
      0,
    );
  return {
    input: sum('input'),
    output: sum('output'),
    cached: sum('cached'),
    reasoning: sum('reasoning'),
    dollars: sum('dollars'),
  };
}
