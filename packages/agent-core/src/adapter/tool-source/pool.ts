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

/** An idle worker ends after this long, in milliseconds, and gives its memory back. */
const IDLE_MS = 5000;
/** How many files are on their way to the worker at once. */
const WINDOW = 32;

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

/** One worker thread, started when first needed. When it fails, what it had under way comes to null and the next call starts another. */
export function createAnalyserPool(assets: SourceAssets): Analyser {
  const waiting = new Map<number, (analysis: Analysis | null) => void>();
  const queue: AnalyseRequest[] = [];
  let worker: Worker | null = null;
  let next = 0;
  let sent = 0;
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const path = assets.worker instanceof URL ? fileURLToPath(assets.worker) : assets.worker;
    const started = new Worker(path, { workerData: { grammars: assets.grammars, runtime: assets.runtime } });
    started.on('message', (answer: AnalyseAnswer) => settle(answer.id, answer.analysis));
    started.on('error', () => fail(started));
    started.on('exit', () => fail(started));
    return started;
  }

  function fail(failed: Worker): void {
    if (worker !== failed) return;
    worker = null;
    sent = 0;
    queue.length = 0;
    for (const id of [...waiting.keys()]) settle(id, null);
  }

  function settle(id: number, analysis: Analysis | null): void {
    const resolve = waiting.get(id);
    if (!waiting.delete(id)) return;
    sent = Math.max(0, sent - 1);
    resolve?.(analysis);
    send();
    if (waiting.size > 0) return;
    worker?.unref();
    idle = setTimeout(rest, IDLE_MS).unref();
  }

  function rest(): void {
    const resting = worker;
    worker = null;
    void resting?.terminate();
  }

  function send(): void {
    for (let request = queue[0]; request !== undefined && sent < WINDOW; request = queue[0]) {
      queue.shift();
      sent += 1;
      worker ??= start();
      worker.ref();
      worker.postMessage(request);
    }
  }

  return {
    analyse: (extension, text) =>
      new Promise((resolve) => {
        clearTimeout(idle);
        const id = next++;
        waiting.set(id, resolve);
        queue.push({ id, extension, text });
        send();
      }),
  };
}
