import { type Fault, FaultError, type Scope, segmentOf, toCloudEvent, topicsOf } from '@soma/schemas/event';
import type { Clock, Copy, EventBus, EventStore, Outbox, OutboxEntry } from '../port/index.ts';

/** Copies published at once, and the pause after each round, in milliseconds: what else the process does goes first. */
const ROUND = 100;
const PACE_MS = 250;
/** Looked for without being told this often, in milliseconds. */
const IDLE_MS = 30_000;
/** How often a consumer is given one copy before it is set aside; the pauses between, in milliseconds, double up to the longest. */
const TRIES = 5;
const PAUSE_MS = { first: 250, longest: 60_000 };
/** Rounds looked through for something that need not wait. */
const LOOK_AHEAD = 10;

export interface RelayParts {
  readonly store: Pick<EventStore, 'watch'>;
  readonly outbox: Outbox;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly scope: Scope;
}

export interface Relay {
  /** Why nothing can be published now; null when all is well. */
  trouble(): Fault | null;
  /** Looks at the outbox soon. */
  wake(): void;
  /** Waits for the round under way. */
  stop(): Promise<void>;
}

/** A copy that failed: how often, and until when (by the clock's monotonic milliseconds) its stream waits. */
interface Failure {
  readonly tries: number;
  readonly until: number;
}

/**
 * Publishes what the log holds and the bus has not acknowledged, in the order of each stream, until it is stopped. A copy is settled after it
 * was acknowledged: after a kill between the two it is published once more, and consumers tell by its source and id. One that cannot be
 * taken in is set aside, at once when it does not fit its topic and else after some tries, and its stream goes on.
 */
export function startRelay(parts: RelayParts): Relay {
  const over = new AbortController();
  const work = new Relaying(parts, over.signal);
  const running = work.run();
  return {
    trouble: () => work.trouble,
    wake: () => work.wake(),
    stop: async () => {
      over.abort();
      await running;
    },
  };
}

class Relaying {
  trouble: Fault | null = null;
  readonly #parts: RelayParts;
  readonly #signal: AbortSignal;
  readonly #failures = new Map<number, Failure>();
  #woken = true;
  #awake: () => void = () => undefined;
  #downFor = 0;

  constructor(parts: RelayParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  wake(): void {
    this.#woken = true;
    this.#awake();
  }

  async run(): Promise<void> {
    const { store, scope } = this.#parts;
    const unwatch = store.watch(scope, () => this.wake());
    try {
      while (!this.#signal.aborted) await this.#sleep(await this.#guarded());
    } finally {
      unwatch();
    }
  }

  /** One round; answers how long to wait, in milliseconds. What the store or the bus itself cannot do is tried again for as long as it takes. */
  async #guarded(): Promise<number> {
    this.#woken = false;
    try {
      const pause = await this.#round();
      this.trouble = null;
      this.#downFor = 0;
      return pause;
    } catch (error) {
      this.trouble = faultOf(error);
      this.#downFor += 1;
      this.#woken = false;
      return pauseOf(this.#downFor);
    }
  }

  async #round(): Promise<number> {
    const { clock } = this.#parts;
    const waiting = new Set<string>();
    let after = 0;
    for (let look = 0; look < LOOK_AHEAD; look += 1) {
      const open = await this.#parts.outbox.page({
        ...{ scope: this.#parts.scope, only: 'open', after, limit: ROUND },
      });
      for (const entry of open) if (this.#waits(entry)) waiting.add(queueOf(entry));
      const due = open.filter((entry) => !waiting.has(queueOf(entry)));
      if (due.length > 0) {
        await this.#publish(due);
        return PACE_MS;
      }
      if (open.length < ROUND) break;
      after = open.at(-1)?.position ?? after;
    }
    const until = Math.min(...[...this.#failures.values()].map((failure) => failure.until));
    return Number.isFinite(until) ? Math.max(PACE_MS, until - clock.monotonicMs()) : IDLE_MS;
  }

  #waits({ position }: OutboxEntry): boolean {
    return (this.#failures.get(position)?.until ?? 0) > this.#parts.clock.monotonicMs();
  }

  /** All at once; where one among them fails, each by itself, so that one holds up no more than its stream. */
  async #publish(entries: readonly OutboxEntry[]): Promise<void> {
    const { outbox, bus, scope } = this.#parts;
    try {
      await bus.publish(entries.flatMap(copiesOf));
      await outbox.settle(
        scope,
        entries.map(({ position }) => position),
      );
      for (const { position } of entries) this.#failures.delete(position);
    } catch (error) {
      if (!isAboutCopy(error)) throw error;
      if (entries.length > 1) await this.#publishEach(entries);
      else for (const entry of entries) await this.#failed(entry, error.fault);
    }
  }

  async #publishEach(entries: readonly OutboxEntry[]): Promise<void> {
    const held = new Set<string>();
    for (const entry of entries) {
      if (this.#signal.aborted) return;
      if (held.has(queueOf(entry))) continue;
      await this.#publish([entry]);
      if (this.#failures.has(entry.position)) held.add(queueOf(entry));
    }
  }

  async #failed({ position }: OutboxEntry, fault: Fault): Promise<void> {
    const { outbox, clock, scope } = this.#parts;
    const tries = (this.#failures.get(position)?.tries ?? 0) + 1;
    if (fault.code === 'EVENT_INVALID' || tries >= TRIES) {
      await outbox.setAside(scope, position, { tries, at: clock.now(), fault });
      this.#failures.delete(position);
    } else {
      this.#failures.set(position, { tries, until: clock.monotonicMs() + pauseOf(tries) });
    }
  }

  /** Until the time is over, or there is news, which a pause between two rounds makes wait. */
  async #sleep(ms: number): Promise<void> {
    const { clock } = this.#parts;
    const signal = this.#signal;
    await clock.sleep(Math.min(ms, PACE_MS), signal).catch(() => undefined);
    if (ms <= PACE_MS || this.#woken || signal.aborted) return;
    const stop = new AbortController();
    const awake = new Promise<void>((resolve) => {
      this.#awake = resolve;
    });
    const rest = clock.sleep(ms - PACE_MS, AbortSignal.any([signal, stop.signal])).catch(() => undefined);
    await Promise.race([awake, rest]);
    stop.abort();
  }
}

/** What keeps its order: a stream, or all segments of a run. */
function queueOf({ event: { stream } }: OutboxEntry): string {
  return segmentOf(stream)?.stream ?? stream;
}

function copiesOf({ event }: OutboxEntry): Copy[] {
  return topicsOf(event.type).map((topic) => ({ topic, envelope: toCloudEvent(event) }));
}

function isAboutCopy(error: unknown): error is FaultError {
  return error instanceof FaultError && ['EVENT_INVALID', 'CONSUMER_FAILED'].includes(error.fault.code);
}

function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  return new FaultError('INTERNAL', { cause: String(error) }).fault;
}

function pauseOf(tries: number): number {
  return Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** (tries - 1));
}
