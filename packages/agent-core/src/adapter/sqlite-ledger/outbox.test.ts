import { fault } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILPOINTS } from '../../failpoint/index.ts';
import type { OutboxEntry } from '../../port/index.ts';
import { commitOf, remarks, SAMPLE_TIME, scopeOf } from '../../testing/event-sample.ts';
import { runUntilKilled } from '../../testing/kill.ts';
import { type LocalStore, openLocalStore, temporaryFolder } from '../../testing/local-store.ts';

const scope = scopeOf();
const other = scopeOf('other');
const why = { tries: 5, at: SAMPLE_TIME, fault: fault('CONSUMER_FAILED', { consumer: 'c' }) };

/** What the three events of a child are, killed at each place. */
const LEFT = {
  'queue.aside.before': ['open', 'open', 'open'],
  'queue.aside.after': ['open', 'aside', 'open'],
  'queue.requeue.before': ['settled', 'aside', 'open'],
  'queue.requeue.after': ['settled', 'open', 'open'],
};

/** Writes `count` events to a stream of its own. */
async function add(store: LocalStore, stream: string, count: number): Promise<void> {
  const events = remarks(stream, count);
  const done = await store.ledger.commit(commitOf(scope, { stream: `run/${stream}`, expected: 0, events }));
  if (!done.ok) throw new Error(JSON.stringify(done));
}

/** Opens the data folder for as long as the work takes. */
async function opened<T>(folder: string, work: (store: LocalStore) => Promise<T>): Promise<T> {
  const store = await openLocalStore(folder);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

async function withStore<T>(work: (store: LocalStore) => Promise<T>): Promise<T> {
  const { path, remove } = temporaryFolder();
  try {
    return await opened(path, work);
  } finally {
    remove();
  }
}

type Act =
  | { readonly do: 'add'; readonly count: number }
  | { readonly do: 'settle'; readonly positions: readonly number[] }
  | { readonly do: 'aside'; readonly position: number }
  | { readonly do: 'requeue'; readonly positions: readonly number[] | null };

const anyPosition = fc.integer({ min: 1, max: 12 });
const anyPositions = fc.array(anyPosition, { maxLength: 6 });
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('settle' as const), positions: anyPositions }),
  fc.record({ do: fc.constant('aside' as const), position: anyPosition }),
  fc.record({ do: fc.constant('requeue' as const), positions: fc.option(anyPositions) }),
);

/** What the outbox must hold: the state and id of each position, from 1. */
class Model {
  readonly entries: { id: string; state: OutboxEntry['state'] }[] = [];
  #streams = 0;

  async act(store: LocalStore, act: Act): Promise<void> {
    const { outbox } = store.ledger;
    switch (act.do) {
      case 'add': {
        const stream = `s${this.#streams}`;
        this.#streams += 1;
        await add(store, stream, act.count);
        for (let n = 0; n < act.count; n += 1) this.entries.push({ id: `${stream}-${n}`, state: 'open' });
        return;
      }
      case 'settle':
        await outbox.settle(scope, act.positions);
        for (const position of act.positions) this.#set(position, 'settled', ['open']);
        return;
      case 'aside':
        if (this.entries[act.position - 1]?.state !== 'open') return;
        await outbox.setAside(scope, act.position, why);
        return this.#set(act.position, 'aside', ['open']);
      case 'requeue': {
        const ids = act.positions?.flatMap((position) => this.entries[position - 1]?.id ?? []) ?? null;
        await outbox.requeue(scope, ids);
        const from = act.positions === null ? (['aside'] as const) : (['aside', 'settled'] as const);
        const positions = act.positions ?? this.entries.map((_, index) => index + 1);
        for (const position of positions) this.#set(position, 'open', from);
        return;
      }
      default:
        return act satisfies never;
    }
  }

  #set(position: number, to: OutboxEntry['state'], from: readonly OutboxEntry['state'][]): void {
    const entry = this.entries[position - 1];
    if (entry !== undefined && from.includes(entry.state)) entry.state = to;
  }
}

describe('the outbox', () => {
  it('holds of each event what was last said of it, whatever is settled, set aside and opened again, and in which order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAct, { maxLength: 14 }), (acts) =>
        withStore(async (store) => {
          const { outbox } = store.ledger;
          const model = new Model();
          for (const act of acts) {
            await model.act(store, act);
            const page = await outbox.page({ scope, only: 'all', after: 0, limit: 100 });
            expect(page.map(({ event, state }) => ({ id: event.id, state }))).toEqual(model.entries);
          }
          const open = model.entries.flatMap(({ state }, n) => (state === 'open' ? [n + 1] : []));
          expect(outbox.pending(scope, 100)).toEqual(open);
          expect(outbox.pending(scope, 2, 3)).toEqual(open.filter((position) => position > 3).slice(0, 2));
          const aside = model.entries.filter(({ state }) => state === 'aside');
          const backlog = await outbox.backlog(scope, 100);
          expect(backlog).toMatchObject({ open: open.length, setAside: aside.length });
          expect(backlog.first.map(({ event: { id }, ...rest }) => ({ id, ...rest }))).toEqual(
            aside.map(({ id }) => ({ id, ...why })),
          );
        }),
      ),
      { numRuns: 40 },
    );
  });

  it('sets aside, opens and counts nothing of another workspace', () =>
    withStore(async (store) => {
      await add(store, 'a', 2);
      const { outbox } = store.ledger;
      await outbox.setAside(other, 1, why);
      expect(await outbox.requeue(other, ['a-0'])).toBe(0);
      expect(await outbox.backlog(other, 10)).toEqual({ open: 0, oldest: null, setAside: 0, first: [] });
      expect(await outbox.backlog(scope, 10)).toMatchObject({ open: 2, oldest: SAMPLE_TIME, setAside: 0 });
    }));
});

describe('receipts', () => {
  it('count how often a consumer was given an event, each consumer and workspace for itself', () =>
    withStore(async (store) => {
      const { receipts } = store.ledger;
      await receipts.note(scope, 'one', ['a', 'b', 'a']);
      await receipts.note(scope, 'two', ['a']);
      expect(await receipts.had(scope, 'one', ['a', 'b', 'c'])).toEqual(
        new Map([
          ['a', 2],
          ['b', 1],
        ]),
      );
      expect(await receipts.count(scope, 'one')).toBe(2);
      expect(await receipts.had(other, 'one', ['a'])).toEqual(new Map());
      expect(await receipts.count(scope, 'three')).toBe(0);
    }));
});

it.each(FAILPOINTS.filter((name) => /^queue\.(aside|requeue)\./.test(name)))(
  'killed at %s, what was said of each event before it stands whole, and nothing is lost',
  async (name) => {
    const { path, remove } = temporaryFolder();
    try {
      await opened(path, (store) => add(store, 'a', 3));
      const entry = new URL('../../testing/outbox-child.ts', import.meta.url);
      const ended = await runUntilKilled({ entry, args: [path], at: { name, hit: 1 } });
      expect(ended).toMatchObject({ killed: true });
      const states = await opened(path, async ({ ledger: { outbox } }) => {
        const page = await outbox.page({ scope, only: 'all', after: 0, limit: 10 });
        return page.map(({ state }) => state);
      });
      const [expected] = Object.entries(LEFT).flatMap(([at, left]) => (at === name ? [left] : []));
      expect(states).toEqual(expected);
    } finally {
      remove();
    }
  },
);
