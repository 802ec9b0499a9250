import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { HubPlace } from './greeting.ts';
import { runHub } from './run-hub.ts';

// The hub as a thread of `serve`. It is handed its place and its end of the channel, says its first word, and serves.

const { place, port } = z.object({ place: HubPlace, port: z.instanceof(MessagePort) }).parse(workerData);
const greeting = await runHub(
  {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  },
  place,
);
parentPort?.postMessage(greeting);
