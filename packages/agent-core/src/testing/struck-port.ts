import { setTimeout as after } from 'node:timers/promises';
import { FaultError } from '@soma/schemas/event';

/** What becomes of one use of a port: done but the answer is lost, not done, done twice, or answered late. */
export const LOSSES = ['lost', 'broken', 'twice', 'late'] as const;
export type Loss = (typeof LOSSES)[number];

/** How late, in milliseconds, a late answer is. */
const LATE_MS = 40;

export interface Strike {
  /** `documents.append` for one. */
  readonly use: string;
  readonly loss: Loss;
  /** The first use that is struck, from 1, and how many in a row are. */
  readonly first: number;
  readonly times: number;
  /** What is thrown where no answer comes: a fault, as a port declares it, or any error. */
  readonly asFault: boolean;
}

/** Strikes one use of the ports it is put around, and counts. */
export class Striker {
  struck = 0;
  readonly #strike: Strike;
  #uses = 0;

  constructor(strike: Strike) {
    this.#strike = strike;
  }

  /** The port as it is, but for what it is struck with. */
  around<P extends object>(name: string, real: P): P {
    return new Proxy(real, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        const work = (args: unknown[]): unknown => Reflect.apply(member, target, args);
        return (...args: unknown[]): unknown =>
          `${name}.${String(key)}` === this.#strike.use
            ? this.#use(async () => await work(args))
            : work(args);
      },
    });
  }

  async #use(work: () => Promise<unknown>): Promise<unknown> {
    const { loss, first, times } = this.#strike;
    this.#uses += 1;
    if (this.#uses < first || this.#uses >= first + times) return work();
    this.struck += 1;
    if (loss === 'broken') throw this.#error('not done');
    const answer = await work();
    if (loss === 'lost') throw this.#error('done, and the answer is lost');
    if (loss === 'twice') await work();
    else await after(LATE_MS);
    return answer;
  }

  #error(message: string): Error {
    return this.#strike.asFault
      ? new FaultError('HOST_UNREACHABLE', { part: 'hub' }, { when: 'now' })
      : new Error(message);
  }
}
