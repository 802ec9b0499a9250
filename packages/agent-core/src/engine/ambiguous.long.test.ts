import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOSSES, PORT_USES, playLoss } from '../testing/ambiguous-scenario.ts';
import { type ModelGround, openGround } from '../testing/run-model.ts';

/** Cases in which a use was really struck: the floor, or more with SOMA_SOAK_CASES. */
const CASES = Number(process.env['SOMA_SOAK_CASES'] ?? 520);
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 100_000);

let ground: ModelGround;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

it('an answer of any port that is lost, late, given twice or never comes, with the clock set to and fro, does no effect twice and stops no run', {
  timeout: 3_600_000,
}, async () => {
  const began = performance.now();
  const struck = new Map<string, number>();
  const failures: string[] = [];
  let cases = 0;
  for (let seed = SEED; cases < CASES && failures.length < 5; seed += 1) {
    const use = PORT_USES[seed % PORT_USES.length];
    const loss = LOSSES[Math.floor(seed / PORT_USES.length) % LOSSES.length];
    // A call made twice is the caller's doing, never a tool's.
    if (use === undefined || loss === undefined || (use.startsWith('tool.') && loss === 'twice')) continue;
    try {
      if (!(await playLoss(ground, { use, loss, seed })).struck) continue;
      cases += 1;
      struck.set(`${use} ${loss}`, (struck.get(`${use} ${loss}`) ?? 0) + 1);
    } catch (error) {
      failures.push(`${use} ${loss}: ${String(error)}`);
    }
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`ambiguous answers: ${cases} cases in ${seconds} s over ${struck.size} kinds\n`);
  expect(failures).toEqual([]);
  expect(cases).toBeGreaterThanOrEqual(500);
  expect(struck.size).toBeGreaterThanOrEqual(PORT_USES.length * 3);
});
