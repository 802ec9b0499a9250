import { describe, it } from 'vitest';
import { FAILPOINTS } from '../../failpoint/index.ts';
import { crash, scenarioOf } from '../../testing/crash-scenario.ts';

/** Every durable write there is, but those that come with other rooms and have a table of their own. */
const own = FAILPOINTS.filter((name) => /^(ledger|content|documents|folder|database)\./.test(name));

describe('a process killed at any place of a durable write leaves what it was promised', () => {
  it.concurrent.each(own)('at %s', async (name) => {
    await crash(scenarioOf(name), { name, hit: 1 }, { seed: 1, generations: 1 });
  });
});
