import type { Reconciled } from '@soma/schemas/contract';
import { type Scope, topicsOf } from '@soma/schemas/event';
import type { Outbox, OutboxEntry, Receipts } from '../port/index.ts';
import type { Consumer } from './consumer.ts';

/** Events compared in one turn. */
const PAGE = 500;

export interface ReconcileParts {
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly consumers: readonly Consumer[];
  readonly scope: Scope;
  /** Lets everything else take its turn between two pages. */
  readonly pause: () => Promise<void>;
}

type ConsumerReport = Reconciled['consumers'][number];

/** What is known of one consumer so far. */
interface Tally {
  readonly consumer: Consumer;
  expected: number;
  taken: number;
  repeated: number;
  gaps: number;
  readonly missing: string[];
  /** Events of a stream that did not arrive, of which nobody knows yet whether a later one did. */
  readonly behind: Map<string, number>;
}

/**
 * Compares the log, the outbox and what each consumer has had, event by event, and opens in the outbox again what counts as acknowledged and
 * yet never arrived.
 */
export async function reconcile(parts: ReconcileParts): Promise<Reconciled> {
  const { outbox, receipts, scope, consumers } = parts;
  const tallies = consumers.map(newTally);
  const counts = { log: 0, open: 0, setAside: 0, gaps: 0 };
  const heads = new Map<string, number>();
  for (let after = 0; ; ) {
    const page = await outbox.page({ scope, only: 'all', after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.position;
    for (const { event, state } of page) {
      counts.log += 1;
      if (state === 'open') counts.open += 1;
      if (state === 'aside') counts.setAside += 1;
      if (event.sequence !== (heads.get(event.stream) ?? 0) + 1) counts.gaps += 1;
      heads.set(event.stream, event.sequence);
    }
    for (const tally of tallies) await compare(parts, tally, page);
    await parts.pause();
  }
  const missing = [...new Set(tallies.flatMap((tally) => tally.missing))];
  const reported: ConsumerReport[] = [];
  for (const tally of tallies) reported.push(await report(receipts, scope, tally));
  const requeued = missing.length === 0 ? 0 : await outbox.requeue(scope, missing);
  return { ...counts, consumers: reported, requeued };
}

function newTally(consumer: Consumer): Tally {
  return { consumer, expected: 0, taken: 0, repeated: 0, gaps: 0, missing: [], behind: new Map() };
}

async function compare(
  { receipts, scope }: ReconcileParts,
  tally: Tally,
  page: readonly OutboxEntry[],
): Promise<void> {
  const { name, topics } = tally.consumer;
  const wanted = page.filter(({ event }) => topicsOf(event.type).some((topic) => topics.includes(topic)));
  const ids = wanted.map(({ event }) => event.id);
  const had = await receipts.had(scope, name, ids);
  for (const { event, state } of wanted) {
    tally.expected += 1;
    const times = had.get(event.id);
    if (times === undefined) {
      tally.behind.set(event.stream, (tally.behind.get(event.stream) ?? 0) + 1);
      if (state === 'settled') tally.missing.push(event.id);
      continue;
    }
    tally.taken += 1;
    tally.repeated += times - 1;
    tally.gaps += tally.behind.get(event.stream) ?? 0;
    tally.behind.delete(event.stream);
  }
}

async function report(receipts: Receipts, scope: Scope, tally: Tally): Promise<ConsumerReport> {
  const { consumer, expected, taken, repeated, gaps, missing } = tally;
  const unknown = (await receipts.count(scope, consumer.name)) - taken;
  return { consumer: consumer.name, expected, taken, repeated, gaps, missing: missing.length, unknown };
}
