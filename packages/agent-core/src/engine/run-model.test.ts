import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelGround, openGround, play } from '../testing/run-model.ts';

/** More, and others, with SOMA_MODEL_SEEDS and SOMA_MODEL_FROM. */
const SEEDS = Number(process.env['SOMA_MODEL_SEEDS'] ?? 1000);
const FROM = Number(process.env['SOMA_MODEL_FROM'] ?? 1);
const PARTS = 10;

let ground: ModelGround;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

describe('whatever people, tools and a dying process do to runs, each ends as it should, for seeds', () => {
  it.each(Array.from({ length: PARTS }, (_, part) => part))(
    'of part %i',
    { timeout: 600_000 },
    async (part) => {
      const failures: string[] = [];
      let revisions = 0;
      for (let seed = FROM + part; seed < FROM + SEEDS; seed += PARTS) {
        const played = await play(ground, { seed }).catch((error: unknown) => failures.push(String(error)));
        if (typeof played === 'object') revisions += played.revisions;
        if (failures.length >= 5) break;
      }
      expect(failures).toEqual([]);
      if (SEEDS >= 1000) expect(revisions).toBeGreaterThan(0);
    },
  );
});
