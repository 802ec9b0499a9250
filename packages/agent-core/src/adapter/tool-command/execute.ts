import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Family } from './family.ts';
import { type Execution, isAlive, readExecution } from './ledger.ts';
import type { RunnerNews, RunRequest, ToRunner } from './message.ts';

/** How the runner's process is started. */
export interface RunnerPlace {
  /** The runner's code; a bundle says where it lies. */
  readonly runner: string | URL;
  /** Where the system finds its own programs: a `PATH`. */
  readonly path: string;
}

/** How often, in milliseconds, it is looked whether a command that is left has begun. */
const LEAVE_MS = 20;
/** How often, in milliseconds, a command of an earlier host is looked at. */
const LOOK_MS = 200;

/**
 * Runs the command to its end, or until the signal aborts and it was ended. What another host began under this id is waited for instead.
 * When the run is handed over the command goes on, and what comes back is that it runs.
 */
export async function execute(
  request: RunRequest,
  place: RunnerPlace,
  { signal, onNews }: { signal: AbortSignal; onNews: (news: RunnerNews) => void },
): Promise<Execution> {
  const { runner, path } = place;
  const child = spawn(process.execPath, [runner instanceof URL ? fileURLToPath(runner) : runner], {
    cwd: request.store,
    // Electron's own program is Node only when it is told so.
    env: { ELECTRON_RUN_AS_NODE: '1', PATH: path },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    windowsHide: true,
  });
  const send = (message: ToRunner) => {
    if (child.connected) child.send(message, () => undefined);
  };
  const leave = async () => {
    // Until its ledger is there nobody else could find it.
    while (child.exitCode === null && (await readExecution(request.store, request.id)).name === 'none')
      await sleep(LEAVE_MS);
    if (child.connected) child.disconnect();
    child.unref();
  };
  child.on('message', (news: RunnerNews) => onNews(news));
  const gone = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  send(request);
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  const left = aborted.then(() => {
    if (signal.reason === 'hand-over') return leave();
    send({ type: 'stop' });
    return gone;
  });
  await Promise.race([gone, left]);
  return settled(request.store, request.id, signal);
}

/**
 * What came of a command, once it does not run any more. A command that another host began is ended when the signal aborts, and left
 * alone when the run is handed over.
 */
export async function settled(store: string, id: string, signal: AbortSignal): Promise<Execution> {
  for (let asked = false; ; ) {
    const execution = await readExecution(store, id);
    // Nobody limits any more what a lost runner left behind.
    if (execution.name === 'lost') await new Family(null, id).end(0);
    if (execution.name !== 'running' || signal.reason === 'hand-over') return execution;
    if (signal.aborted && !asked && isAlive(execution.intent)) {
      process.kill(execution.intent.runner, 'SIGTERM');
      asked = true;
    }
    await sleep(LOOK_MS);
  }
}
