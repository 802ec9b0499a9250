// A screen for windows that only tests and benches look at, where there is no display.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { hasDisplay } from './place.mjs';
import { SetUpFailure } from './process.mjs';

/**
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets what to add to its environment
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  if (hasDisplay()) return work({});
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const end = () => server.kill();
  process.once('exit', end);
  try {
    return await work({ DISPLAY: `:${await displayOf(server)}` });
  } finally {
    process.off('exit', end);
    end();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
async function displayOf(server) {
  const pipe = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
  const gone = once(server, 'exit').catch(() => undefined);
  const patience = pause(20_000, undefined, { ref: false });
  const said = once(createInterface({ input: pipe }), 'line').then(([line]) => String(line));
  const display = await Promise.race([said, gone, patience]);
  if (typeof display === 'string') return display;
  throw new SetUpFailure({
    code: 'SETUP_XVFB_FAILED',
    cause: 'Xvfb had no display after 20 s, or ended before',
    effect: 'nothing that opens a window can be tested',
    next: 'run Xvfb :99 by hand and read what it says',
  });
}
