import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronArguments, preparedElectron } from '../infra/electron/electron.mjs';
import { desktop, environment, root } from '../infra/launch/place.mjs';
import { newData } from './seat.ts';

/** The twenty points of Electron's security tutorial, each against the real window. */
describe("Electron's security checklist", () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let app: ElectronApplication;
  let page: Page;
  let outside: Server;
  let origin: string;
  let visits = 0;

  beforeAll(async () => {
    outside = createServer((_request, response) => {
      visits += 1;
      response.setHeader('access-control-allow-origin', '*').end('outside');
    });
    await new Promise<void>((resolve) => {
      outside.listen(0, '127.0.0.1', resolve);
    });
    origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    data = await newData();
    app = await _electron.launch({
      executablePath: preparedElectron().executable,
      args: electronArguments(),
      env: Object.fromEntries(
        Object.entries(environment({ SOMA_DATA_DIR: data.path })).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value]],
        ),
      ),
    });
    page = await app.firstWindow();
    await page.waitForLoadState('load');
  });
  afterAll(async () => {
    await app.close();
    outside.close();
    await data.remove();
  });

  /** What the window was really made with. */
  const preferences = () =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return contents.getLastWebPreferences();
    });

  it('1: loads secure content only, and nothing from the network', async () => {
    expect(page.url()).toBe('app://soma/desktop.html');
    const failure = await app.evaluate(
      ({ session }, url) =>
        session.defaultSession.fetch(url).then(
          () => 'loaded',
          (error: unknown) => String(error),
        ),
      origin,
    );
    expect(failure).toContain('ERR_BLOCKED_BY_CLIENT');
    const requests = await page.evaluate(async (url) => {
      const tries = [
        fetch(url),
        fetch(`${location.origin}/../../package.json`).then((answer) =>
          answer.ok ? answer : Promise.reject(new Error(String(answer.status))),
        ),
        fetch('file:///etc/passwd'),
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = resolve;
          image.onerror = reject;
          image.src = `${url}/a.png`;
        }),
        new Promise((resolve, reject) => {
          const socket = new WebSocket(url.replace('http', 'ws'));
          socket.onopen = resolve;
          socket.onerror = reject;
        }),
      ];
      return (await Promise.allSettled(tries)).map(({ status }) => status);
    }, origin);
    expect(new Set(requests)).toEqual(new Set(['rejected']));
    expect(visits).toBe(0);
  });

  it('2: gives the page nothing of Node', async () => {
    expect(await preferences()).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
    });
    const seen = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window),
    );
    expect(seen).toEqual([]);
    const inWorker = await page.evaluate(async () => {
      const source = URL.createObjectURL(new Blob(['postMessage([typeof require, typeof process].join())']));
      const worker = new Worker(source);
      return new Promise((resolve) => {
        worker.onmessage = ({ data: said }) => resolve(said);
      });
    });
    expect(inWorker).toBe('undefined,undefined');
  });

  it('3: keeps the preload in a world of its own', async () => {
    expect(await preferences()).toMatchObject({ contextIsolation: true });
  });

  it('4: runs the page in a sandboxed process', async () => {
    expect(await preferences()).toMatchObject({ sandbox: true });
  });

  it('5: grants no permission to the page', async () => {
    const answers = await page.evaluate(async () => {
      const located = new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          () => resolve('denied'),
        );
      });
      const media =
        navigator.mediaDevices?.getUserMedia({ audio: true, video: true }).then(
          () => 'granted',
          () => 'denied',
        ) ?? 'denied';
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
      ] as const;
      const states = names.map(
        async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
      );
      return Promise.all([located, media, Notification.requestPermission(), ...states]);
    });
    expect(new Set(answers)).toEqual(new Set(['denied']));
  });

  it('6: keeps web security on', async () => {
    expect(await preferences()).toMatchObject({ webSecurity: true });
  });

  it('7: has a content security policy that runs no string and no foreign script', async () => {
    const policy = await page.evaluate(async () =>
      (await fetch(location.href)).headers.get('content-security-policy'),
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    const ran = await page.evaluate(async (url) => {
      const attempts: string[] = [];
      // Outside of the call that the test makes, since the debugger may run strings within it.
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          try {
            const made: unknown = Reflect.construct(Function, ['return 1']);
            attempts.push(typeof made);
          } catch {
            attempts.push('blocked');
          }
          resolve();
        });
      });
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      attempts.push('inlineRan' in window ? 'inline ran' : 'blocked');
      const image = document.createElement('div');
      image.innerHTML = '<img src="x" onerror="window.handlerRan = true">';
      document.body.append(image);
      const foreign = document.createElement('script');
      foreign.src = `${url}/a.js`;
      const loaded = new Promise<string>((resolve) => {
        foreign.onload = () => resolve('foreign ran');
        foreign.onerror = () => resolve('blocked');
      });
      document.head.append(foreign);
      attempts.push(await loaded, 'handlerRan' in window ? 'handler ran' : 'blocked');
      return attempts;
    }, origin);
    expect(ran).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
    expect(visits).toBe(0);
  });

  it('8, 9, 10: has no insecure content, no experimental and no Blink features turned on', async () => {
    const found = await preferences();
    expect(found).toMatchObject({ allowRunningInsecureContent: false, experimentalFeatures: false });
    expect(found.enableBlinkFeatures ?? '').toBe('');
  });

  it('11, 12: makes no webview', async () => {
    expect(await preferences()).toMatchObject({ webviewTag: false });
    const before = await app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    await page.evaluate((url) => {
      const view = document.createElement('webview');
      view.setAttribute('src', url);
      view.setAttribute('allowpopups', '');
      document.body.append(view);
    }, origin);
    expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(before);
    expect(visits).toBe(0);
  });

  it('13: goes nowhere else', async () => {
    for (const target of [
      origin,
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
    }, origin);
    await page.waitForTimeout(300);
    expect(page.url()).toBe('app://soma/desktop.html');
    expect(visits).toBe(0);
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
          dialog.showMessageBox = (async (_window: unknown, options: { detail: string }) => {
            seen.details.push(options.detail);
            return { response: given.answer, checkboxChecked: false };
          }) as unknown as typeof dialog.showMessageBox;
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

  it('16: names a current Electron, and the release refuses any other', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(desktop, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(Number.parseInt(devDependencies.electron ?? '', 10)).toBeGreaterThanOrEqual(45);
  });

  it('17: gives a port to the main frame of our own page and to nobody else', async () => {
    const channels = await app.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
    expect(channels.filter((name) => name !== 'error')).toEqual(['soma:connect']);
    const given = await app.evaluate(async ({ BrowserWindow }) => {
      const [own] = BrowserWindow.getAllWindows();
      if (own === undefined) throw new Error('no window');
      const contents = own.webContents as unknown as { getLastWebPreferences(): { preload: string } };
      const { preload } = contents.getLastWebPreferences();
      const asking = `new Promise((resolve) => {
        addEventListener('message', ({ data, ports }) => { if (data === 'soma:port') resolve(ports.length); });
        postMessage('soma:connect', '*');
        setTimeout(() => resolve('none'), 500);
      })`;
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      const answers: unknown[] = [];
      for (const url of ['data:text/html,hello', 'app://soma/browser.html']) {
        await stranger.loadURL(url).catch(() => undefined);
        answers.push(await stranger.webContents.executeJavaScript(asking));
      }
      stranger.destroy();
      return answers;
    });
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
