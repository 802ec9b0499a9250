import { fork } from 'node:child_process';
import type { ModelRun } from '@soma/agent-core/adapter/model-local';

/** Starts the model process as a child: what is native in it cannot take its host along. `file` is the absolute path of its entry. */
export function startModel(file: string): ModelRun {
  const child = fork(file, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    port: {
      // A child that is gone is told by `ended`.
      postMessage: (message) => void child.send(message, () => undefined),
      onMessage: (listener) => void child.on('message', listener),
    },
    ended,
    end: () => void child.kill('SIGKILL'),
  };
}
