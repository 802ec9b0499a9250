import { FaultError } from '@soma/schemas/event';
import type { Clock } from '../../port/index.ts';
import { FromModel, type ModelPort, type ToModel, type Wish } from './wire.ts';

/** A model process that was started. */
export interface ModelRun {
  readonly port: ModelPort;
  /** Resolves once it is gone, however that came. */
  readonly ended: Promise<void>;
  /** Ends it at once, whatever it does. */
  end(): void;
}

export interface ModelProcessOptions {
  readonly start: () => ModelRun;
  readonly clock: Clock;
  /** Milliseconds without a wish after which the process is ended. */
  readonly idleMs?: number;
  /** Milliseconds without a word from the process after which it is ended. */
  readonly silentMs?: number;
}

export interface Asking {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const IDLE_MS = 5 * 60_000;
const SILENT_MS = 60_000;
/** Wishes that wait for their turn at most. */
const WAITING = 256;

/**
 * The process that has models in memory: started with the first wish, ended when nothing is asked of it for a while, and started again
 * after it died. Wishes are fulfilled one after the other.
 */
export class ModelProcess {
  readonly #options: ModelProcessOptions;
  #run: ModelRun | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #calls = 0;
  #idle = new AbortController();
  #hear: ((message: FromModel) => void) | null = null;

  constructor(options: ModelProcessOptions) {
    this.#options = options;
  }

  /** Whether a process runs now. */
  get running(): boolean {
    return this.#run !== null;
  }

  /**
   * The process's answer. Rejects with the signal's reason when that aborts, with the fault it answers, or with MODEL_UNUSABLE: it ended
   * (*process*), it says nothing any more (*time*), or too many wishes wait (*busy*).
   */
  async ask(wish: Wish, asking: Asking): Promise<unknown> {
    const { signal } = asking;
    signal.throwIfAborted();
    if (this.#waiting >= WAITING) throw unusable('busy');
    this.#waiting += 1;
    this.#idle.abort();
    const turn = this.#queue.then(() => this.#fulfil(wish, asking));
    this.#queue = turn.catch(() => undefined).then(() => this.#rest());
    // What must not go on is waited for until it does not.
    return await (wish.type === 'convert' ? turn : unlessAborted(turn, signal));
  }

  /** Ends the process; what waits is rejected. */
  async close(): Promise<void> {
    this.#idle.abort();
    const run = this.#run;
    run?.end();
    await run?.ended;
  }

  async #fulfil(wish: Wish, { signal, onProgress }: Asking): Promise<unknown> {
    signal.throwIfAborted();
    const run = this.#started();
    const call = this.#calls++;
    const over = new AbortController();
    const answer = deferred();
    const watch = { beat: this.#options.clock.monotonicMs() };
    this.#hear = (message) => {
      if (message.call !== call) return;
      watch.beat = this.#options.clock.monotonicMs();
      if (message.type === 'progress') return onProgress?.(message.done, message.total);
      if (message.type === 'answer') return answer.resolve(message.value);
      const { code, data, retry } = message.fault;
      answer.reject(new FaultError(code, data, retry));
    };
    const onAbort = () => {
      // A file half converted must not be written on; a text half embedded costs a moment.
      if (wish.type === 'convert') return run.end();
      run.port.postMessage({ type: 'abort', call } satisfies ToModel);
      answer.reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    void run.ended.then(() => answer.reject(signal.aborted ? signal.reason : unusable('process')));
    void this.#watch(run, { over: over.signal, watch, late: () => answer.reject(unusable('time')) });
    run.port.postMessage({ type: 'wish', call, wish } satisfies ToModel);
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      over.abort();
      this.#hear = null;
    }
  }

  /** Ends a process that has said nothing for too long. */
  async #watch(
    run: ModelRun,
    { over, watch, late }: { over: AbortSignal; watch: { beat: number }; late: () => void },
  ): Promise<void> {
    const { clock, silentMs = SILENT_MS } = this.#options;
    for (;;) {
      const left = watch.beat + silentMs - clock.monotonicMs();
      if (left <= 0) break;
      await clock.sleep(left, over).catch(() => undefined);
      if (over.aborted) return;
    }
    late();
    run.end();
  }

  #started(): ModelRun {
    if (this.#run !== null) return this.#run;
    const run = this.#options.start();
    this.#run = run;
    run.port.onMessage((data) => {
      const message = FromModel.safeParse(data);
      // What is no message of ours is a broken process.
      if (message.success) this.#hear?.(message.data);
      else run.end();
    });
    void run.ended.then(() => {
      if (this.#run === run) this.#run = null;
    });
    return run;
  }

  /** After a wish: the next one, or the wait for the end of an idle process. */
  #rest(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0 || this.#run === null) return;
    const idle = new AbortController();
    this.#idle = idle;
    const { clock, idleMs = IDLE_MS } = this.#options;
    clock.sleep(idleMs, idle.signal).then(
      () => this.#run?.end(),
      () => undefined,
    );
  }
}

function unusable(reason: 'busy' | 'process' | 'time'): FaultError {
  return new FaultError('MODEL_UNUSABLE', { reason }, { when: 'now' });
}

interface Deferred {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

function deferred(): Deferred {
  let settle: Omit<Deferred, 'promise'> | null = null;
  const promise = new Promise<unknown>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value) => settle?.resolve(value), reject: (reason) => settle?.reject(reason) };
}

async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const given = deferred();
  const onAbort = () => given.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
