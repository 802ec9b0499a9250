import { join } from 'node:path';
import { makeDirectory, makePrivate } from '@soma/agent-core/adapter/data-folder';
import { app, BrowserWindow, Menu, powerMonitor, session } from 'electron';
import { readConfig } from '../config.ts';
import type { Behind } from './behind.ts';
import { guardPages, guardSession } from './guard.ts';
import { registerPageScheme, servePage } from './page-scheme.ts';
import { handPorts } from './ports.ts';
import { openWindow } from './window.ts';

// What the window needs to open, and no more: everything else is loaded while the page starts in its own process.

/** How long, in milliseconds, the last commits may take before the app ends without them: they are durable or not begun. */
const LAST_COMMITS_MS = 10_000;

/** How often, in milliseconds, Node's loop is run at least while the host starts, and for how long. */
const AWAKE_MS = 100;
const AWAKE_FOR_MS = 30_000;

const config = readConfig();
const places = {
  page: join(import.meta.dirname, '..', 'renderer'),
  preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
  folder: windowFolder(),
};

registerPageScheme();
// Ours comes with its words; the system's own would be made in vain.
Menu.setApplicationMenu(null);
// Root can start Chromium only without its sandbox, and said so on the command line.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setPath('userData', places.folder);
// One process a data folder: a second start shows the first one's window.
if (app.requestSingleInstanceLock()) void app.whenReady().then(begin);
else app.exit(0);

/** What Chromium and the windows keep lies in the data folder too. One that cannot be used is told of in the window. */
function windowFolder(): string {
  try {
    makePrivate(config.dataFolder);
    const folder = join(config.dataFolder, 'window');
    makeDirectory(folder);
    return folder;
  } catch {
    return app.getPath('userData');
  }
}

let behind: Promise<Behind> | undefined;

/** The host and what speaks to people, loaded once. */
function loadBehind(): Promise<Behind> {
  behind ??= startBehind(import.meta.dirname).catch((error: unknown) => {
    // The page asks again, and then it is tried again; until then whoever looks finds why.
    behind = undefined;
    process.stderr.write(
      `the host could not be started: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    throw error;
  });
  return behind;
}

/** Why it could not be started was said already. */
function withBehind(use: (started: Behind) => void): void {
  void loadBehind().then(use, () => undefined);
}

async function startBehind(bundle: string): Promise<Behind> {
  // Chromium's loop drives this process, and Node's is woken from outside: a timer that runs bounds how long a lost wake-up can hold a start up.
  const awake = setInterval(() => undefined, AWAKE_MS);
  setTimeout(() => clearInterval(awake), AWAKE_FOR_MS);
  const { openBehind } = await import('./behind.ts');
  return openBehind({ config, bundle, newWindow: () => openWindow(places) });
}

function begin(): void {
  guardSession(session.defaultSession);
  servePage(session.defaultSession, places.page, () => withBehind(() => undefined));
  guardPages((address, from) => {
    const window = BrowserWindow.fromWebContents(from);
    if (window !== null) withBehind(({ openOutside }) => void openOutside(address, window));
  });
  handPorts((pipe, window) => withBehind(({ desktop }) => desktop.serve(pipe, window)));
  app.on('second-instance', showFirstWindow);
  app.on('window-all-closed', () => app.quit());
  // The system waits a moment for whoever says that it is leaving.
  powerMonitor.on('shutdown', () => app.quit());
  leaveWithHost();
  openWindow(places);
}

function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

/** Holds the end of the app up until the host has let go. */
function leaveWithHost(): void {
  let leaving = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    const patience = new Promise((resolve) => setTimeout(resolve, LAST_COMMITS_MS));
    const closed = behind?.then(({ desktop }) => desktop.close());
    void Promise.race([closed, patience]).finally(() => app.exit(0));
  });
}
