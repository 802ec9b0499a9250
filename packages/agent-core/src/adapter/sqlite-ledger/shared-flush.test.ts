import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm } from '../../failpoint/index.ts';
import type { Commit } from '../../port/index.ts';
import { commitOf, goalSubmitted, remarks, scopeOf } from '../../testing/event-sample.ts';
import { type LocalStore, openLocalStore, temporaryFolder } from '../../testing/local-store.ts';

const scope = scopeOf();
let store: LocalStore;
let home: ReturnType<typeof temporaryFolder>;
const disarm: (() => void)[] = [];

beforeEach(async () => {
  home = temporaryFolder();
  store = await openLocalStore(home.path);
});
afterEach(() => {
  for (const one of disarm.splice(0)) one();
  store.close();
  home.remove();
});

/** The first commit of a run. */
const begun = (run: string): Commit =>
  commitOf(scope, { stream: `run/${run}`, expected: 0, events: [goalSubmitted(run, `goal-${run}`)] });
const more = (run: string, expected: number, ids: string): Commit =>
  commitOf(scope, { stream: `run/${run}`, expected, events: remarks(ids, 1) });

async function idsOf(run: string): Promise<string[]> {
  const { events } = await store.ledger.read({ scope, stream: `run/${run}`, after: 0, limit: 1000 });
  return events.map(({ id }) => id);
}

function flushes(): () => number {
  let count = 0;
  disarm.push(
    arm('ledger.commit.before', () => {
      count += 1;
    }),
  );
  return () => count;
}

describe('commits that are asked for in one turn', () => {
  it('share one flush to the disk, however many they are, and the next turn has its own', async () => {
    const flushed = flushes();
    const runs = Array.from({ length: 20 }, (_, n) => `r${n}`);
    const answers = await Promise.all(runs.map((run) => store.ledger.commit(begun(run))));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(flushed()).toBe(1);
    await store.ledger.commit(begun('later'));
    expect(flushed()).toBe(2);
  });

  it('stand or fall each by itself', async () => {
    const stale = more('b', 7, 'x');
    const reused = commitOf(scope, { stream: 'run/a', expected: 1, events: [goalSubmitted('a', 'goal-b')] });
    const [a, b, again, ...others] = await Promise.all(
      [begun('a'), begun('b'), begun('a'), stale, reused].map((commit) => store.ledger.commit(commit)),
    );
    expect([a, b]).toMatchObject([{ ok: true }, { ok: true }]);
    // Asked for again, it is answered as it was the first time.
    expect(again).toEqual(a);
    expect(others.map(({ ok }) => ok)).toEqual([false, false]);
    expect([await idsOf('a'), await idsOf('b'), await idsOf('c')]).toEqual([['goal-a'], ['goal-b'], []]);
  });

  it('are tried one by one when what they share fails, so that only the cause of it falls', async () => {
    let passed = 0;
    disarm.push(
      arm('ledger.commit.written', () => {
        passed += 1;
        // The second of the three, together with the others and by itself.
        if (passed === 2 || passed === 4) throw new Error('not this one');
      }),
    );
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((run) => store.ledger.commit(begun(run))));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([await idsOf('a'), await idsOf('b'), await idsOf('c')]).toEqual([['goal-a'], [], ['goal-c']]);
  });

  it('are refused when the file is closed before their turn ends, and none of them was written', async () => {
    const waiting = ['a', 'b'].map((run) => store.ledger.commit(begun(run)));
    store.close();
    expect(await Promise.all(waiting)).toMatchObject([
      { ok: false, fault: { code: 'HOST_LEAVING' } },
      { ok: false, fault: { code: 'HOST_LEAVING' } },
    ]);
    store = await openLocalStore(home.path);
    expect([await idsOf('a'), await idsOf('b')]).toEqual([[], []]);
  });

  it('are heard of in the order in which they were asked for, after all of them are on the disk', async () => {
    const heard: string[] = [];
    let flushed = false;
    disarm.push(
      arm('ledger.commit.after', () => {
        flushed = true;
      }),
    );
    store.ledger.watch(scope, (events) => {
      expect(flushed).toBe(true);
      heard.push(...events.map(({ stream }) => stream));
    });
    await Promise.all(['a', 'b', 'c'].map((run) => store.ledger.commit(begun(run))));
    expect(heard).toEqual(['run/a', 'run/b', 'run/c']);
  });

  it('come to what they would have come to one after the other', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ run: fc.integer({ min: 0, max: 2 }), stale: fc.boolean() }), { maxLength: 12 }),
        async (asked) => {
          round += 1;
          const name = (run: number) => `p${round}-${run}`;
          await Promise.all([0, 1, 2].map((run) => store.ledger.commit(begun(name(run)))));
          const heads = [1, 1, 1];
          const expected: boolean[] = [];
          const commits = asked.map(({ run, stale }, index) => {
            const head = heads[run] ?? 1;
            if (!stale) heads[run] = head + 1;
            expected.push(!stale);
            return more(name(run), stale ? head + 5 : head, `q${round}-${index}`);
          });
          const answers = await Promise.all(commits.map((commit) => store.ledger.commit(commit)));
          expect(answers.map(({ ok }) => ok)).toEqual(expected);
          for (const run of [0, 1, 2]) expect((await idsOf(name(run))).length).toBe(heads[run]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
