import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app.ts';
import { newData, soma } from './seat.ts';

describe('a backup', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let place: string;

  beforeEach(async () => {
    data = await newData();
    place = await mkdtemp(join(tmpdir(), 'soma-backup-'));
  });
  afterEach(async () => {
    await data.remove();
    await rm(place, { recursive: true, force: true });
  });

  it('is made and proven by the host of the window, and restored only after the window is gone', async () => {
    const { app, page } = await launchApp(data.path);
    await page.getByRole('button', { name: 'Choose folder' }).waitFor();
    const made = await soma(['backup', 'kept'], data.path, place);
    expect(made.stderr).toMatch(/^Making a backup at /);
    expect(made.stdout).toContain('proven.');
    expect(await readdir(place)).toEqual(['kept']);
    const refused = await soma(['restore', 'kept'], data.path, place);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('DATA_FOLDER_BUSY');
    await app.close();
    const restored = await soma(['restore', 'kept'], data.path, place);
    expect(restored.code).toBe(0);
    expect(restored.stdout).toMatch(/^Restored the backup of /);
    const again = await launchApp(data.path);
    await again.page.getByRole('button', { name: 'Choose folder' }).waitFor();
    await again.app.close();
  });
});
