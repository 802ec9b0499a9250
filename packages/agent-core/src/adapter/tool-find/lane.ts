import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FaultError } from '@soma/schemas/event';
import type { Answer, Reply, Request } from './message.ts';

/** The thread ends after this long without a question, in milliseconds, and gives its memory back. */
const IDLE_MS = 60_000;
/** What the thread may take, in megabytes. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

interface Job {
  readonly settle: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
  readonly onIndexed: (done: number, total: number) => void;
  /** Sends the vectors of these texts to the thread. */
  readonly embed: (texts: readonly string[]) => Promise<void>;
}

export interface Asking {
  readonly folder: string;
  readonly question: string;
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onIndexed: (done: number, total: number) => void;
  /** Null when no model is at hand; its vectors are asked for until there is an answer. */
  readonly vectors: VectorSource | null;
}

/** What turns texts into vectors, in this thread; `signal` aborts when they are of no use any more. */
export interface VectorSource {
  readonly weights: string;
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[] | null>;
}

/**
 * Asks a worker thread, started when needed, whose code is `code`. Rejects with FaultError: the folder's own, or TOOL_FAILED when the
 * thread ends.
 */
export function createLane(code: string | URL, indexes: string) {
  const jobs = new Map<number, Job>();
  let worker: Worker | null = null;
  let next = 0;
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const path = code instanceof URL ? fileURLToPath(code) : code;
    const started = new Worker(path, { workerData: indexes, resourceLimits: LIMITS });
    started.on('message', (reply: Reply) => take(reply));
    started.on('error', () => end(started));
    started.on('exit', () => end(started));
    return started;
  }

  /** What it had under way comes to a fault; the next question starts another. */
  function end(ended: Worker): void {
    if (worker !== ended) return;
    worker = null;
    for (const { fail } of jobs.values())
      fail(new FaultError('TOOL_FAILED', { tool: 'find_passages', cause: 'thread-ended' }));
    jobs.clear();
  }

  function take(reply: Reply): void {
    const job = jobs.get(reply.id);
    if (reply.say === 'progress') {
      job?.onIndexed(reply.done, reply.total);
      return;
    }
    if (reply.say === 'embed') return void job?.embed(reply.texts);
    jobs.delete(reply.id);
    if (jobs.size === 0) rest();
    if (reply.say === 'answer') job?.settle(reply.answer);
    else
      job?.fail(
        reply.fault === null ? new Error('cancelled') : new FaultError(reply.fault.code, reply.fault.data),
      );
  }

  function rest(): void {
    worker?.unref();
    idle = setTimeout(() => {
      const resting = worker;
      worker = null;
      void resting?.terminate();
    }, IDLE_MS).unref();
  }

  return (asking: Asking): Promise<Answer> => {
    clearTimeout(idle);
    worker ??= start();
    return askThread({ worker, jobs, id: next++ }, asking);
  };
}

interface Thread {
  readonly worker: Worker;
  /** What it has under way. */
  readonly jobs: Map<number, Job>;
  /** Of this question, among those it is asked. */
  readonly id: number;
}

async function askThread({ worker, jobs, id }: Thread, asking: Asking): Promise<Answer> {
  const { folder, question, limit, signal, onIndexed, vectors } = asking;
  const say = (request: Request) => worker.postMessage(request);
  const cancel = () => say({ ask: 'cancel', id });
  const over = new AbortController();
  const embed = async (texts: readonly string[]) => {
    const made = (await vectors?.embed(texts, over.signal)) ?? null;
    if (!over.signal.aborted) say({ ask: 'vectors', id, vectors: made });
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await new Promise<Answer>((settle, fail) => {
      jobs.set(id, { settle, fail, onIndexed, embed });
      worker.ref();
      say({ ask: 'find', id, folder, question, limit, weights: vectors?.weights ?? null });
    });
  } finally {
    over.abort();
    signal.removeEventListener('abort', cancel);
  }
}
