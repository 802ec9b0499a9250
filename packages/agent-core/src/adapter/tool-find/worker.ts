import { parentPort, workerData } from 'node:worker_threads';
import { FaultError } from '@soma/schemas/event';
import { createFinder } from './finder.ts';
import type { Reply, Request } from './message.ts';

// A worker thread, so that walking, indexing and searching never stall the thread that writes the ledger and serves the window.

const find = createFinder(typeof workerData === 'string' ? workerData : '');
const waiting = new Map<number, AbortController>();
const embedding = new Map<number, (vectors: readonly Float32Array[] | null) => void>();
let turn: Promise<void> = Promise.resolve();

parentPort?.on('message', (request: Request) => {
  if (request.ask === 'cancel') return waiting.get(request.id)?.abort();
  if (request.ask === 'vectors') return embedding.get(request.id)?.(request.vectors);
  waiting.set(request.id, new AbortController());
  turn = turn.then(() => answer(request));
});

async function answer(request: Extract<Request, { ask: 'find' }>): Promise<void> {
  const { id, folder, question, limit, weights } = request;
  const say = (reply: Reply) => parentPort?.postMessage(reply);
  const { signal } = waiting.get(id) ?? new AbortController();
  const onIndexed = (done: number, total: number) => say({ id, say: 'progress', done, total });
  const embed = (texts: readonly string[]) =>
    new Promise<readonly Float32Array[] | null>((resolve) => {
      embedding.set(id, resolve);
      say({ id, say: 'embed', texts });
    });
  const vectors = weights === null ? null : { weights, embed };
  try {
    signal.throwIfAborted();
    say({ id, say: 'answer', answer: await find({ folder, question, limit, signal, onIndexed, vectors }) });
  } catch (error) {
    if (error instanceof FaultError) say({ id, say: 'fault', fault: error.fault });
    else if (signal.aborted) say({ id, say: 'fault', fault: null });
    else throw error;
  } finally {
    waiting.delete(id);
    embedding.delete(id);
  }
}
