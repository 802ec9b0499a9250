/** Numbers that look random and are the same for the same seed: `below(n)` answers an integer from 0 to n - 1. */
export interface Random {
  below(limit: number): number;
}

/** Mulberry32, a generator of 32 bits. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
    },
  };
}
