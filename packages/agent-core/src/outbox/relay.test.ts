import { FaultError } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalBus } from '../adapter/bus-local/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { FAILPOINTS } from '../failpoint/index.ts';
import type { Copy, EventBus } from '../port/index.ts';
import { ControllableClock } from '../testing/controllable-clock.ts';
import { commitOf, goalSubmitted, remarks, scopeOf } from '../testing/event-sample.ts';
import { runUntilKilled } from '../testing/kill.ts';
import { type LocalStore, openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { Queue, type Relay, startRelay } from './index.ts';

const scope = scopeOf();
let folder: ReturnType<typeof temporaryFolder>;
let store: LocalStore;
let bus: LocalBus;
let had: Copy[];
let relay: Relay | null;

beforeEach(async () => {
  folder = temporaryFolder();
  store = await openLocalStore(folder.path);
  bus = new LocalBus();
  had = [];
  relay = null;
});

afterEach(async () => {
  await relay?.stop();
  store.close();
  folder.remove();
});

/** Writes a run of one goal and `count` remarks. */
async function begin(run: string, count: number): Promise<void> {
  const events = [goalSubmitted(run, `${run}-goal`), ...remarks(run, count)];
  const done = await store.ledger.commit(commitOf(scope, { stream: `run/${run}`, expected: 0, events }));
  if (!done.ok) throw new Error(JSON.stringify(done));
}

function listen(fails: (copies: readonly Copy[]) => boolean = () => false): void {
  bus.subscribe({
    consumer: 'all',
    topics: ['agent.runs.v1', 'agent.steps.v1'],
    take: async (copies) => {
      if (fails(copies)) throw new FaultError('DISK_FULL');
      had.push(...copies);
    },
  });
}

function start(change: { bus?: EventBus; clock?: ControllableClock } = {}): void {
  const { ledger } = store;
  relay = startRelay({ store: ledger, outbox: ledger.outbox, bus, clock: systemClock, scope, ...change });
}

const idsOf = (subject: string) =>
  had.filter(({ envelope }) => envelope.subject === subject).map(({ envelope: { id } }) => id);
const drained = () =>
  vi.waitFor(
    async () => expect(await store.ledger.outbox.backlog(scope, 10)).toMatchObject({ open: 0 }),
    5000,
  );

describe('the relay', () => {
  it('sends on what is in the log and what comes, in the order of each stream, and settles it', async () => {
    listen();
    await begin('r1', 3);
    start();
    await vi.waitFor(() => expect(had.length).toBeGreaterThan(0), 5000);
    await begin('r2', 1);
    await drained();
    expect(idsOf('run/r1')).toEqual(['r1-goal', 'r1-0', 'r1-1', 'r1-2']);
    expect(idsOf('run/r2')).toEqual(['r2-goal', 'r2-0']);
    expect(relay?.trouble()).toBeNull();
  });

  it('gives a consumer that fails more time, and the stream its order', async () => {
    let left = 2;
    listen(() => left-- > 0);
    await begin('r1', 2);
    start();
    await drained();
    expect(idsOf('run/r1')).toEqual(['r1-goal', 'r1-0', 'r1-1']);
    expect((await store.ledger.outbox.backlog(scope, 10)).setAside).toBe(0);
  });

  it('sets aside what is refused again and again, with its fault, and goes on with its stream and all others', async () => {
    const clock = new ControllableClock();
    listen((copies) => copies.some(({ envelope: { id } }) => id === 'r1-0'));
    await begin('r1', 2);
    await begin('r2', 1);
    start({ clock });
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect((await store.ledger.outbox.backlog(scope, 10)).open).toBe(0);
    }, 10_000);
    const { setAside, first } = await store.ledger.outbox.backlog(scope, 10);
    expect(setAside).toBe(1);
    expect(first[0]).toMatchObject({
      event: { id: 'r1-0' },
      tries: 5,
      fault: { code: 'CONSUMER_FAILED', data: { consumer: 'all', cause: 'DISK_FULL' } },
    });
    expect(idsOf('run/r1')).toEqual(['r1-goal', 'r1-1']);
    expect(idsOf('run/r2')).toEqual(['r2-goal', 'r2-0']);
  });

  it('does not let another stream wait while one is tried again', async () => {
    const clock = new ControllableClock();
    listen((copies) => copies.some(({ envelope: { id } }) => id === 'r1-goal'));
    await begin('r1', 150);
    await begin('r2', 1);
    start({ clock });
    await vi.waitFor(() => {
      clock.advance(50);
      expect(idsOf('run/r2')).toEqual(['r2-goal', 'r2-0']);
    }, 5000);
    expect(idsOf('run/r1')).toEqual([]);
  });

  it('waits for a bus that is away for as long as it takes, and sets nothing aside', async () => {
    const clock = new ControllableClock();
    let away = 12;
    listen();
    const distant: EventBus = {
      subscribe: (subscription) => bus.subscribe(subscription),
      publish: async (copies) => {
        away -= 1;
        if (away >= 0) throw new FaultError('HOST_UNREACHABLE');
        await bus.publish(copies);
      },
    };
    await begin('r1', 1);
    start({ clock, bus: distant });
    await vi.waitFor(() => expect(relay?.trouble()?.code).toBe('HOST_UNREACHABLE'), 5000);
    await vi.waitFor(() => {
      clock.advance(60_000);
      expect(idsOf('run/r1')).toEqual(['r1-goal', 'r1-0']);
    }, 10_000);
    await vi.waitFor(() => expect(relay?.trouble()).toBeNull());
    expect((await store.ledger.outbox.backlog(scope, 10)).setAside).toBe(0);
  });
});

