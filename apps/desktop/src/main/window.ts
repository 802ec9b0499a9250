import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { loadPage } from './page-scheme.ts';
import { rememberBounds, startBounds } from './window-state.ts';

/** A further window stands this many pixels to the right of and below the one before. */
const NEXT_WINDOW = 28;
const SMALLEST = { minWidth: 800, minHeight: 560 };
/** Shown until the page has painted: the page's own background in both themes. */
const PAPER = { light: '#f9fafb', dark: '#16181b' };

/** So many crashes within so many milliseconds are no accident any more. */
const MOST_CRASHES = 3;
const CRASHES_WITHIN_MS = 60_000;

/** A page that has not asked for its port after so many milliseconds is loaded again, so many times. */
const SILENT_MS = 6000;
const MOST_RELOADS = 3;

/** What a page of ours may be: a page, and nothing of the machine. */
const webPreferences: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  spellcheck: false,
};

export interface WindowPlaces {
  /** Absolute path of the built preload. */
  readonly preload: string;
  /** Folder of what windows remember. */
  readonly folder: string;
}

export function openWindow({ preload, folder }: WindowPlaces): BrowserWindow {
  const file = join(folder, 'bounds.json');
  const { maximized, ...bounds } = startBounds(file);
  const step = NEXT_WINDOW * BrowserWindow.getAllWindows().length;
  const window = new BrowserWindow({
    ...bounds,
    ...(bounds.x === undefined || bounds.y === undefined ? {} : { x: bounds.x + step, y: bounds.y + step }),
    ...SMALLEST,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    webPreferences: { ...webPreferences, preload },
  });
  if (maximized) window.maximize();
  rememberBounds(window, file);
  window.once('ready-to-show', () => window.show());
  reviveAfterCrash(window);
  reloadWhileSilent(window);
  loadPage(window.webContents);
  return window;
}

/** About one window of three hundred stayed empty at its start, and nobody knows why: an empty page is loaded again. */
function reloadWhileSilent(window: BrowserWindow): void {
  const { webContents: contents } = window;
  let left = MOST_RELOADS;
  const silence = setInterval(() => {
    left -= 1;
    if (left === 0) clearInterval(silence);
    loadPage(contents);
  }, SILENT_MS);
  const end = () => clearInterval(silence);
  contents.ipc.once('soma:connect', end);
  window.once('closed', end);
}

/** A page whose process died is loaded again: all it showed is in the host. One that keeps dying is left alone. */
function reviveAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now();
    crashes = [...crashes.filter((time) => now - time < CRASHES_WITHIN_MS), now];
    if (reason !== 'clean-exit' && crashes.length <= MOST_CRASHES) loadPage(window.webContents);
  });
}
