import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clickMenu, launchApp } from './app.ts';
import { hostPid } from './host-process.ts';
import { newData, soma } from './seat.ts';

describe('the desktop app', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let app: ElectronApplication;
  let page: Page;

  beforeEach(async () => {
    data = await newData();
    await open();
  });
  afterEach(async () => {
    await app.close();
    await data.remove();
  });

  async function launch(): Promise<void> {
    ({ app, page } = await launchApp(data.path));
  }

  async function open(): Promise<void> {
    await launch();
    await page.getByRole('button', { name: 'Choose folder' }).waitFor();
  }

  const choose = (id: string) => clickMenu(app, { id });

  const bounds = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

  it('presses the page own keys from the menu', async () => {
    await choose('palette');
    await page.getByRole('dialog').waitFor();
  });

  it('has one host for all its windows', async () => {
    const second = app.waitForEvent('window');
    await choose('newWindow');
    const other = await second;
    await other.getByRole('button', { name: 'Choose folder' }).waitFor();
    expect(app.windows()).toHaveLength(2);
  });

  it('stands where it stood, also after it was killed', async () => {
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1000, height: 700 }),
    );
    const file = join(data.path, 'window', 'bounds.json');
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('"width":1000');
    const gone = new Promise((resolve) => app.process().once('exit', resolve));
    app.process().kill('SIGKILL');
    await gone;
    await open();
    expect(await bounds()).toMatchObject({ width: 1000, height: 700 });
  });

  it('opens at its first size when what it remembered cannot be read or lies off every screen', async () => {
    const file = join(data.path, 'window', 'bounds.json');
    for (const text of [
      '{"bounds":',
      '{"bounds":{"x":90000,"y":90000,"width":900,"height":700},"maximized":false}',
    ]) {
      await app.close();
      await writeFile(file, text);
      await open();
      const { x = 0, y = 0 } = (await bounds()) ?? {};
      expect(x).toBeLessThan(2000);
      expect(y).toBeLessThan(2000);
    }
  });

  it('loads a page again that stays silent at its start', async () => {
    // The next window waits for its scripts in vain, until it is loaded again.
    await app.evaluate(({ session }) => {
      session.defaultSession.webRequest.onBeforeRequest(({ url }, decide) => {
        if (!url.endsWith('.js')) decide({});
      });
    });
    const opened = app.waitForEvent('window');
    await clickMenu(app, { keys: 'Control+Shift+N' });
    const silent = await opened;
    await silent.waitForTimeout(1000);
    expect(await silent.locator('main').count()).toBe(0);
    await app.evaluate(({ session }) => {
      session.defaultSession.webRequest.onBeforeRequest(null);
    });
    await silent.locator('main').first().waitFor({ timeout: 15_000 });
    await silent.close();
  });

  it('shows its page again when the process of the page died', async () => {
    const crashed = page.waitForEvent('crash');
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await crashed;
    await expect
      .poll(
        () =>
          app.evaluate(({ BrowserWindow }) =>
            BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
          ),
        { timeout: 10_000 },
      )
      .toContain('Choose a folder');
  });

  it('starts its hub again when that dies, and a run puts its cards on the board all the same', async () => {
    const work = await mkdtemp(join(tmpdir(), 'soma-work-'));
    await mkdir(join(work, 'a'));
    await writeFile(join(work, 'a', 'README.md'), '# Title\n');
    const hub = () =>
      app.evaluate(
        ({ app: electron }) =>
          electron.getAppMetrics().find(({ name }) => name === 'SomaAgent hub')?.pid ?? null,
      );
    // Nobody has asked it anything yet, so it starts a moment after the window.
    await expect.poll(hub, { timeout: 15_000 }).not.toBeNull();
    const pid = await hub();
    expect(pid).not.toBeNull();
    if (pid !== null) process.kill(pid, 'SIGKILL');
    const { code, stdout } = await soma(
      ['run', 'Explain this folder', '--folder', join(work, 'a')],
      data.path,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Title (README.md:1)');
    await rm(work, { recursive: true });
  });

  it('leaves cleanly when the system tells it to end', async () => {
    expect(await hostPid(data.path)).toBe(app.process().pid);
    const gone = new Promise((resolve) =>
      app.process().once('exit', (code, signal) => resolve([code, signal])),
    );
    app.process().kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect(await hostPid(data.path)).toBeNull();
    await open();
  });

  it('says in the window why it cannot start, and starts once that is mended', async () => {
    await app.close();
    const version = join(data.path, 'version.json');
    const good = await readFile(version, 'utf8');
    await writeFile(version, '{"format":99}');
    await launch();
    await page.getByText('DATA_FOLDER_NEWER').waitFor();
    await writeFile(version, good);
    await page.getByRole('button').click();
    await page.getByRole('button', { name: 'Choose folder' }).waitFor();
  });
});
