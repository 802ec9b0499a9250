import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type Outside, openOutside, windowPreferences } from './app.ts';
import { newData } from './seat.ts';

/** Points 1 to 12: what the page is, and what it can reach. */
describe("Electron's security checklist: the page", () => {
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

  it('1: loads secure content only, and nothing from the network', async () => {
    expect(page.url()).toBe('app://soma/desktop.html');
    // Not by `fetch`: the debugger may cut into Node while it loads what `fetch` is made of, which then lacks its half for good.
    const failure = await app.evaluate(
      ({ net }, url) =>
        new Promise<string>((resolve) => {
          const request = net.request({ url });
          request.on('response', () => resolve('loaded'));
          request.on('error', (error) => resolve(String(error)));
          request.end();
        }),
      outside.origin,
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
    }, outside.origin);
    expect(new Set(requests)).toEqual(new Set(['rejected']));
    expect(outside.visits()).toBe(0);
  });

  it('2: gives the page nothing of Node', async () => {
    expect(await windowPreferences(app)).toMatchObject({
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
    expect(await windowPreferences(app)).toMatchObject({ contextIsolation: true });
  });

  it('4: runs the page in a sandboxed process', async () => {
    expect(await windowPreferences(app)).toMatchObject({ sandbox: true });
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
    expect(await windowPreferences(app)).toMatchObject({ webSecurity: true });
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
    }, outside.origin);
    expect(ran).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
    expect(outside.visits()).toBe(0);
  });

  it('8, 9, 10: has no insecure content, no experimental and no Blink features turned on', async () => {
    const found = await windowPreferences(app);
    expect(found).toMatchObject({ allowRunningInsecureContent: false, experimentalFeatures: false });
    expect(found.enableBlinkFeatures ?? '').toBe('');
  });

  it('11, 12: makes no webview', async () => {
    expect(await windowPreferences(app)).toMatchObject({ webviewTag: false });
    const before = await app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    await page.evaluate((url) => {
      const view = document.createElement('webview');
      view.setAttribute('src', url);
      view.setAttribute('allowpopups', '');
      document.body.append(view);
    }, outside.origin);
    expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(before);
    expect(outside.visits()).toBe(0);
  });
});
