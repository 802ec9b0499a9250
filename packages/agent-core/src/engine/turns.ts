import type { Priority } from '@soma/schemas/event';

/** What a call needs a turn for. `parallel`: how many calls of the tool may be under way at once; null for as many as there are turns. */
export interface TurnWish {
  readonly tool: string;
  readonly parallel: number | null;
  readonly priority: Priority;
  readonly signal: AbortSignal;
}

interface Waiting extends TurnWish {
  readonly go: (release: () => void) => void;
}

const RANK: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/** Calls under way at once in this process, over all runs: at most `total`, of one tool at most what it allows; urgent runs first, else in order. */
export class Turns {
  readonly #total: number;
  readonly #busy = new Map<string, number>();
  #taken = 0;
  #waiting: readonly Waiting[] = [];

  constructor(total: number) {
    this.#total = total;
  }

  /** Resolves with the function that ends the turn, or rejects with the signal's reason. */
  take(wish: TurnWish): Promise<() => void> {
    return new Promise((resolve, reject) => {
      wish.signal.throwIfAborted();
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(wish.signal.reason instanceof Error ? wish.signal.reason : new Error('aborted'));
      };
      const waiting: Waiting = {
        ...wish,
        go: (release) => {
          wish.signal.removeEventListener('abort', onAbort);
          resolve(release);
        },
      };
      wish.signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting = [...this.#waiting, waiting].sort((a, b) => RANK[a.priority] - RANK[b.priority]);
      this.#next();
    });
  }

  #next(): void {
    for (const waiting of this.#waiting) {
      if (this.#taken >= this.#total) return;
      const busy = this.#busy.get(waiting.tool) ?? 0;
      if (waiting.parallel !== null && busy >= waiting.parallel) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      this.#taken += 1;
      this.#busy.set(waiting.tool, busy + 1);
      waiting.go(this.#release(waiting.tool));
    }
  }

  #release(tool: string): () => void {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#taken -= 1;
      this.#busy.set(tool, (this.#busy.get(tool) ?? 1) - 1);
      this.#next();
    };
  }
}
