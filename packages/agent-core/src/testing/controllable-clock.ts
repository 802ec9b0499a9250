import type { Clock } from '../port/index.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to. */
export class ControllableClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** `start` is RFC 3339. */
  constructor(start = '2026-01-01T00:00:00.000Z') {
    this.#wallMs = Date.parse(start);
  }

  now(): string {
    return new Date(this.#wallMs).toISOString();
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (ms <= 0) return resolve();
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { until: this.#monotonicMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Lets time pass, and wakes whoever slept no longer than that, the earliest first. */
  advance(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
    const due = [...this.#sleepers].filter(({ until }) => until <= this.#monotonicMs);
    for (const sleeper of due.sort((a, b) => a.until - b.until)) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** Sets the wall clock forward or back, as a person or a time server would; nobody wakes. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }
}
