import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app.ts';
import { newData } from './seat.ts';

describe('the hub of a window', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let app: ElectronApplication;
  let page: Page;

  beforeEach(async () => {
    data = await newData();
    ({ app, page } = await launchApp(data.path));
    await page.getByRole('button', { name: 'Choose folder' }).waitFor();
  });
  afterEach(async () => {
    await app.close();
    await data.remove();
  });

  const hubPid = () =>
    app.evaluate(
      ({ app: electron }) =>
        electron.getAppMetrics().find(({ name }) => name === 'SomaAgent hub')?.pid ?? null,
    );

  it('that hangs is said not to answer, and another is in its place within a minute', async () => {
    // Nobody has asked it anything yet, so it starts a moment after the window.
    await expect.poll(hubPid, { timeout: 15_000 }).not.toBeNull();
    await expect.poll(() => existsSync(join(data.path, 'documents.db')), { timeout: 15_000 }).toBe(true);
    await pause(1000);
    const pid = await hubPid();
    if (pid === null) throw new Error('there is no hub');
    process.kill(pid, 'SIGSTOP');
    const told = page.getByText('The boards do not answer');
    await told.waitFor({ timeout: 30_000 });
    await expect.poll(hubPid, { timeout: 60_000 }).not.toBe(pid);
    await told.waitFor({ state: 'detached', timeout: 30_000 });
    expect(await hubPid()).not.toBeNull();
  });
});
