import { expect, it } from 'vitest';
import { commitOf, goalSubmitted, remarks, SAMPLE_TIME } from '../testing/event-sample.ts';
import { aScope, openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { LONG_RUN, watchLongRuns } from './long-runs.ts';

it('a run that has become long is told once, while it is at work', async () => {
  const { path, remove } = temporaryFolder();
  const store = await openLocalStore(path);
  try {
    const scope = aScope();
    let changes = 0;
    const told = watchLongRuns(store.ledger, scope, () => {
      changes += 1;
    });
    const stream = 'run/r1';
    const append = async (expected: number, events: Parameters<typeof commitOf>[1]['events']) =>
      expect(await store.ledger.commit(commitOf(scope, { stream, expected, events }))).toMatchObject({
        ok: true,
      });
    await append(0, [goalSubmitted('r1', 'goal'), ...remarks('a', LONG_RUN - 2)]);
    expect(told()).toEqual([]);
    await append(LONG_RUN - 1, remarks('b', 3));
    await append(LONG_RUN + 2, remarks('c', 3));
    expect(told()).toMatchObject([{ code: 'RUN_LONG', data: { what: 'r1', sequence: LONG_RUN } }]);
    const note = { code: 'stopped', data: {} };
    const ended = { type: 'run.ended', data: { state: 'stopped', note, fault: null } } as const;
    await append(LONG_RUN + 5, [{ ...ended, id: 'end', time: SAMPLE_TIME }]);
    expect(told()).toEqual([]);
    expect(changes).toBe(2);
  } finally {
    store.close();
    remove();
  }
});
