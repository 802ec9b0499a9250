// `npm start`: the window, the same app in a browser where there is no display, or the terminal.
import { join } from 'node:path';
import { electronArguments } from '../electron/electron.mjs';
import { environment, hasDisplay, node24, out, root } from './place.mjs';
import {
  ensureInstalled,
  ensureNodeBuild,
  ensureWindowBuild,
  ensureWindowRuntime,
  preparing,
} from './prepare.mjs';
import { handOver, say } from './process.mjs';

/** Lines that Chromium prints on machines without a message bus or a graphics card; nothing follows from them. */
const noise =
  /^\[\d+:\d+\/[\d.]+:(ERROR|WARNING):[^\]]*(bus|object_proxy|viz_main_impl|command_buffer|vaapi|gpu|gl_)[^\]]*\]/;

/**
 * @param {readonly string[]} args nothing for the window, `serve` for a browser, anything else is the terminal's
 * @returns {Promise<number>} exit code
 */
export async function start(args) {
  const what = startedBy(args, hasDisplay());
  const launch = await preparing(async () => {
    await ensureInstalled();
    if (what === 'window') return openWindow();
    await ensureNodeBuild();
    if (what === 'serve') await ensureWindowBuild();
    return () =>
      handOver([node24(), join(out, 'node', `${what}.js`), ...args.slice(what === 'serve' ? 1 : 0)], here());
  });
  if (what === 'serve' && args[0] !== 'serve') {
    say('no display here: serving the same app to a browser instead (Ctrl-C ends it)');
  }
  return launch();
}

/**
 * @param {readonly string[]} args
 * @param {boolean} display
 * @returns {'window' | 'serve' | 'terminal'}
 */
export function startedBy(args, display) {
  if (args.length === 0) return display ? 'window' : 'serve';
  return args[0] === 'serve' ? 'serve' : 'terminal';
}

const here = () => ({ cwd: root, env: environment() });

async function openWindow() {
  const electron = await ensureWindowRuntime();
  await ensureWindowBuild(electron);
  return () => handOver([electron.executable, ...electronArguments()], { ...here(), drop: noise });
}
