import { isRunEvent, RecordedEvent, type Scope, versionOf } from '@soma/schemas/event';
import { projectSummary, type RunSummary } from '@soma/schemas/run';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit, CommitResult, EventStore, NewEvent, ReadModel } from '../port/index.ts';
import { anyRemark } from './any-remark.ts';
import type { ControllableClock } from './controllable-clock.ts';
import { commitOf, goalSubmitted, remark, remarks, scopeOf } from './event-sample.ts';

/** One store with its read model, on storage of its own. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  readonly runs: ReadModel;
  /** The clock the store was given. */
  readonly clock: ControllableClock;
  /** Closes it and opens it again on the same storage. */
  reopen(): Promise<EventStoreUnderTest>;
  close(): Promise<void>;
}

const scope = scopeOf();

/** What every EventStore with its ReadModel must do. `make` answers a new, empty one. */
export function eventStoreConformance(name: string, make: () => Promise<EventStoreUnderTest>): void {
  describe(`${name} keeps the promises of an EventStore`, () => {
    let under: EventStoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    describe('commit', () => commits(() => under));
    describe('read', () => reads(() => under));
    describe('watch', () => watches(() => under));
    describe('lease', () => leases(() => under));
    describe('list of runs', () => listsRuns(() => under));

    it('agrees with a plain list of events after any commits and any reopening', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 30 }), async (steps) => {
          await playOut(steps, make);
        }),
        { numRuns: 40 },
      );
    });
  });
}

type Under = () => EventStoreUnderTest;

