import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../port/index.ts';
import { commitOf, goalSubmitted, remarks, SAMPLE_TIME } from '../../testing/event-sample.ts';
import { aScope, type LocalStore, openLocalStore, temporaryFolder } from '../../testing/local-store.ts';
import { ledgerSchema } from './schema.ts';

const scope = aScope();
let home: ReturnType<typeof temporaryFolder>;
let store: LocalStore;

beforeEach(async () => {
  home = temporaryFolder();
  store = await openLocalStore(home.path);
});
afterEach(() => {
  store.close();
  home.remove();
});

function begun(after: number, from: number): NewEvent {
  const data = { run: 'r1', after, from, state: null };
  return { id: `begun-${after}`, time: SAMPLE_TIME, type: 'segment.begun', data };
}

async function append(stream: string, events: readonly NewEvent[]): Promise<void> {
  const done = await store.ledger.commit(commitOf(scope, { stream, expected: 0, events }));
  expect(done).toMatchObject({ ok: true });
}

/** Three segments of four, three and two events, and a run beside them. */
async function divided(): Promise<void> {
  await append('run/r1', [goalSubmitted('r1', 'goal'), ...remarks('a', 3)]);
  await append('run/r1/4', [begun(4, 0), ...remarks('b', 3)]);
  await append('run/r2', [goalSubmitted('r2', 'other')]);
  await append('run/r1/7', [begun(7, 4), ...remarks('c', 2)]);
}

function withLedger<Value>(use: (db: Database.Database) => Value): Value {
  const db = new Database(join(home.path, 'ledger.db'));
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function lose(db: Database.Database, where: string): void {
  db.exec('DROP TRIGGER events_stay');
  db.exec(`DELETE FROM events WHERE ${where}`);
}

describe('a log in segments', () => {
  it('is one row of the list of runs, whose events count on, also when it is made again', async () => {
    await divided();
    const row = await store.ledger.runs.get(scope, 'r1');
    expect(row).toMatchObject({ run: 'r1', sequence: 9, segments: [4, 7] });
    await store.ledger.runs.rebuild(scope);
    expect(await store.ledger.runs.get(scope, 'r1')).toEqual(row);
    const { runs } = await store.ledger.runs.page({ scope, cursor: null, limit: 10, only: 'all' });
    expect(runs.map(({ run }) => run)).toEqual(['r2', 'r1']);
  });

  it('is found damaged when a segment does not begin where the one before it ends', async () => {
    await divided();
    expect(withLedger((db) => ledgerSchema.inspect(db))).toBeNull();
    withLedger((db) => lose(db, "stream = 'run/r1/4' AND sequence = 4"));
    expect(withLedger((db) => ledgerSchema.inspect(db))).toBe('missing');
  });

  it('is salvaged up to its first gap: no segment behind one is taken over', async () => {
    await divided();
    const fresh = new Database(':memory:');
    for (const { up } of ledgerSchema.migrations) fresh.exec(up);
    withLedger((db) => {
      lose(db, "stream = 'run/r1/4' AND sequence = 4");
      expect(ledgerSchema.salvage?.(db, fresh, null)).toBe(8);
    });
    const taken = fresh.prepare('SELECT stream, count(*) AS n FROM events GROUP BY stream').all();
    expect(taken).toEqual([
      { stream: 'run/r1', n: 4 },
      { stream: 'run/r1/4', n: 3 },
      { stream: 'run/r2', n: 1 },
    ]);
    fresh.close();
  });
});
