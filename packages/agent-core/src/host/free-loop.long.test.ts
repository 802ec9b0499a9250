import { describe, expect, it } from 'vitest';
import { playFreeLoop } from '../testing/free-loop.ts';

const COUNT = Number(process.env.SOMA_SOAK_CASES ?? 80);
const FROM = Number(process.env.SOMA_SOAK_SEED ?? 1000);

describe('whatever a model, its server and a person do with a free goal', () => {
  it(`its run ends as it should, for ${COUNT} seeds from ${FROM}`, { timeout: COUNT * 20_000 }, async () => {
    const met = { said: 0, allowed: 0, faults: 0, reopened: 0, verified: 0 };
    for (let seed = FROM; seed < FROM + COUNT; seed += 1) {
      const played = await playFreeLoop(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      for (const name of ['said', 'allowed', 'faults', 'reopened'] as const) met[name] += played[name];
      met.verified += played.state === 'verified' ? 1 : 0;
    }
    // A table in which none of it happened would prove nothing.
    if (COUNT >= 40) for (const count of Object.values(met)) expect(count).toBeGreaterThan(0);
  });
});
