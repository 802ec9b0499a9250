import { join } from 'node:path';
import { expect, it } from 'vitest';
import { damageableBackup, damageableMemory } from '../../testing/damage-kept.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { seeded } from '../../testing/random.ts';

const PLACES = 24;

it.each([
  { what: 'memory', make: damageableMemory },
  { what: 'backup', make: damageableBackup },
])('a damaged byte never changes an answer in silence: $what', async ({ what, make }) => {
  const { path, remove } = temporaryFolder();
  try {
    const specimen = await make(join(path, 'specimen'));
    const random = seeded(7);
    const seen = { unharmed: 0, refused: 0, mended: 0 };
    for (let n = 0; n < PLACES; n += 1) seen[await specimen.damage(random, join(path, 'copy'))] += 1;
    // Every byte of a backup is under a checksum, but a cleared sector may have been clear; much of a small database is free.
    if (what === 'backup') expect(seen.refused).toBeGreaterThan(PLACES * 0.9);
    else expect(seen.mended).toBeGreaterThan(PLACES / 10);
  } finally {
    remove();
  }
});
