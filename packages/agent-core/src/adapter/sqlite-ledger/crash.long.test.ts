import { describe, it } from 'vitest';
import { FAILPOINTS } from '../../failpoint/index.ts';
import { crash, scenarioOf } from '../../testing/crash-scenario.ts';
import { seeded } from '../../testing/random.ts';

const own = FAILPOINTS.filter((name) => /^(ledger|content|documents|folder|database)\./.test(name));
const once = /^(folder|database\.(create|migrate|salvage|quarantine|restore))/;

describe('three generations killed at any place of a durable write leave what they were promised', () => {
  it.concurrent.each(
    own
      .flatMap((name) => [1, 2].map((hit) => ({ name, hit })))
      .filter(({ name, hit }) => hit === 1 || !once.test(name)),
  )('at $name, passed $hit times', async ({ name, hit }) => {
    await crash(scenarioOf(name), { name, hit }, { seed: 100 * hit, generations: 3 });
  });
});

describe('a process killed at any time leaves what it was promised', () => {
  const random = seeded(20261121);
  const kills = Array.from({ length: 50 }, (_, n) => ({ seed: 1000 + n * 3, ms: 100 + random.below(1200) }));

  it.concurrent.each(kills)('after $ms ms, three times in a row, seed $seed', async ({ seed, ms }) => {
    await crash('new', ms, { seed, generations: 3 });
  });
});
