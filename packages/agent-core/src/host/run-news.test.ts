import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RunNews } from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import type { RunEvent } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapter/system/index.ts';
import { aScope, type LocalStore, openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { watchRunNews } from './run-news.ts';

const scope = aScope();
const HASH = 'a'.repeat(64);
let store: LocalStore;
let folder: ReturnType<typeof temporaryFolder>;
let sequence = 0;
const listeners = new Set<(delta: Delta) => void>();

beforeEach(async () => {
  folder = temporaryFolder();
  store = await openLocalStore(folder.path);
  sequence = 0;
  const goal = { hash: HASH, size: 1, mediaType: 'text/plain', inline: 'g' };
  const at = { run: 'r1', folder: { id: 'f', path: '/f' }, canvas: 'c' };
  await append({ type: 'goal.submitted', data: { ...at, goal, plan: null, slots: {}, approve: 'ask' } });
});

afterEach(() => {
  store.close();
  folder.remove();
});

async function append(...events: RunEvent[]): Promise<void> {
  const stamped = events.map((event, index) => ({
    ...event,
    id: `e${sequence + index}`,
    time: systemClock.now(),
  }));
  const result = await store.ledger.commit({
    scope,
    appends: [{ stream: 'run/r1', expected: sequence, events: stamped }],
    fence: null,
  });
  expect(result.ok).toBe(true);
  sequence += events.length;
}

const log = () => ({
  ...{ store: store.ledger, runs: store.ledger.runs, content: store.content, version: '0.0.0' },
});

function watch(after: number | null, stop = new AbortController()) {
  const onDelta = (listener: (delta: Delta) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return watchRunNews(
    { ...log(), clock: systemClock, onDelta },
    { scope, run: 'r1', after, signal: stop.signal },
  );
}

async function next(news: AsyncGenerator<RunNews, void, void>): Promise<RunNews> {
  const item = await news.next();
  if (item.done === true) throw new Error('the watch has ended');
  return item.value;
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What a WeakRef was made of in this turn stays until the next.
  await pause(1);
  collect();
}

const paused: RunEvent = { type: 'run.paused', data: { reason: 'person', fault: null } };
const resumed: RunEvent = { type: 'run.resumed', data: { from: 'paused', approve: null } };

describe('watching a run', () => {
  it('begins with a snapshot and its sequence, then brings every event once and in order', async () => {
    const news = watch(null);
    expect(await next(news)).toMatchObject({ type: 'snapshot', state: { id: 'r1', sequence: 1 } });
    await append(paused);
    await append(resumed, paused);
    const seen: number[] = [];
    while (seen.length < 3) {
      const batch = await next(news);
      if (batch.type === 'batch') seen.push(...batch.events.map((event) => event.sequence));
    }
    expect(seen).toEqual([2, 3, 4]);
    await news.return();
  });

  it('goes on from the last sequence seen, without a snapshot and without a gap', async () => {
    await append(paused, resumed);
    const news = watch(2);
    const batch = await next(news);
    expect(batch.type === 'batch' && batch.events.map((event) => event.sequence)).toEqual([3]);
    await news.return();
  });

  it('loses no event that is committed while the snapshot is read', async () => {
    const news = watch(null);
    const first = next(news);
    await append(paused);
    const snapshot = await first;
    const from = snapshot.type === 'snapshot' ? snapshot.state.sequence : 0;
    if (from === 1) expect(await next(news)).toMatchObject({ events: [{ sequence: 2 }] });
    else expect(from).toBe(2);
    await news.return();
  });

  it('gives a reader that fell far behind a snapshot instead of every event', async () => {
    const news = watch(null);
    await next(news);
    const many = Array.from({ length: 2600 }, () => [paused, resumed]).flat();
    await append(...many);
    expect(await next(news)).toMatchObject({ type: 'snapshot', state: { sequence: 5201 } });
    await news.return();
  });

  it('keeps only so many events for a reader that stands still, and then loses it none of them', async () => {
    const alive: WeakRef<object>[] = [];
    const stop = store.ledger.watch(scope, (events) => {
      for (const event of events) alive.push(new WeakRef(event));
    });
    const news = watch(null);
    await next(news);
    for (let commit = 0; commit < 8; commit += 1)
      await append(...Array.from({ length: 500 }, () => [paused, resumed]).flat());
    stop();
    await collectGarbage();
    expect(alive).toHaveLength(8000);
    expect(alive.filter((ref) => ref.deref() !== undefined).length).toBeLessThanOrEqual(5000);
    expect(await next(news)).toMatchObject({ type: 'snapshot', state: { sequence: 8001 } });
    await append(paused);
    expect(await next(news)).toMatchObject({ type: 'batch', events: [{ sequence: 8002 }] });
    await news.return();
  });

  it('brings only the newest progress of each call, and ends its listening when the watch ends', async () => {
    const news = watch(null);
    await next(news);
    for (const done of [1, 2, 3]) {
      const progress = { note: { code: 'reading', data: {} }, done, total: 3 };
      for (const listener of listeners)
        listener({ type: 'tool-progress', run: 'r1', task: 't', call: 'c', progress });
    }
    expect(await next(news)).toMatchObject({ type: 'batch', deltas: [{ progress: { done: 3 } }] });
    await news.return();
    expect(listeners.size).toBe(0);
  });

  it('ends at once for a run that does not exist', async () => {
    const stop = new AbortController();
    const parts = { ...log(), clock: systemClock, onDelta: () => () => undefined };
    const news = watchRunNews(parts, { scope, run: 'r2', after: null, signal: stop.signal });
    expect(await news.next()).toEqual({ done: true, value: undefined });
  });
});
