import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModelRun } from '../adapter/model-local/index.ts';
import { serveModel } from '../adapter/model-local/serve-model.ts';

/** The model process's own code in this process, at a channel that copies messages as a real one does. */
export function modelHere(): ModelRun {
  const there = new Set<(message: unknown) => void>();
  const here = new Set<(message: unknown) => void>();
  let open = true;
  const pass = (to: Set<(message: unknown) => void>) => (message: object) => {
    const copy: unknown = structuredClone(message);
    setImmediate(() => {
      if (open) for (const listener of to) listener(copy);
    });
  };
  let leave = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    leave = resolve;
  });
  serveModel({ postMessage: pass(here), onMessage: (listener) => void there.add(listener) });
  return {
    port: { postMessage: pass(there), onMessage: (listener) => void here.add(listener) },
    ended,
    end: () => {
      open = false;
      leave();
    },
  };
}

/** A real model process, and the process itself. */
export function modelChild(): ModelRun & { readonly child: ChildProcess } {
  const file = fileURLToPath(new URL('./model-child.ts', import.meta.url));
  const child = fork(file, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    port: {
      postMessage: (message) => void child.send(message, () => undefined),
      onMessage: (listener) => void child.on('message', listener),
    },
    ended,
    end: () => void child.kill('SIGKILL'),
  };
}
