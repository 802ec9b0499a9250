import type { TurnLimits } from '@soma/schemas/turn';
import type { Clock } from '../../port/index.ts';

/** Why a turn was ended from here. */
export type Ended = 'stopped' | 'first' | 'silent' | 'total' | 'late-end';

/** What a model that has said that it stopped is still given to say what it used, in milliseconds. */
const AFTER_FINISH_MS = 2000;

/** A connection whose answer is read to its last byte can be used again; longer than this it is not waited for, in milliseconds. */
const REST_MS = 1000;

export type Waits = Pick<TurnLimits, 'firstMs' | 'silentMs' | 'totalMs'>;

/** Watches a call: over when its caller or a limit says so. Nothing waits longer for it than that. */
export class Watch {
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #started: number;
  readonly #control = new AbortController();
  readonly #caller: AbortSignal;
  readonly #leave: () => void;
  #rest = new AbortController();
  #phase: 'first' | 'silent' | 'finished' = 'first';
  #beat: number;
  #over = false;
  /** Why it ended; null while it goes on. */
  ended: Ended | null = null;
  /** Resolves when it is ended from here. */
  readonly end: Promise<Ended>;
  #say: (why: Ended) => void = () => undefined;

  constructor(clock: Clock, waits: Waits, caller: AbortSignal) {
    this.#clock = clock;
    this.#waits = waits;
    this.#started = clock.monotonicMs();
    this.#beat = this.#started;
    this.#caller = caller;
    this.end = new Promise((resolve) => {
      this.#say = resolve;
    });
    this.#leave = () => this.#stop('stopped');
    if (caller.aborted) this.#leave();
    else {
      caller.addEventListener('abort', this.#leave, { once: true });
      void this.#look();
    }
  }

  /** Ends the request. */
  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** The answer has begun. */
  begun(): void {
    if (this.#phase === 'first') this.#enter('silent');
  }

  /** A sign of life. */
  beat(): void {
    this.#beat = this.#clock.monotonicMs();
  }

  /** All is said; what was used may still come. */
  finished(): void {
    if (this.#phase !== 'finished') this.#enter('finished');
  }

  /** Lets go of the caller and ends what is still open of the request: at once, or when `rest` of it is there, or a second later. */
  close(rest: Promise<unknown> | null = null): void {
    this.#over = true;
    this.#caller.removeEventListener('abort', this.#leave);
    this.#rest.abort();
    if (rest === null) this.#control.abort();
    else void this.#closeLater(rest);
  }

  async #closeLater(rest: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    const wait = this.#clock.sleep(REST_MS, late.signal).catch(() => undefined);
    await Promise.race([rest.catch(() => undefined), wait]);
    late.abort();
    this.#control.abort();
  }

  #enter(phase: 'silent' | 'finished'): void {
    this.#phase = phase;
    this.#rest.abort();
  }

  #stop(why: Ended): void {
    if (this.#over || this.ended !== null) return;
    this.ended = why;
    this.#rest.abort();
    this.#control.abort();
    this.#say(why);
  }

  async #look(): Promise<void> {
    while (!this.#over && this.ended === null) {
      const { at, why } = this.#deadline();
      const left = at - this.#clock.monotonicMs();
      if (left <= 0) return this.#stop(why);
      this.#rest = new AbortController();
      await this.#clock.sleep(Math.ceil(left), this.#rest.signal).catch(() => undefined);
    }
  }

  #deadline(): { readonly at: number; readonly why: Ended } {
    const { firstMs, silentMs, totalMs } = this.#waits;
    const total = { at: this.#started + totalMs, why: 'total' as const };
    const next = {
      first: { at: this.#started + firstMs, why: 'first' as const },
      silent: { at: this.#beat + silentMs, why: 'silent' as const },
      finished: { at: this.#beat + Math.min(silentMs, AFTER_FINISH_MS), why: 'late-end' as const },
    }[this.#phase];
    return next.at <= total.at ? next : total;
  }
}
