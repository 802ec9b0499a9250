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
export function launchApp(data: string): Promise<LaunchedApp> {
  return launchElectron(electronArguments(), { SOMA_DATA_DIR: data });
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
