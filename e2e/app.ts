import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { _electron, type ElectronApplication, errors, type Page } from 'playwright-core';
import { electronArguments, preparedElectron } from '../infra/electron/electron.mjs';
import { environment } from '../infra/launch/place.mjs';

export interface LaunchedApp {
  readonly app: ElectronApplication;
  /** The page of its first window. */
  readonly page: Page;
  /** When its process was started, by `performance.now()`. */
  readonly began: number;
}

/** How long, in milliseconds, Playwright may take to find the app, and how often it may try. */
const LAUNCH_MS = 12_000;
const LAUNCHES = 3;

/** Starts the desktop app on a data folder. */
export async function launchApp(data: string): Promise<LaunchedApp> {
  for (let left = LAUNCHES; ; left -= 1) {
    const launched = await launchElectron(electronArguments(), { SOMA_DATA_DIR: data });
    const app = repeating(launched.app);
    if (left === 1 || !(await isStale({ app, page: launched.page }))) return { ...launched, app };
    process.stderr.write('the window shows itself and its debugger sees nothing of it: started again\n');
    await app.close();
  }
}

/** How long, in milliseconds, a page may take to show anything. */
const SHOWN_MS = 10_000;

/**
 * Whether the debugger holds on to a page that is not there any more, while the window shows another one: what the app itself sees in its
 * window decides. A window that is really empty is not stale.
 */
export async function isStale({ app, page }: Pick<LaunchedApp, 'app' | 'page'>): Promise<boolean> {
  const shown = page.locator('#root > *').first().waitFor({ state: 'attached', timeout: SHOWN_MS });
  if (
    await shown.then(
      () => true,
      () => false,
    )
  )
    return false;
  return (await inWindows(app)).some(({ nodes }) => nodes > 0);
}

/** What the app itself sees in each of its windows: the page's address, how far it is loaded, and how many nodes it shows. */
export function inWindows(
  app: ElectronApplication,
): Promise<{ url: string; ready: string; nodes: number }[]> {
  return app.evaluate(({ BrowserWindow }) =>
    Promise.all(
      BrowserWindow.getAllWindows().map(async ({ webContents }) => {
        const look = webContents.executeJavaScript(
          "({ ready: document.readyState, nodes: document.querySelectorAll('#root > *').length })",
        ) as Promise<{ ready: string; nodes: number }>;
        const late = new Promise<{ ready: string; nodes: number }>((resolve) => {
          setTimeout(() => resolve({ ready: 'no answer', nodes: 0 }), 3000);
        });
        return { url: webContents.getURL(), ...(await Promise.race([look, late])) };
      }),
    ),
  );
}

/** How often a call into the main process is made when its answer is lost. */
const CALLS = 5;

/**
 * The debugger forgets a call into the main process when that tidies its memory before it answers: the call was made, its answer is lost.
 * So every call is made again then, and must change nothing the second time.
 */
function repeating(app: ElectronApplication): ElectronApplication {
  return new Proxy(app, {
    get: (of, name): unknown => {
      const found: unknown = Reflect.get(of, name, of);
      if (typeof found !== 'function') return found;
      if (name !== 'evaluate') return found.bind(of) as unknown;
      return (...given: unknown[]) => repeated(() => Reflect.apply(found, of, given) as Promise<unknown>);
    },
  });
}

async function repeated(call: () => Promise<unknown>): Promise<unknown> {
  for (let left = CALLS; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left === 1 || !/garbage collected/.test(String(error))) throw error;
    }
  }
}

/** Clicks an item of the application's menu, by its id or by its keys: keys of the menu are the system's to press. */
export async function clickMenu(
  app: ElectronApplication,
  wanted: { readonly id: string } | { readonly keys: string },
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow, Menu }, { wish, once }) => {
      const done = Reflect.get(globalThis, 'clicked') as Set<string> | undefined;
      if (done?.has(once) === true) return;
      Reflect.set(globalThis, 'clicked', new Set([...(done ?? []), once]));
      const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
      const keysOf = ({ accelerator }: (typeof items)[number]) =>
        accelerator?.toString().replace('CmdOrCtrl', 'Control');
      const found = items.find((item) => ('id' in wish ? item.id === wish.id : keysOf(item) === wish.keys));
      if (found === undefined) throw new Error(`the menu has no ${JSON.stringify(wish)}`);
      // Electron hands a click its item, the window in front and the event.
      const click = found.click as (event: undefined, window: unknown) => void;
      click(undefined, BrowserWindow.getAllWindows()[0]);
    },
    { wish: wanted, once: randomUUID() },
  );
}

/**
 * Starts an app in the prepared Electron. Playwright never finds a page to which it attaches in the very moment in which the page
 * of the first window takes the place of the empty one, so what it does not find in time is started again.
 */
export async function launchElectron(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchedApp> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment(variables))) {
    if (value !== undefined) env[name] = value;
  }
  const executablePath = preparedElectron().executable;
  for (let left = LAUNCHES; ; left -= 1) {
    const began = performance.now();
    try {
      const app = await _electron.launch({ executablePath, args: [...args], env, timeout: LAUNCH_MS });
      return { app, page: await app.firstWindow(), began };
    } catch (error) {
      if (left === 1 || !(error instanceof errors.TimeoutError)) throw error;
    }
  }
}

/** What the first window was really made with. */
export async function windowPreferences(app: ElectronApplication): Promise<Record<string, unknown>> {
  // Electron has this method and does not declare it.
  const found: unknown = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents ?? {};
    const read: unknown = Reflect.get(contents, 'getLastWebPreferences');
    return typeof read === 'function' ? (Reflect.apply(read, contents, []) as unknown) : null;
  });
  if (typeof found !== 'object' || found === null) throw new Error('the window has no preferences');
  return { ...found };
}

/** A server on this machine that no page of ours may ever reach. */
export interface Outside {
  readonly origin: string;
  readonly visits: () => number;
  close(): void;
}

export async function openOutside(): Promise<Outside> {
  let visits = 0;
  const server = createServer((_request, response) => {
    visits += 1;
    response.setHeader('access-control-allow-origin', '*').end('outside');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, visits: () => visits, close: () => server.close() };
}
