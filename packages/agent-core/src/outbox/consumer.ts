import { type CloudEvent, readCloudEvent, type Scope, sourceOf, type Topic } from '@soma/schemas/event';
import type { Copy, EventBus, Receipts } from '../port/index.ts';

export interface Consumer {
  readonly name: string;
  readonly topics: readonly Topic[];
  /**
   * Given each event once, by its source and id, unless the process ends between this and the receipt: what it does must bear being done
   * again under the same id, or be written with it.
   */
  readonly take?: (envelopes: readonly CloudEvent[]) => Promise<void>;
}

/**
 * The consumer of a computer that has no other: it takes in whatever there is and keeps the receipt alone, so that what left the log can
 * be compared with what arrived.
 */
export const WITNESS: Consumer = {
  name: 'witness',
  topics: ['agent.runs.v1', 'agent.steps.v1', 'agent.tools.v1', 'agent.audit.v1'],
};

export interface ConsumerParts {
  readonly bus: EventBus;
  readonly receipts: Receipts;
  /** Whose events are taken in; those of another source are passed over. */
  readonly scope: Scope;
}

/** Connects a consumer with the bus. Answers the function that ends it. */
export function consume({ bus, receipts, scope }: ConsumerParts, consumer: Consumer): () => void {
  const { name, topics, take } = consumer;
  return bus.subscribe({
    consumer: name,
    topics,
    take: async (copies) => {
      const read = onceEach(copies.flatMap((copy) => legible(copy, sourceOf(scope))));
      const ids = read.map(({ id }) => id);
      const had = await receipts.had(scope, name, ids);
      const fresh = read.filter(({ id }) => !had.has(id));
      if (fresh.length > 0) await take?.(fresh);
      if (ids.length > 0) await receipts.note(scope, name, ids);
    },
  });
}

/** One event may come by several topics. */
function onceEach(envelopes: readonly CloudEvent[]): readonly CloudEvent[] {
  return [...new Map(envelopes.map((envelope) => [envelope.id, envelope])).values()];
}

function legible({ topic, envelope }: Copy, source: string): CloudEvent[] {
  const read = readCloudEvent(topic, envelope);
  return read === null || read.source !== source ? [] : [read];
}
