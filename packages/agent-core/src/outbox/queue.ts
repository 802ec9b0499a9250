import type { QueueView, Reconciled } from '@soma/schemas/contract';
import { FaultError, type Scope } from '@soma/schemas/event';
import type { Clock, EventBus, EventStore, Outbox, Receipts, SetAside } from '../port/index.ts';
import { consume, WITNESS } from './consumer.ts';
import { reconcile } from './reconcile.ts';
import { type Relay, type RelayParts, startRelay } from './relay.ts';

/** Copies set aside that are described one by one. */
const SHOWN = 50;

export interface QueueParts {
  /** The log, with its outbox and the receipts of consumers. */
  readonly ledger: Pick<EventStore, 'watch'> & { readonly outbox: Outbox; readonly receipts: Receipts };
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly scope: Scope;
}

/** What a person can ask of the way from the log to the bus, and what goes on there. */
export class Queue {
  readonly #parts: RelayParts & { readonly receipts: Receipts };
  readonly #unsubscribe: () => void;
  #relay: Relay | null = null;
  #comparing: Promise<Reconciled> | null = null;

  constructor({ ledger, ...parts }: QueueParts) {
    const { outbox, receipts } = ledger;
    this.#parts = { ...parts, store: ledger, outbox, receipts };
    this.#unsubscribe = consume(this.#parts, WITNESS);
  }

  /** Sends on from now until it is closed. */
  start(): void {
    this.#relay ??= startRelay(this.#parts);
  }

  async describe(): Promise<QueueView> {
    const { outbox, scope } = this.#parts;
    const { open, oldest, setAside, first } = await outbox.backlog(scope, SHOWN);
    const trouble = this.#relay?.trouble() ?? null;
    return { backlog: open, oldest, setAside, copies: first.map(copyOf), trouble };
  }

  /** Sends one event again by its id, or with null all that were set aside. Throws FaultError QUEUE_COPY_UNKNOWN. */
  async requeue(copy: string | null): Promise<number> {
    const { outbox, scope } = this.#parts;
    const requeued = await outbox.requeue(scope, copy === null ? null : [copy]);
    if (copy !== null && requeued === 0) throw new FaultError('QUEUE_COPY_UNKNOWN', { copy });
    this.#relay?.wake();
    return requeued;
  }

  /** Two that ask at once are answered the same. */
  reconcile(): Promise<Reconciled> {
    this.#comparing ??= this.#reconcile().finally(() => {
      this.#comparing = null;
    });
    return this.#comparing;
  }

  async close(): Promise<void> {
    await this.#relay?.stop();
    this.#unsubscribe();
  }

  async #reconcile(): Promise<Reconciled> {
    const { clock } = this.#parts;
    const pause = () => clock.sleep(1, new AbortController().signal);
    const report = await reconcile({ ...this.#parts, consumers: [WITNESS], pause });
    this.#relay?.wake();
    return report;
  }
}

function copyOf({ event, tries, at, fault: why }: SetAside): QueueView['copies'][number] {
  const { id, type, stream, sequence } = event;
  return { copy: id, type, stream, sequence, tries, at, fault: why };
}
