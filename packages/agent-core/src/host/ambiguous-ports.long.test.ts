import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOST_USES, playHostLoss } from '../testing/ambiguous-hosts.ts';
import { openStoreGround, playStoreLoss, STORE_USES, type StoreGround } from '../testing/ambiguous-stores.ts';
import { LOSSES } from '../testing/struck-port.ts';

/** Cases in which a use was really struck, of stores and hosts together, or more with SOMA_SOAK_CASES. */
const CASES = Number(process.env['SOMA_SOAK_CASES'] ?? 110);
const SEED = Number(process.env['SOMA_SOAK_SEED'] ?? 1);
const USES = [...STORE_USES, ...HOST_USES];

let ground: StoreGround;
beforeAll(async () => {
  ground = await openStoreGround();
});
afterAll(() => ground.close());

it('an answer of a document store, a text, a memory, the board or another run that is lost, late, given twice or never comes loses nothing', {
  timeout: 3_600_000,
}, async () => {
  const began = performance.now();
  const struck = new Map<string, number>();
  const failures: string[] = [];
  let cases = 0;
  for (let seed = SEED; cases < CASES && failures.length < 5; seed += 1) {
    for (const use of USES)
      for (const loss of LOSSES) {
        try {
          if (!(await play(use, loss, seed)).struck) continue;
          cases += 1;
          struck.set(`${use} ${loss}`, (struck.get(`${use} ${loss}`) ?? 0) + 1);
        } catch (error) {
          failures.push(`${use} ${loss} seed ${seed}: ${String(error)}`);
        }
      }
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `ambiguous answers of other ports: ${cases} cases in ${seconds} s over ${struck.size} kinds\n`,
  );
  expect(failures).toEqual([]);
  expect(cases).toBeGreaterThanOrEqual(CASES);
  expect(struck.size).toBe(USES.length * LOSSES.length);
});

function play(
  use: (typeof USES)[number],
  loss: (typeof LOSSES)[number],
  seed: number,
): Promise<{ struck: boolean }> {
  const host = HOST_USES.find((one) => one === use);
  const store = STORE_USES.find((one) => one === use);
  if (host !== undefined) return playHostLoss({ use: host, loss, seed });
  if (store === undefined) throw new Error(`no port is used so: ${use}`);
  return playStoreLoss(ground, { use: store, loss, seed });
}
