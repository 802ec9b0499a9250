import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktop, root } from '../infra/launch/place.mjs';
import { launchApp, type Outside, openOutside, windowPreferences } from './app.ts';
import { newData } from './seat.ts';

/** Points 13 to 20: where the window may go, and who may speak to the app. */
describe("Electron's security checklist: the window", () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let app: ElectronApplication;
  let page: Page;
  let outside: Outside;

  beforeAll(async () => {
    outside = await openOutside();
    data = await newData();
    ({ app, page } = await launchApp(data.path));
    await page.waitForLoadState('load');
  });
  afterAll(async () => {
    await app.close();
    outside.close();
    await data.remove();
  });

  it('13: goes nowhere else', async () => {
    for (const target of [
      outside.origin,
      'file:///etc/passwd',
      'app://other/desktop.html',
      'app://soma/browser.html',
      'data:text/html,hi',
    ]) {
      await page.evaluate((url) => {
        location.href = url;
      }, target);
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
      }, target);
    }
    await page.evaluate((url) => {
      const form = document.createElement('form');
      form.action = url;
      document.body.append(form);
      form.submit();
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, outside.origin);
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://soma/desktop.html');
    expect(outside.visits()).toBe(0);
  });

  it('13: comes back from the one page that no event announces', async () => {
    const back = page.waitForEvent('framenavigated', (frame) => frame.url() === 'app://soma/desktop.html');
    await page.evaluate(() => {
      location.href = 'about:blank';
    });
    await back;
    await page.waitForLoadState('load');
  });

  it('14: opens no window for the page', async () => {
    const opened = await page.evaluate(
      (url) =>
        [window.open(url), window.open('about:blank'), window.open('app://soma/desktop.html')].map(
          (made) => made === null,
        ),
      'file:///etc/passwd',
    );
    expect(opened).toEqual([true, true, true]);
    expect(app.windows()).toHaveLength(1);
  });

  it('15: opens an address outside only when a person says yes to it', async () => {
    const asked = (answer: number, url: string) =>
      app.evaluate(
        async ({ dialog, shell, BrowserWindow }, given) => {
          const seen: { details: string[]; opened: string[] } = { details: [], opened: [] };
          // The dialog and the browser stand outside of the app; what they are handed is what matters.
          Reflect.set(dialog, 'showMessageBox', async (_window: unknown, options: { detail: string }) => {
            seen.details.push(options.detail);
            return { response: given.answer, checkboxChecked: false };
          });
          shell.openExternal = async (address) => {
            seen.opened.push(address);
          };
          const [window] = BrowserWindow.getAllWindows();
          await window?.webContents.executeJavaScript(`void window.open(${JSON.stringify(given.url)})`);
          await new Promise((resolve) => setTimeout(resolve, 100));
          return seen;
        },
        { answer, url },
      );
    const url = 'https://example.com/path?x=1';
    expect(await asked(0, url)).toEqual({ details: [url], opened: [url] });
    expect(await asked(1, url)).toEqual({ details: [url], opened: [] });
    for (const never of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://host/share',
      'https://a@b.example/',
    ]) {
      expect(await asked(0, never)).toEqual({ details: [], opened: [] });
    }
    expect(app.windows()).toHaveLength(1);
  });

  it('16: names a current Electron', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(desktop, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(Number.parseInt(devDependencies.electron ?? '', 10)).toBeGreaterThanOrEqual(45);
  });

  it('17: gives a port to the main frame of our own page and to nobody else', async () => {
    const channels = await app.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
    expect(channels.filter((name) => name !== 'error')).toEqual(['soma:connect']);
    const preload = String((await windowPreferences(app)).preload);
    const given = await app.evaluate(async ({ BrowserWindow }, own) => {
      const asking = `new Promise((resolve) => {
        addEventListener('message', ({ data, ports }) => { if (data === 'soma:port') resolve(ports.length); });
        postMessage('soma:connect', '*');
        setTimeout(() => resolve('none'), 500);
      })`;
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload: own, sandbox: true, contextIsolation: true },
      });
      const answers: unknown[] = [];
      for (const url of ['data:text/html,hello', 'app://soma/browser.html']) {
        await stranger.loadURL(url).catch(() => undefined);
        answers.push(await stranger.webContents.executeJavaScript(asking));
      }
      stranger.destroy();
      return answers;
    }, preload);
    expect(given).toEqual(['none', 'none']);
  });

  it('17: survives a page that sends anything over its port, and serves the next load', async () => {
    const before = await app.evaluate(() => process.pid);
    const sent = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          addEventListener('message', function take({ data: said, ports: [port] }) {
            if (said !== 'soma:port' || port === undefined) return;
            removeEventListener('message', take);
            port.start();
            const strange: unknown[] = [
              null,
              1,
              {},
              [],
              '',
              '{',
              '[]',
              '{"i":1}',
              new Uint8Array(9),
              new Uint8Array(2_000_000),
              { i: '1', p: { u: '/x' } },
            ];
            strange.push(
              '{"i":"1","p":{"u":"/host/describe","__proto__":{"x":1}}}',
              'x'.repeat(3_000_000),
              new Map([[1, 2]]),
              new Error('e'),
              '9'.repeat(15),
            );
            let count = 0;
            for (let n = 0; n < 200; n += 1) {
              for (const one of strange) port.postMessage(one);
              count += strange.length;
            }
            resolve(count);
          });
          postMessage('soma:connect', location.origin);
        }),
    );
    expect(sent).toBeGreaterThan(3000);
    await page.reload();
    const answer = await page.evaluate(
      () =>
        new Promise<unknown>((resolve) => {
          addEventListener('message', ({ data: said, ports: [port] }) => {
            if (said !== 'soma:port' || port === undefined) return;
            port.onmessage = ({ data: text }) =>
              typeof text === 'string' && text.startsWith('{') && resolve(JSON.parse(text));
            port.postMessage('{"i":"1","p":{"u":"/host/describe","b":{"json":{"protocol":1}}}}');
          });
          postMessage('soma:connect', location.origin);
        }),
    );
    expect(answer).toMatchObject({ i: '1', p: { b: { json: { ok: true } } } });
    expect(await app.evaluate(() => process.pid)).toBe(before);
  });

  it('18: is served from a scheme of its own, which answers nothing but the built page', async () => {
    expect(new URL(page.url()).protocol).toBe('app:');
    const statuses = await page.evaluate(async () => {
      const paths = [
        '/../main/index.js',
        '/%2e%2e/main/index.js',
        '/..%2fmain%2findex.js',
        '/package.json',
        '/',
        '/none.html',
      ];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(new Set(statuses)).toEqual(new Set([404]));
  });

  it('19: is packaged with every fuse on the safe side', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
    const fuses = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(config)?.[1] ?? '';
    const set = Object.fromEntries(
      [...fuses.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(
        ([, name = '', value = '']) => [name, value] as const,
      ),
    );
    expect(set).toMatchObject({
      runAsNode: 'false',
      enableCookieEncryption: 'true',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
      enableEmbeddedAsarIntegrityValidation: 'true',
      onlyLoadAppFromAsar: 'true',
      loadBrowserProcessSpecificV8Snapshot: 'false',
      grantFileProtocolExtraPrivileges: 'false',
    });
  });

  it('20: shows the page nothing of Electron', async () => {
    const preload = readFileSync(join(desktop, 'src', 'preload', 'index.ts'), 'utf8');
    expect(preload).not.toMatch(/contextBridge|exposeInMainWorld|invoke|sendSync/);
    const names = await page.evaluate(() =>
      Object.getOwnPropertyNames(window).filter((name) => /electron|^ipc|preload$|soma/i.test(name)),
    );
    expect(names).toEqual([]);
  });
});
