import { join } from 'node:path';
import { makeDirectory, makePrivate } from '@soma/agent-core/adapter/data-folder';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { createTranslator } from '@soma/schemas/message';
import { app, BrowserWindow, powerMonitor, session } from 'electron';
import {
  bundledAssets,
  bundledFinder,
  bundledRunner,
  bundledTableReader,
} from '../composition/bundled-assets.ts';
import { type Claimed, takeOver } from '../composition/claim.ts';
import { createFaultLog } from '../composition/fault-log.ts';
import { openLocalHost } from '../composition/local-host.ts';
import { readConfig } from '../config.ts';
import { createDesktop, type Desktop } from './desktop.ts';
import { guardPages, guardSession } from './guard.ts';
import { setMenu } from './menu.ts';
import { registerPageScheme, servePage } from './page-scheme.ts';
import { openOutside } from './platform.ts';
import { handPorts } from './ports.ts';
import { startHub } from './start-hub.ts';
import { startModel } from './start-model.ts';
import { openWindow, type WindowPlaces } from './window.ts';

/** How long, in milliseconds, the last commits may take before the app ends without them: they are durable or not begun. */
const LAST_COMMITS_MS = 10_000;

const config = readConfig();
const places = {
  page: join(import.meta.dirname, '..', 'renderer'),
  preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
  hub: join(import.meta.dirname, 'hub.js'),
  model: join(import.meta.dirname, 'model.js'),
  folder: windowFolder(),
};

registerPageScheme();
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

let claimed: Claimed | undefined;

/** The data folder, claimed once however often the host must be tried. */
async function claim(): Promise<Claimed> {
  claimed ??= await takeOver(config.dataFolder);
  return claimed;
}

async function begin(): Promise<void> {
  const translator = await createTranslator();
  const report = createFaultLog(config.dataFolder, { clock: systemClock, ids: createIds(systemClock) });
  process.on('uncaughtExceptionMonitor', (error) => report({ path: ['process'], error }));
  const desktop = createDesktop({
    openHost: async (whenLost) =>
      openLocalHost({
        whenLost,
        claimed: await claim(),
        config,
        sourceAssets: bundledAssets(import.meta.dirname),
        findWorker: bundledFinder(import.meta.dirname),
        tableWorker: bundledTableReader(import.meta.dirname),
        commandRunner: bundledRunner(import.meta.dirname),
        version: app.getVersion(),
        report,
        startModel: () => startModel(places.model),
        startHub: (place) => startHub(places.hub, place),
        onHandedOver: () => app.quit(),
      }),
    translator,
    report,
  });
  guardSession(session.defaultSession);
  servePage(session.defaultSession, places.page);
  guardPages((address, from) => {
    const window = BrowserWindow.fromWebContents(from);
    if (window !== null) void openOutside(address, window, translator);
  });
  handPorts((pipe, window) => desktop.serve(pipe, window));
  setMenu(translator, { newWindow: () => openWindow(places satisfies WindowPlaces) });
  app.on('second-instance', showFirstWindow);
  app.on('window-all-closed', () => app.quit());
  // The system waits a moment for whoever says that it is leaving.
  powerMonitor.on('shutdown', () => app.quit());
  leaveWith(desktop);
  openWindow(places);
}

function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

/** Holds the end of the app up until the host has let go. */
function leaveWith(desktop: Desktop): void {
  let leaving = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    const patience = new Promise((resolve) => setTimeout(resolve, LAST_COMMITS_MS));
    void Promise.race([desktop.close(), patience]).finally(() => app.exit(0));
  });
}