describe('the queue', () => {
  const opened = () => {
    const { ledger } = store;
    return new Queue({ ledger, bus, clock: systemClock, scope });
  };

  it('says what waits, from when on, and what was set aside, which is sent again when asked', async () => {
    let broken = true;
    const queue = opened();
    await begin('r1', 1);
    expect(await queue.describe()).toMatchObject({
      backlog: 2,
      oldest: '2026-01-01T00:00:00.000Z',
      setAside: 0,
    });
    await store.ledger.outbox.setAside(scope, 1, {
      ...{ tries: 5, at: '2026-01-01T00:00:01.000Z' },
      fault: new FaultError('CONSUMER_FAILED').fault,
    });
    listen(() => broken);
    broken = false;
    queue.start();
    try {
      await drained();
      expect(idsOf('run/r1')).toEqual(['r1-0']);
      expect((await queue.describe()).copies).toMatchObject([{ copy: 'r1-goal', tries: 5, sequence: 1 }]);
      await expect(queue.requeue('none')).rejects.toMatchObject({ fault: { code: 'QUEUE_COPY_UNKNOWN' } });
      expect(await queue.requeue('r1-goal')).toBe(1);
      await drained();
      expect(idsOf('run/r1')).toEqual(['r1-0', 'r1-goal']);
      expect(await queue.requeue(null)).toBe(0);
    } finally {
      await queue.close();
    }
  });

  it('compares log, outbox and consumers, and sends again what never arrived', async () => {
    const queue = opened();
    await begin('r1', 3);
    await begin('r2', 1);
    // Acknowledged, yet the consumer had only one of them, twice, and one that no log knows.
    await store.ledger.outbox.settle(scope, [1, 2, 3, 4]);
    await store.ledger.receipts.note(scope, 'witness', ['r1-1', 'r1-1', 'stranger']);
    expect(await queue.reconcile()).toEqual({
      ...{ log: 6, open: 2, setAside: 0, gaps: 0, requeued: 3 },
      consumers: [
        { consumer: 'witness', expected: 6, taken: 1, repeated: 1, missing: 3, gaps: 2, unknown: 1 },
      ],
    });
    queue.start();
    await drained();
    expect(await queue.reconcile()).toMatchObject({
      ...{ open: 0, requeued: 0 },
      consumers: [{ expected: 6, taken: 6, missing: 0, gaps: 0 }],
    });
    await queue.close();
  });
});

const writes = FAILPOINTS.filter((name) => /^(ledger\.settle|queue\.note)\./.test(name));

it.each(writes)(
  'killed at %s, every event arrives, once for whoever tells by source and id',
  async (name) => {
    await begin('r1', 4);
    store.close();
    const data = folder.path;
    const entry = new URL('../testing/relay-child.ts', import.meta.url);
    expect(await runUntilKilled({ entry, args: [data], at: { name, hit: 1 } })).toMatchObject({
      killed: true,
    });
    store = await openLocalStore(data);
    const sentTwice = name === 'ledger.settle.before' || name === 'queue.note.after';
    expect(store.ledger.outbox.pending(scope, 10)).toHaveLength(name === 'ledger.settle.after' ? 0 : 5);
    const { ledger } = store;
    const queue = new Queue({ ledger, bus, clock: systemClock, scope });
    queue.start();
    await drained();
    const { consumers } = await queue.reconcile();
    expect(consumers).toEqual([
      {
        ...{ consumer: 'witness', expected: 5, taken: 5, missing: 0, gaps: 0, unknown: 0 },
        repeated: sentTwice ? 5 : 0,
      },
    ]);
    await queue.close();
  },
);
