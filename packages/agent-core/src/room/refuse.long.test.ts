import { expect, it } from 'vitest';
import { attack } from '../testing/intruder.ts';
import { temporaryFolder } from '../testing/local-store.ts';

it('a board stays as it is under 20,000 damaged updates', async () => {
  const home = temporaryFolder();
  const { taken } = await attack({ folder: home.path, count: 20_000, seed: 7 });
  expect(taken).toBeLessThan(10_000);
  home.remove();
});
