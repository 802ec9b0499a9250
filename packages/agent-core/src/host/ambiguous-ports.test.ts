import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_USES, playHostLoss } from '../testing/ambiguous-hosts.ts';
import { openStoreGround, playStoreLoss, STORE_USES, type StoreGround } from '../testing/ambiguous-stores.ts';

/** One of each; the whole table stands in ambiguous-ports.long.test.ts. */
describe('an answer of a port that is lost, though it was done', () => {
  let ground: StoreGround;
  beforeAll(async () => {
    ground = await openStoreGround();
  });
  afterAll(() => ground.close());

  it.each(STORE_USES)('loses nothing and does nothing twice in a store: %s', async (use) => {
    expect(await playStoreLoss(ground, { use, loss: 'lost', seed: 2 })).toEqual({ struck: true });
  });

  it.each(HOST_USES)('leaves no run without its end, on the board or with others: %s', async (use) => {
    expect(await playHostLoss({ use, loss: 'lost', seed: 1 })).toEqual({ struck: true });
  });
});
