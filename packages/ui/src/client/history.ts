import type { Fault, RecordedRunEvent } from '@soma/schemas/event';
import { evolve, type RunState } from '@soma/schemas/run';
import { ask, type HostLink } from './link.ts';

/** Events between two states that are kept: any other state is at most this many folds away. */
const EVERY = 100;
/** Events read at once, and runs whose events are kept at once. */
const PAGE = 500;
const MOST_KEPT = 6;

/** A run's events as far as they were read, and the run as it was after each. */
export class RunHistory {
  readonly #events: RecordedRunEvent[] = [];
  /** The state after every `EVERY` events, the one before the first at the start. */
  readonly #kept: (RunState | null)[] = [null];
  #last: RunState | null = null;

  get events(): readonly RecordedRunEvent[] {
    return this.#events;
  }

  /** Takes in events that follow those that are here; any other is passed over. */
  add(events: readonly RecordedRunEvent[]): void {
    for (const event of events) {
      if (event.sequence <= (this.#events.at(-1)?.sequence ?? 0)) continue;
      this.#events.push(event);
      this.#last = evolve(this.#last, event);
      if (this.#events.length % EVERY === 0) this.#kept.push(this.#last);
    }
  }

  /** The run after its first `count` events; null before the first. */
  stateAfter(count: number): RunState | null {
    const whole = Math.max(0, Math.min(count, this.#events.length));
    if (whole === this.#events.length) return this.#last;
    const near = Math.floor(whole / EVERY);
    return this.#events.slice(near * EVERY, whole).reduce(evolve, this.#kept[near] ?? null);
  }
}

/** The histories that were asked for; each is read once, and then only what is new. */
export interface Histories {
  /** What is here of a run's history. Reads nothing by itself. */
  readonly of: (run: string) => RunHistory;
  /** Reads on from where the history stands, a page at a time; answers why it cannot, or null once it is whole. */
  readonly read: (run: string) => Promise<Fault | null>;
}

export function createHistories(link: HostLink): Histories {
  const kept = new Map<string, RunHistory>();
  const reading = new Map<string, Promise<Fault | null>>();
  const of = (run: string): RunHistory => {
    const known = kept.get(run) ?? new RunHistory();
    kept.delete(run);
    kept.set(run, known);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return known;
  };
  return {
    of,
    read: (run) => {
      const under = reading.get(run);
      if (under !== undefined) return under;
      const begun = readAll(link, run, of(run)).finally(() => reading.delete(run));
      reading.set(run, begun);
      return begun;
    },
  };
}

async function readAll(link: HostLink, run: string, history: RunHistory): Promise<Fault | null> {
  for (;;) {
    const after = history.events.at(-1)?.sequence ?? 0;
    const answer = await ask(link, (calls) => calls.run.history({ run, after, limit: PAGE }));
    if (!answer.ok) return answer.fault;
    history.add(answer.events);
    if (answer.events.length < PAGE) return null;
  }
}
