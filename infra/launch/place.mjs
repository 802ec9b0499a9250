// Where things are in a clone, and the environment every child of the launcher gets.
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..');
export const desktop = join(root, 'apps', 'desktop');
export const out = join(desktop, 'out');
export const cache = join(root, '.cache');
const bin = join(root, 'node_modules', '.bin');

/** pnpm runs through npx, which every npm has; the version is pinned here and nowhere else. */
export const pnpm = /** @type {const} */ (['npx', '-y', 'pnpm@12.21.0']);

/** @returns {string} Node 24: the workspace's own, or the one we run on where the workspace carries none */
export function node24() {
  const own = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * Our environment for a child: the workspace's programs (Node 24 among them) come first, and npm's silence, which is meant
 * for npm's own banner, is not passed on.
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(more = {}) {
  const { npm_config_loglevel: _, ...env } = process.env;
  return {
    ...env,
    PATH: `${bin}${delimiter}${env.PATH ?? ''}`,
    INIT_CWD: env.INIT_CWD ?? process.cwd(),
    ...more,
  };
}

/** Elsewhere than on Linux there always is one. */
export function hasDisplay(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}
