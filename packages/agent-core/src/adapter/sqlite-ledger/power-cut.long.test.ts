import { afterAll, describe, expect, it } from 'vitest';
import { type Flushes, PowerCuts, RECORDED, recordWork } from '../../testing/power-cut-scenario.ts';

/** What must be played at least, and what is when nothing else is asked for. */
const FLOOR = 300;
const CASES = Number(process.env['SOMA_SOAK_CASES'] ?? 400);
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 1);

/** Cuts of one recorded child. */
const CUTS = 80;

const recordings = Array.from({ length: Math.ceil(CASES / CUTS) }, (_, n) => {
  const kind = RECORDED[n % RECORDED.length] ?? 'new';
  return { kind, seed: 1000 * SEED + 10 * n, cuts: Math.min(CUTS, CASES - n * CUTS) };
});
let played = 0;

afterAll(() => {
  process.stdout.write(`power cuts: ${played}\n`);
  expect(played).toBeGreaterThanOrEqual(Math.min(FLOOR, CASES));
});

describe('whenever the power fails, what was acknowledged is there', () => {
  it.each(recordings)(
    'of a child that found: $kind, seed $seed, $cuts times',
    async ({ kind, seed, cuts }) => {
      const specimen = await recordWork(kind, seed);
      // Otherwise the trace would not be understood.
      expect(specimen.trace.after.files()).toEqual(specimen.left.files());
      const power = new PowerCuts(specimen);
      for (let n = 0; n < cuts; n++) {
        await power.judge(100_000 * seed + n);
        played += 1;
      }
    },
  );
});

describe('a disk that says it flushed and did not', () => {
  it.each<{ flushes: Flushes }>([{ flushes: 'none' }, { flushes: 'files' }, { flushes: 'folders' }])(
    'and flushes $flushes only loses what was acknowledged, and is found out',
    async ({ flushes }) => {
      const power = new PowerCuts(await recordWork('new', 7), flushes);
      const found: unknown[] = [];
      for (let seed = 0; seed < 40; seed++) {
        await power.judge(seed).catch((error: Error) => found.push(error.cause));
      }
      expect(
        found.filter((cause) => /^expected \[\] to deeply equal/.test(String(Object(cause).message))),
      ).not.toEqual([]);
    },
  );
});
