import { join } from 'node:path';
import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { PAGE_URL } from './page-scheme.ts';
import { rememberBounds, startBounds } from './window-state.ts';

const SMALLEST = { minWidth: 800, minHeight: 560 };
/** Shown until the page has painted: the page's own background in both themes. */
const PAPER = { light: '#f9fafb', dark: '#16181b' };

/** What a page of ours may be: a page, and nothing of the machine. */
export const webPreferences: WebPreferences = {
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
  const window = new BrowserWindow({
    ...bounds,
    ...SMALLEST,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    webPreferences: { ...webPreferences, preload },
  });
  if (maximized) window.maximize();
  rememberBounds(window, file);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(PAGE_URL);
  return window;
}
