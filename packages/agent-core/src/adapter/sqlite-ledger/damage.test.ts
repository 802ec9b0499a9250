import { join } from 'node:path';
import { expect, it } from 'vitest';
import { damage, makeSpecimen } from '../../testing/damage-scenario.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { seeded } from '../../testing/random.ts';

it.each([
  { wal: false, backup: false },
  { wal: true, backup: false },
  { wal: true, backup: true },
])('a damaged byte never changes an answer in silence: %j', async (kind) => {
  const { path, remove } = temporaryFolder();
  try {
    const specimen = await makeSpecimen(join(path, 'specimen'), kind);
    const random = seeded(7);
    const seen = { unharmed: 0, refused: 0, mended: 0 };
    let lost = 0;
    for (let n = 0; n < 24; n++) {
      const one = await damage(specimen, random, join(path, 'copy'));
      seen[one.behaviour] += 1;
      lost += one.lost;
    }
    expect(seen.mended).toBeGreaterThan(8);
    // Most of what can still be read is kept; a log that is cut off takes its end with it.
    expect(seen.refused).toBeLessThan(5);
    expect(lost / 24 / specimen.events).toBeLessThan(kind.wal ? 0.4 : 0.2);
  } finally {
    remove();
  }
});
