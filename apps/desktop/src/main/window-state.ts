import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type BrowserWindow, type Rectangle, screen } from 'electron';

interface WindowState {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

const SMALLEST_KEPT = { width: 400, height: 300 };
const FIRST_SIZE = { width: 1440, height: 900 };
/** A window being dragged is written down once it has rested this long, in milliseconds. */
const REST_MS = 300;

/** Where the last window stood, as far as a screen is there now; otherwise the first size. */
export function startBounds(file: string): Partial<Rectangle> & { maximized: boolean } {
  const state = readState(file);
  if (state === null) return { ...FIRST_SIZE, maximized: false };
  const { bounds, maximized } = state;
  const { workArea } = screen.getDisplayMatching(bounds);
  const seen = overlap(bounds, workArea) > 0.3 * bounds.width * bounds.height;
  return seen
    ? { ...bounds, maximized }
    : {
        width: Math.min(bounds.width, workArea.width),
        height: Math.min(bounds.height, workArea.height),
        maximized,
      };
}

/** Writes down where the window is, whenever that changes. The file holds the old place or the new one, whatever happens. */
export function rememberBounds(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    writeState(file, state);
  };
  const later = () => {
    timer ??= setTimeout(write, REST_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('close', write);
}

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** A file that is not there, or that nobody can read any more, is as good as none: a place on screen is worth no message. */
function readState(file: string): WindowState | null {
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isState(state) ? state : null;
  } catch {
    return null;
  }
}

function isState(value: unknown): value is WindowState {
  if (!isObject(value) || typeof value['maximized'] !== 'boolean' || !isObject(value['bounds'])) return false;
  const { x, y, width, height } = value['bounds'];
  const { width: narrowest, height: lowest } = SMALLEST_KEPT;
  return isInteger(x) && isInteger(y) && isInteger(width) && isInteger(height)
    ? width >= narrowest && height >= lowest
    : false;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

function writeState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.part`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch {
    // A full disk must not keep a window from closing.
  }
}
