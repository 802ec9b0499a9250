import { parentPort, workerData } from 'node:worker_threads';
import { LocalHub, serveHub } from '../room/index.ts';
import { openLocalDocuments } from './local-documents.ts';

// A thread with a hub on the real documents of the folder it was handed.

const port = parentPort;
if (port === null) throw new Error('not a thread');
const documents = await openLocalDocuments(String(workerData));
const hub = new LocalHub({ store: documents.store });
serveHub(
  {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  },
  hub,
);
