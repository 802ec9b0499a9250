import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AnalyseAnswer, AnalyseRequest, Analysis } from './message.ts';

/** Where the worker's code and the wasm files lie; a bundle says so, source finds them itself. */
export interface SourceAssets {
  readonly worker: string | URL;
  readonly grammars: string;
  readonly runtime: string;
}

/** Idle workers end after this long, in milliseconds, and give their memory back. */
const IDLE_MS = 5000;
/** Threads that parse. More would only take the processor from whoever else works on this computer. */
const THREADS = 2;
/** How many files are on their way to one worker at once, so that it never waits for the next. */
const WINDOW = 8;
/** What one thread may take, in megabytes. Little room for young objects costs no time here and saves much memory. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

export interface Analyser {
  /** Null when no grammar reads the file, or when it took too long. */
  analyse(extension: string, text: string): Promise<Analysis | null>;
}

/** The assets as they lie in the source tree. */
export function sourceAssets(): SourceAssets {
  const require = createRequire(import.meta.url);
  const runtime = join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm');
  const grammars = dirname(require.resolve('@vscode/tree-sitter-wasm'));
  return { worker: new URL('./worker.ts', import.meta.url), grammars, runtime };
}

interface Job {
  readonly request: AnalyseRequest;
  readonly resolve: (analysis: Analysis | null) => void;
}

/** A thread and what it has under way, by id. */
interface Lane {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

/** Worker threads, started when needed. When one fails, what it had under way comes to null; the rest goes on in others. */
export function createAnalyserPool(assets: SourceAssets): Analyser {
  const lanes = new Set<Lane>();
  const queue: Job[] = [];
  let next = 0;
  let idle: NodeJS.Timeout | undefined;

  function open(): Lane {
    const worker = startWorker(assets);
    const lane: Lane = { worker, jobs: new Map() };
    worker.on('message', ({ id, analysis }: AnalyseAnswer) => {
      const job = lane.jobs.get(id);
      lane.jobs.delete(id);
      job?.resolve(analysis);
      send();
      if (lane.jobs.size === 0) rest(lane);
    });
    worker.on('error', () => fail(lane));
    worker.on('exit', () => fail(lane));
    lanes.add(lane);
    return lane;
  }

  function fail(lane: Lane): void {
    if (!lanes.delete(lane)) return;
    for (const { resolve } of lane.jobs.values()) resolve(null);
    lane.jobs.clear();
    send();
  }

  function rest(lane: Lane): void {
    lane.worker.unref();
    if ([...lanes].some(({ jobs }) => jobs.size > 0)) return;
    idle = setTimeout(() => {
      const resting = [...lanes];
      lanes.clear();
      for (const { worker } of resting) void worker.terminate();
    }, IDLE_MS).unref();
  }

  /** The thread with least to do; a further one while all have work and there may be more. */
  function freest(): Lane | null {
    const [least] = [...lanes].sort((a, b) => a.jobs.size - b.jobs.size);
    if (least === undefined || (least.jobs.size > 0 && lanes.size < THREADS)) return open();
    return least.jobs.size < WINDOW ? least : null;
  }

  function send(): void {
    while (queue.length > 0) {
      const lane = freest();
      const job = lane === null ? undefined : queue.shift();
      if (lane === null || job === undefined) return;
      lane.jobs.set(job.request.id, job);
      lane.worker.ref();
      lane.worker.postMessage(job.request);
    }
  }

  return {
    analyse: (extension, text) =>
      new Promise((resolve) => {
        clearTimeout(idle);
        queue.push({ request: { id: next++, extension, text }, resolve });
        send();
      }),
  };
}

function startWorker({ worker, grammars, runtime }: SourceAssets): Worker {
  const path = worker instanceof URL ? fileURLToPath(worker) : worker;
  return new Worker(path, { workerData: { grammars, runtime }, resourceLimits: LIMITS });
}
