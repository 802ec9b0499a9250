import type { CloudEvent, Fault, RecordedEvent, Scope, Topic } from '@soma/schemas/event';

/** A copy of an event on its way to one topic. Copies of one subject, which is the event's stream, stay in order. */
export interface Copy {
  readonly topic: Topic;
  readonly envelope: CloudEvent;
}

export interface Subscription {
  /** Name of the consumer, the same in every process. */
  readonly consumer: string;
  readonly topics: readonly Topic[];
  /** Takes copies in, in the order of each subject; one that rejects is given them again, later. */
  readonly take: (copies: readonly Copy[]) => Promise<void>;
}

/**
 * Carries copies to consumers, each at least once; the log stays the truth. A bus that keeps nothing itself acknowledges when every
 * consumer has taken a copy in.
 */
export interface EventBus {
  /**
   * Resolves when the bus has acknowledged all. Throws FaultError: EVENT_INVALID with the `path` of what is wrong, before any is sent;
   * CONSUMER_FAILED where a consumer could not take one in. After that, or any other error, each may have been sent or not.
   */
  publish(copies: readonly Copy[]): Promise<void>;
  /** Answers the function that ends it. */
  subscribe(subscription: Subscription): () => void;
}

/** An event in the outbox: not yet acknowledged (*open*), acknowledged, or set aside after several tries. */
export interface OutboxEntry {
  /** Place in the log: what comes later is greater. */
  readonly position: number;
  readonly event: RecordedEvent;
  readonly state: 'open' | 'settled' | 'aside';
}

export interface OutboxRequest {
  readonly scope: Scope;
  readonly only: 'open' | 'all';
  /** Only what lies behind this position. */
  readonly after: number;
  readonly limit: number;
}

/** A copy that the bus did not take, with the last fault, and when it was set aside (RFC 3339). */
export interface SetAside {
  readonly event: RecordedEvent;
  readonly tries: number;
  readonly at: string;
  readonly fault: Fault;
}

export interface Backlog {
  readonly open: number;
  /** Of those, when the first was recorded (RFC 3339). */
  readonly oldest: string | null;
  readonly setAside: number;
  /** The first of them. */
  readonly first: readonly SetAside[];
}

/** What of the log has yet to reach the bus. Every event is in it from its commit on, in the same transaction. */
export interface Outbox {
  /** In the order of the log. */
  page(request: OutboxRequest): Promise<readonly OutboxEntry[]>;
  /** Notes what the bus has acknowledged; what is settled already, or no event of the scope, is passed over. */
  settle(scope: Scope, positions: readonly number[]): Promise<void>;
  setAside(scope: Scope, position: number, why: Omit<SetAside, 'event'>): Promise<void>;
  /** Opens events again by their ids, or with null all that were set aside. Answers how many. */
  requeue(scope: Scope, ids: readonly string[] | null): Promise<number>;
  backlog(scope: Scope, limit: number): Promise<Backlog>;
}

/** Which copies a consumer has taken in. The source is the scope's, so that an event's id names it once. */
export interface Receipts {
  /** How often the consumer was given each of these events; those it never had are left out. */
  had(scope: Scope, consumer: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Notes that it was given these, once for each time an id stands here. */
  note(scope: Scope, consumer: string, ids: readonly string[]): Promise<void>;
  /** How many different events it has had. */
  count(scope: Scope, consumer: string): Promise<number>;
}
