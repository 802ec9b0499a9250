import type { SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import type { Report } from '@soma/agent-core/adapter/transport';
import type { QueueDesk } from '@soma/agent-core/host';
import type { Queue } from '@soma/agent-core/outbox';
import type { Clock, Ids } from '@soma/agent-core/port';

/** Nothing of it is loaded until this long after the start, in milliseconds, unless somebody asks: the window comes first. */
const START_MS = 5000;

export interface QueuePlace {
  readonly ledger: SqliteLedger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tenant: string;
  readonly workspace: string;
  readonly report: Report;
}

/** The way from the log to the bus of this process, begun when it is first asked about or soon after the start. */
export class KeptQueue implements QueueDesk {
  readonly #place: QueuePlace;
  readonly #timer: NodeJS.Timeout;
  #opening: Promise<Queue> | null = null;

  constructor(place: QueuePlace) {
    this.#place = place;
    const begin = () => this.#open().catch((error: unknown) => place.report({ path: ['queue'], error }));
    this.#timer = setTimeout(() => void begin(), START_MS);
    this.#timer.unref();
  }

  async describe() {
    return (await this.#open()).describe();
  }

  async requeue(copy: string | null) {
    return (await this.#open()).requeue(copy);
  }

  async reconcile() {
    return (await this.#open()).reconcile();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await (await this.#opening)?.close();
  }

  #open(): Promise<Queue> {
    this.#opening ??= this.#begin();
    return this.#opening;
  }

  async #begin(): Promise<Queue> {
    const [{ Queue }, { LocalBus }] = await Promise.all([
      import('@soma/agent-core/outbox'),
      import('@soma/agent-core/adapter/bus-local'),
    ]);
    const { ledger, clock, ids, tenant, workspace } = this.#place;
    const actor = [{ kind: 'system', id: 'host' } as const];
    const scope = { tenant, workspace, actor, traceparent: ids.traceparent(), causation: null };
    const queue = new Queue({ ledger, bus: new LocalBus(), clock, scope });
    queue.start();
    return queue;
  }
}
