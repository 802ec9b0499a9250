import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { connectHub } from '@soma/agent-core/room';
import type { HubRun } from '../composition/kept-hub.ts';
import { greeted, type HubPlace } from '../hub/greeting.ts';

/** What the thread's young objects may take, in megabytes: by itself it would keep many times that for good. */
const LIMITS = { maxYoungGenerationSizeMb: 16 };

/** Starts the hub as a thread. `file` is the absolute path of its built entry. Throws the fault it could not start for. */
export async function startHub(file: string, place: HubPlace): Promise<HubRun> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(file, {
    workerData: { place, port: port2 },
    transferList: [port2],
    resourceLimits: LIMITS,
  });
  const ended = once(worker, 'exit').then(() => port1.close());
  // What a thread throws ends it; that it ended is all there is to know.
  worker.on('error', () => undefined);
  const told = await greeted(
    once(worker, 'message').then(([word]: unknown[]) => word),
    ended,
  );
  const hub = connectHub({
    postMessage: (message) => port1.postMessage(message),
    onMessage: (listener) => void port1.on('message', listener),
    onClose: (listener) => void port1.on('close', listener),
  });
  return { hub, told, ended, end: () => void worker.terminate() };
}
