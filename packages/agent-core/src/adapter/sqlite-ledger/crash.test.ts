import { describe, it } from 'vitest';
import { FAILPOINTS } from '../../failpoint/index.ts';
import { crash, scenarioOf } from '../../testing/crash-scenario.ts';

/** Every write of ledger and contents; crash.long.test.ts has those of migrations, backups and mending as well. */
const own = FAILPOINTS.filter((name) => /^(ledger|content)\./.test(name));

describe('a process killed at any place of a durable write leaves what it was promised', () => {
  it.concurrent.each(own)('at %s', async (name) => {
    await crash(scenarioOf(name), { name, hit: 1 }, { seed: 1, generations: 1 });
  });
});
