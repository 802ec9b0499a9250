import type { ModelRun } from '@soma/agent-core/adapter/model-local';
import { utilityProcess } from 'electron';

/** Starts the model process as a utility process. `file` is the absolute path of its built entry. */
export function startModel(file: string): ModelRun {
  const child = utilityProcess.fork(file, [], { serviceName: 'SomaAgent model', stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    port: {
      postMessage: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
    },
    ended,
    // Asking it to end would wait for its turn, which a process at work takes late.
    end: () => {
      if (child.pid === undefined) child.once('spawn', () => child.kill());
      else process.kill(child.pid, 'SIGKILL');
    },
  };
}
