import { checkCloudEvent, FaultError } from '@soma/schemas/event';
import type { Copy, EventBus, Subscription } from '../../port/index.ts';

/** A bus within one process. It keeps nothing: a copy is acknowledged when every consumer of its topic has taken it in. */
export class LocalBus implements EventBus {
  readonly #subscriptions = new Set<Subscription>();
  #last: Promise<void> = Promise.resolve();

  async publish(copies: readonly Copy[]): Promise<void> {
    for (const { topic, envelope } of copies) {
      const checked = checkCloudEvent(topic, envelope);
      if (!checked.ok) throw new FaultError(checked.fault.code, checked.fault.data, checked.fault.retry);
    }
    // One after another, so that no copy overtakes one of its subject.
    const delivering = this.#last.then(() => this.#deliver(copies));
    this.#last = delivering.catch(() => undefined);
    return delivering;
  }

  subscribe(subscription: Subscription): () => void {
    const mine = { ...subscription };
    this.#subscriptions.add(mine);
    return () => void this.#subscriptions.delete(mine);
  }

  async #deliver(copies: readonly Copy[]): Promise<void> {
    for (const { consumer, topics, take } of [...this.#subscriptions]) {
      const wanted = copies.filter(({ topic }) => topics.includes(topic));
      if (wanted.length === 0) continue;
      try {
        await take(wanted);
      } catch (error) {
        const cause = error instanceof FaultError ? error.fault.code : String(error);
        throw new FaultError('CONSUMER_FAILED', { consumer, cause: cause.slice(0, 500) }, { when: 'now' });
      }
    }
  }
}
