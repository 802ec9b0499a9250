import { join } from 'node:path';
import { expect, it } from 'vitest';
import { damage, makeSpecimen } from '../../testing/damage-scenario.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { seeded } from '../../testing/random.ts';

it.each([
  { wal: false, backup: false },
  { wal: false, backup: true },
  { wal: true, backup: false },
  { wal: true, backup: true },
])('of 500 damaged places none changes an answer in silence: %j', async (kind) => {
  const { path, remove } = temporaryFolder();
  try {
    const specimen = await makeSpecimen(join(path, 'specimen'), kind);
    const random = seeded(20261121);
    const seen = { unharmed: 0, refused: 0, mended: 0 };
    let lost = 0;
    for (let n = 0; n < 500; n++) {
      const one = await damage(specimen, random, join(path, 'copy'));
      seen[one.behaviour] += 1;
      lost += one.lost;
    }
    expect(seen.mended).toBeGreaterThan(166);
    // Most of what can still be read is kept; a log that is cut off takes its end with it.
    expect(seen.refused).toBeLessThan(50);
    expect(lost / 500 / specimen.events).toBeLessThan(kind.wal ? 0.4 : 0.2);
  } finally {
    remove();
  }
});