function commits(under: Under): void {
  it('answers the events with their sequences, and reads them back the same', async () => {
    const asked = [goalSubmitted('run-1', 'a'), ...remarks('b', 2)];
    const events = accepted(
      await under().store.commit(commitOf(scope, { stream: 'run/run-1', expected: 0, events: asked })),
    );
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(events.map(({ id, time, type, data }) => ({ id, time, type, data }))).toEqual(asked);
    expect(await all(under())).toEqual(events);
  });

  it('goes on counting where the stream ended', async () => {
    await begin(under(), 'run-1');
    const events = accepted(await append(under(), 'run-1', { expected: 1, events: remarks('b', 2) }));
    expect(events.map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  it.each([0, 2, 7])(
    'answers a conflict with the true sequence when %i was expected instead of 1',
    async (expected) => {
      await begin(under(), 'run-1');
      const result = await append(under(), 'run-1', { expected, events: remarks('b', 1) });
      expect(result).toEqual({ ok: false, conflict: { stream: 'run/run-1', actual: 1 } });
      expect(await all(under())).toHaveLength(1);
    },
  );

  it('writes all of its appends or none', async () => {
    await begin(under(), 'run-1');
    const result = await under().store.commit(
      commitOf(
        scope,
        { stream: 'run/run-2', expected: 0, events: [goalSubmitted('run-2', 'b')] },
        { stream: 'run/run-1', expected: 0, events: remarks('c', 1) },
      ),
    );
    expect(result).toEqual({ ok: false, conflict: { stream: 'run/run-1', actual: 1 } });
    expect(await all(under())).toHaveLength(1);
    expect(await under().runs.get(scope, 'run-2')).toBeNull();
  });

  it('takes two appends to one stream when the second expects the end of the first', async () => {
    const result = await under().store.commit(
      commitOf(
        scope,
        { stream: 'run/run-1', expected: 0, events: [goalSubmitted('run-1', 'a')] },
        { stream: 'run/run-1', expected: 1, events: remarks('b', 1) },
      ),
    );
    expect(accepted(result).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('only checks the sequence of a stream it adds nothing to', async () => {
    await begin(under(), 'run-1');
    expect(accepted(await append(under(), 'run-1', { expected: 1, events: [] }))).toEqual([]);
    expect(await append(under(), 'run-1', { expected: 4, events: [] })).toMatchObject({
      conflict: { actual: 1 },
    });
  });

  it('answers a repeated commit as the first time and stores nothing twice', async () => {
    const commit = commitOf(scope, {
      stream: 'run/run-1',
      expected: 0,
      events: [goalSubmitted('run-1', 'a')],
    });
    const first = await under().store.commit(commit);
    await append(under(), 'run-1', { expected: 1, events: remarks('b', 3) });
    expect(await under().store.commit(commit)).toEqual(first);
    const later = commitOf(scope, {
      stream: 'run/run-1',
      expected: 4,
      events: [goalSubmitted('run-1', 'a')],
    });
    expect(await under().store.commit(later)).toEqual(first);
    expect(await all(under())).toHaveLength(4);
  });

  it('refuses an id that already names another event', async () => {
    await begin(under(), 'run-1', 'a');
    const refused = { ok: false, fault: { code: 'ID_REUSED', data: { id: 'a' } } };
    const elsewhere = { stream: 'run/run-2', expected: 0, events: [goalSubmitted('run-2', 'a')] };
    expect(await under().store.commit(commitOf(scope, elsewhere))).toMatchObject(refused);
    expect(await append(under(), 'run-1', { expected: 1, events: [remark('a', 'x')] })).toMatchObject(
      refused,
    );
    expect(
      await append(under(), 'run-1', {
        expected: 1,
        events: [remark('b', 'x'), goalSubmitted('run-1', 'a')],
      }),
    ).toMatchObject(refused);
    expect(
      await append(under(), 'run-1', { expected: 1, events: [remark('c', 'x'), remark('c', 'x')] }),
    ).toMatchObject({
      ok: false,
      fault: { code: 'ID_REUSED' },
    });
    expect(await all(under())).toHaveLength(1);
  });

  it('refuses what is no event, names the place, and writes nothing', async () => {
    const broken = goalSubmitted('run-1', 'b', { canvas: '' });
    const result = await under().store.commit(
      commitOf(scope, { stream: 'run/run-1', expected: 0, events: [goalSubmitted('run-1', 'a'), broken] }),
    );
    expect(result).toMatchObject({
      ok: false,
      fault: { code: 'INVALID_INPUT', data: { path: 'appends.0.events.1.data.canvas' } },
    });
    expect(await all(under())).toEqual([]);
  });

  it.each(['', 'x'.repeat(301)])('refuses a stream named %j', async (stream) => {
    const result = await under().store.commit(
      commitOf(scope, { stream, expected: 0, events: remarks('a', 1) }),
    );
    expect(result).toMatchObject({ ok: false, fault: { code: 'INVALID_INPUT' } });
  });

  it('refuses a goal in the stream of another run', async () => {
    const append = { stream: 'run/run-2', expected: 0, events: [goalSubmitted('run-1', 'a')] };
    expect(await under().store.commit(commitOf(scope, append))).toMatchObject({
      fault: { code: 'INVALID_INPUT' },
    });
    expect(await all(under())).toEqual([]);
  });

  it('keeps everything when it is opened again', async () => {
    const before = [
      ...(await begin(under(), 'run-1')),
      ...accepted(await append(under(), 'run-1', { expected: 1, events: remarks('b', 5) })),
    ];
    const again = await under().reopen();
    expect(await all(again)).toEqual(before);
    expect(
      accepted(await append(again, 'run-1', { expected: 6, events: remarks('c', 1) }))[0]?.sequence,
    ).toBe(7);
  });
}

function reads(under: Under): void {
  it('reads a stream page by page, each event once', async () => {
    await begin(under(), 'run-1');
    await append(under(), 'run-1', { expected: 1, events: remarks('b', 6) });
    const pages = await readPages(under(), 'run/run-1', { limit: 3 });
    expect(pages.map((page) => page.map(({ sequence }) => sequence))).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('reads all streams in the order of their commits, without gaps, while more is committed', async () => {
    const seen: string[] = [];
    const written: string[] = [];
    let cursor = 0;
    for (let round = 0; round < 20; round++) {
      const run = `run-${round % 3}`;
      const expected = Math.floor(round / 3);
      const id = `e-${round}`;
      const event = expected === 0 ? goalSubmitted(run, id) : remark(id, id);
      accepted(await append(under(), run, { expected, events: [event] }));
      written.push(id);
      const page = await under().store.read({ scope, stream: null, after: cursor, limit: 2 });
      if (round % 4 === 0) continue;
      cursor = page.cursor;
      seen.push(...page.events.map((one) => one.id));
    }
    const rest = await under().store.read({ scope, stream: null, after: cursor, limit: 1000 });
    expect([...seen, ...rest.events.map((one) => one.id)]).toEqual(written);
  });

  it('answers an empty page with the cursor it was given', async () => {
    expect(await under().store.read({ scope, stream: null, after: 7, limit: 10 })).toEqual({
      events: [],
      cursor: 7,
    });
    expect(await under().store.read({ scope, stream: 'run/none', after: 0, limit: 10 })).toEqual({
      events: [],
      cursor: 0,
    });
  });

  it('shows nobody the events of another workspace or tenant, even with the same stream and ids', async () => {
    const others: Scope[] = [scopeOf('other'), scopeOf('local', 'other')];
    await begin(under(), 'run-1', 'a');
    for (const other of others) {
      expect(await all(under(), other)).toEqual([]);
      expect(
        await under().store.read({ scope: other, stream: 'run/run-1', after: 0, limit: 10 }),
      ).toMatchObject({ events: [] });
      expect(await under().runs.get(other, 'run-1')).toBeNull();
      const goal = goalSubmitted('run-1', 'a', { canvas: other.workspace });
      accepted(
        await under().store.commit(commitOf(other, { stream: 'run/run-1', expected: 0, events: [goal] })),
      );
    }
    for (const own of [scope, ...others]) {
      const events = await all(under(), own);
      expect(events.map((event) => [event.scope.tenant, event.scope.workspace])).toEqual([
        [own.tenant, own.workspace],
      ]);
    }
  });
}

function watches(under: Under): void {
  it('tells of each commit once it is stored, in order, and of nothing that was refused or repeated', async () => {
    const told: string[][] = [];
    const stop = under().store.watch(scope, (events) => told.push(events.map(({ id }) => id)));
    const first = commitOf(scope, {
      stream: 'run/run-1',
      expected: 0,
      events: [goalSubmitted('run-1', 'a'), remark('b', 'x')],
    });
    await under().store.commit(first);
    await under().store.commit(first);
    await append(under(), 'run-1', { expected: 1, events: remarks('refused', 1) });
    await append(under(), 'run-1', { expected: 2, events: remarks('c', 1) });
    stop();
    await append(under(), 'run-1', { expected: 3, events: remarks('unheard', 1) });
    expect(told).toEqual([['a', 'b'], ['c-0']]);
  });

  it('tells only of the own workspace', async () => {
    const told: string[] = [];
    under().store.watch(scope, (events) => told.push(...events.map(({ id }) => id)));
    const other = scopeOf('other');
    await under().store.commit(
      commitOf(other, { stream: 'run/run-1', expected: 0, events: [goalSubmitted('run-1', 'a')] }),
    );
    await begin(under(), 'run-2', 'b');
    expect(told).toEqual(['b']);
  });

  it('tells every listener of one commit before any of the next, also when a listener commits', async () => {
    const told: string[] = [];
    const answers: Promise<CommitResult>[] = [];
    under().store.watch(scope, (events) => {
      told.push(`first ${events[0]?.id}`);
      if (events[0]?.id === 'a')
        answers.push(append(under(), 'run-1', { expected: 1, events: [remark('b', 'x')] }));
    });
    under().store.watch(scope, (events) => told.push(`second ${events[0]?.id}`));
    await begin(under(), 'run-1', 'a');
    for (const answer of answers) accepted(await answer);
    expect(told).toEqual(['first a', 'second a', 'first b', 'second b']);
  });
}

function leases(under: Under): void {
  const ask = (holder: string, stream = 'run/run-1') =>
    under().store.lease({ scope, stream, holder, ttlMs: 1000 });
  const fenced = (fence: Commit['fence'], expected: number, id: string): Commit => ({
    scope,
    fence,
    appends: [
      {
        stream: 'run/run-1',
        expected,
        events: [expected === 0 ? goalSubmitted('run-1', id) : remark(id, id)],
      },
    ],
  });

  it('goes to one holder until it ends, and then to the next with a higher token', async () => {
    const first = await ask('first');
    expect(first?.expiresAt).toBe('2026-01-01T00:00:01.000Z');
    expect(await ask('second')).toBeNull();
    under().clock.advance(999);
    expect(await ask('second')).toBeNull();
    under().clock.advance(1);
    const second = await ask('second');
    expect(second?.fence.token).toBeGreaterThan(first?.fence.token ?? Number.NaN);
    expect(await first?.renew()).toBe(false);
  });

  it('lasts as long as it is renewed', async () => {
    const lease = await ask('first');
    for (let n = 0; n < 5; n++) {
      under().clock.advance(900);
      expect(await lease?.renew()).toBe(true);
    }
    expect(await ask('second')).toBeNull();
    expect(lease?.expiresAt).toBe('2026-01-01T00:00:05.500Z');
  });

  it('is free at once when it is released, and a release by a former holder changes nothing', async () => {
    const first = await ask('first');
    await first?.release();
    const second = await ask('second');
    expect(second).not.toBeNull();
    await first?.release();
    expect(await ask('third')).toBeNull();
  });

  it('is given anew to its own holder, and fences off what that holder was before', async () => {
    const before = await ask('first');
    const after = await ask('first');
    expect(after?.fence.token).toBeGreaterThan(before?.fence.token ?? Number.NaN);
    expect(await under().store.commit(fenced(before?.fence ?? null, 0, 'a'))).toMatchObject({
      fault: { code: 'LEASE_LOST' },
    });
  });

  it('lets its holder commit, and nobody who held it before or has given it back', async () => {
    const first = await ask('first');
    accepted(await under().store.commit(fenced(first?.fence ?? null, 0, 'a')));
    under().clock.advance(1000);
    const second = await ask('second');
    const late = await under().store.commit(fenced(first?.fence ?? null, 1, 'late'));
    expect(late).toMatchObject({ ok: false, fault: { code: 'LEASE_LOST', data: { stream: 'run/run-1' } } });
    accepted(await under().store.commit(fenced(second?.fence ?? null, 1, 'b')));
    await second?.release();
    expect(await under().store.commit(fenced(second?.fence ?? null, 2, 'c'))).toMatchObject({
      fault: { code: 'LEASE_LOST' },
    });
    expect((await all(under())).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('counts its tokens on when the store is opened again', async () => {
    const first = await ask('first');
    const again = await under().reopen();
    again.clock.advance(10_000);
    const second = await again.store.lease({ scope, stream: 'run/run-1', holder: 'second', ttlMs: 1000 });
    expect(second?.fence.token).toBeGreaterThan(first?.fence.token ?? Number.NaN);
  });

  it('is one a stream and a workspace', async () => {
    await ask('first');
    expect(await ask('second', 'run/run-2')).not.toBeNull();
    const request = { scope: scopeOf('other'), stream: 'run/run-1', holder: 'second', ttlMs: 1000 };
    expect(await under().store.lease(request)).not.toBeNull();
  });
}

function listsRuns(under: Under): void {
  const page = (cursor: string | null, limit: number, only: 'all' | 'active' = 'all') =>
    under().runs.page({ scope, cursor, limit, only });

  it('answers the newest run first, page by page', async () => {
    for (let n = 1; n <= 5; n++) await begin(under(), `run-${n}`);
    const first = await page(null, 2);
    const second = await page(first.cursor, 2);
    const third = await page(second.cursor, 2);
    const ids = [first, second, third].map(({ runs }) => runs.map(({ run }) => run));
    expect(ids).toEqual([['run-5', 'run-4'], ['run-3', 'run-2'], ['run-1']]);
    expect(third.cursor).toBeNull();
  });

  it('leaves out runs that have ended when only active ones are asked for', async () => {
    for (const run of ['run-1', 'run-2']) await begin(under(), run);
    const note = { code: 'ended', data: {} };
    const ended = {
      ...remark('end', ''),
      type: 'run.ended' as const,
      data: { state: 'stopped' as const, note, fault: null },
    };
    accepted(await append(under(), 'run-1', { expected: 1, events: [ended] }));
    expect((await page(null, 10, 'active')).runs.map(({ run }) => run)).toEqual(['run-2']);
    expect((await under().runs.get(scope, 'run-1'))?.phase).toBe('stopped');
  });

  it('answers null for a run that is not there', async () => {
    expect(await under().runs.get(scope, 'run-1')).toBeNull();
  });

  it('is the same after it was made again from the log', async () => {
    for (const run of ['run-1', 'run-2', 'run-3']) await begin(under(), run);
    await append(under(), 'run-2', { expected: 1, events: remarks('b', 4) });
    const before = await page(null, 10);
    await under().runs.rebuild(scope);
    expect(await page(null, 10)).toEqual(before);
  });

  it('forgets what a refused commit would have changed', async () => {
    await begin(under(), 'run-1');
    await append(under(), 'run-1', { expected: 1, events: remarks('b', 1) });
    await under().store.commit(
      commitOf(
        scope,
        { stream: 'run/run-1', expected: 2, events: remarks('c', 3) },
        { stream: 'run/run-2', expected: 5, events: remarks('d', 1) },
      ),
    );
    accepted(await append(under(), 'run-1', { expected: 2, events: remarks('e', 1) }));
    expect((await under().runs.get(scope, 'run-1'))?.sequence).toBe(3);
  });
}

const anyStep = fc.record({
  workspace: fc.constantFrom('local', 'other'),
  appends: fc.array(
    fc.record({
      run: fc.constantFrom('run-1', 'run-2', 'run-3'),
      off: fc.constantFrom(0, 0, 0, 0, 1, -1),
      events: fc.array(anyRemark, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  next: fc.constantFrom('nothing', 'nothing', 'nothing', 'repeat', 'reopen'),
});

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps on a new store and, beside it, on a plain list; they must agree at the end. */
async function playOut(steps: readonly Step[], make: () => Promise<EventStoreUnderTest>): Promise<void> {
  let under = await make();
  const model = new Map<string, RecordedEvent[]>();
  try {
    for (const [n, { workspace, appends, next }] of steps.entries()) {
      const { commit, conflict, added } = expected(model, scopeOf(workspace), { n, appends });
      const result = await under.store.commit(commit);
      if (conflict) expect(result).toMatchObject({ ok: false, conflict });
      else {
        expect(accepted(result)).toEqual(added);
        model.set(workspace, [...(model.get(workspace) ?? []), ...added]);
        if (next === 'repeat') expect(await under.store.commit(commit)).toEqual(result);
      }
      if (next === 'reopen') under = await under.reopen();
    }
    for (const [workspace, events] of model) await compare(under, scopeOf(workspace), events);
  } finally {
    await under.close();
  }
}

/** What a step asks for, and what must come of it. */
function expected(
  model: ReadonlyMap<string, readonly RecordedEvent[]>,
  scope: Scope,
  { n, appends }: { n: number; appends: Step['appends'] },
) {
  const heads = new Map<string, number>();
  for (const { stream } of model.get(scope.workspace) ?? []) heads.set(stream, (heads.get(stream) ?? 0) + 1);
  const added: RecordedEvent[] = [];
  let conflict: { stream: string; actual: number } | null = null;
  const asked = appends.map(({ run, off, events }, a) => {
    const stream = `run/${run}`;
    const head = heads.get(stream) ?? 0;
    const from = Math.max(0, head + off);
    const bodies = events.map((event, e) => event(`${n}-${a}-${e}`));
    const news = from === 0 && bodies.length > 0 ? [goalSubmitted(run, `${n}-${a}-goal`), ...bodies] : bodies;
    if (from !== head) conflict ??= { stream, actual: head };
    added.push(
      ...news.map((event, e) =>
        RecordedEvent.parse({
          ...{ ...event, stream, scope },
          ...{ sequence: from + e + 1, version: versionOf(event.type) },
        }),
      ),
    );
    heads.set(stream, head + news.length);
    return { stream, expected: from, events: news };
  });
  return { commit: commitOf(scope, ...asked), conflict, added };
}

async function compare(
  under: EventStoreUnderTest,
  scope: Scope,
  events: readonly RecordedEvent[],
): Promise<void> {
  expect(await all(under, scope)).toEqual(events);
  const rows = new Map<string, RunSummary | null>();
  for (const event of events) {
    if (isRunEvent(event)) rows.set(event.stream, projectSummary(rows.get(event.stream) ?? null, event));
  }
  for (const [stream, row] of rows) {
    expect(await under.runs.get(scope, stream.slice('run/'.length))).toEqual(row);
    const own = events.filter((event) => event.stream === stream);
    expect((await readPages(under, stream, { limit: 4, of: scope })).flat()).toEqual(own);
  }
}

function accepted(result: CommitResult): readonly RecordedEvent[] {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.events;
}

async function begin(
  under: EventStoreUnderTest,
  run: string,
  id = `begin-${run}`,
): Promise<readonly RecordedEvent[]> {
  return accepted(await append(under, run, { expected: 0, events: [goalSubmitted(run, id)] }));
}

function append(
  { store }: EventStoreUnderTest,
  run: string,
  { expected, events }: { expected: number; events: readonly NewEvent[] },
): Promise<CommitResult> {
  return store.commit(commitOf(scope, { stream: `run/${run}`, expected, events }));
}

async function all({ store }: EventStoreUnderTest, of: Scope = scope): Promise<readonly RecordedEvent[]> {
  return (await store.read({ scope: of, stream: null, after: 0, limit: 10_000 })).events;
}

async function readPages(
  { store }: EventStoreUnderTest,
  stream: string,
  { limit, of = scope }: { limit: number; of?: Scope },
): Promise<(readonly RecordedEvent[])[]> {
  const pages: (readonly RecordedEvent[])[] = [];
  for (let after = 0; ; ) {
    const page = await store.read({ scope: of, stream, after, limit });
    if (page.events.length === 0) return pages;
    pages.push(page.events);
    after = page.cursor;
  }
}
