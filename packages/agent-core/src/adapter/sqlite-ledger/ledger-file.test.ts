import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControllableClock } from '../../testing/controllable-clock.ts';
import { commitOf, goalSubmitted, remark, remarks, scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { type OpenDatabase, openDatabase } from '../data-folder/index.ts';
import { readMark } from '../data-folder/mark.ts';
import { ledgerSchema, SqliteLedger } from './index.ts';
import { type EventRow, isIntact, sha256 } from './row.ts';

const scope = scopeOf();
const clock = new ControllableClock();

let folder: string;
let remove: () => void;
let file: OpenDatabase;
let ledger: SqliteLedger;
beforeEach(async () => {
  ({ path: folder, remove } = temporaryFolder());
  await open();
});
afterEach(() => {
  file.close();
  remove();
});

async function open(): Promise<void> {
  file = await openDatabase({ folder, schema: ledgerSchema, clock, exit: 'clean', whenLost: 'refuse' });
  ledger = new SqliteLedger(file, clock);
}

async function begin(run = 'run-1', count = 5): Promise<void> {
  const events = [goalSubmitted(run, `${run}-goal`), ...remarks(run, count - 1)];
  const result = await ledger.commit(commitOf(scope, { stream: `run/${run}`, expected: 0, events }));
  expect(result).toMatchObject({ ok: true });
}

const readAll = () => ledger.read({ scope, stream: null, after: 0, limit: 100 });
const readRun = () => ledger.read({ scope, stream: 'run/run-1', after: 0, limit: 100 });

/** Changes rows as a failing disk would, past the triggers that keep everybody else from it. */
function falsify(sql: string, ...values: readonly (string | number | Buffer)[]): void {
  file.db.exec('DROP TRIGGER IF EXISTS events_stay; DROP TRIGGER IF EXISTS events_keep_still');
  file.db.pragma('foreign_keys = OFF');
  expect(file.db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
}

const damaged = (reason: string) => ({
  fault: { code: 'DATABASE_DAMAGED', data: { database: 'ledger', reason } },
});

describe('the rows of the log', () => {
  it('can be neither changed nor deleted', async () => {
    await begin();
    const forbidden = (sql: string) => () => file.db.prepare(sql).run();
    expect(forbidden("UPDATE events SET payload = x'00'")).toThrow('events are never changed');
    expect(forbidden('DELETE FROM events')).toThrow('events are never deleted');
  });

  it('are never given out with a payload that is not what was written', async () => {
    await begin();
    falsify(
      "UPDATE events SET payload = CAST(replace(CAST(payload AS TEXT), 'run-1 2', 'run-1 3') AS BLOB) WHERE sequence = 4",
    );
    await expect(readAll()).rejects.toMatchObject(damaged('checksum'));
    await expect(readRun()).rejects.toMatchObject(damaged('checksum'));
    expect(readMark(join(folder, 'ledger.mark'))).toEqual({ head: 5, doubted: true });
  });

  it('are never given out from another place than they were written to', async () => {
    await begin();
    falsify("UPDATE events SET stream = 'run/run-2' WHERE sequence = 5");
    await expect(readAll()).rejects.toMatchObject(damaged('misplaced'));
  });

  it('are missed when one between others is gone', async () => {
    await begin();
    falsify('DELETE FROM events WHERE sequence = 3');
    await expect(readRun()).rejects.toMatchObject(damaged('missing'));
  });

  it('of a type this build does not know say that the folder is newer', async () => {
    await begin();
    const row = file.db.prepare<[], EventRow>('SELECT * FROM events WHERE sequence = 5').get();
    const payload = Buffer.from(String(row?.payload).replace('step.completed', 'step.dreamt'));
    falsify('UPDATE events SET payload = ?, checksum = ? WHERE sequence = 5', payload, sha256(payload));
    await expect(readRun()).rejects.toMatchObject({
      fault: { code: 'DATA_FOLDER_NEWER', data: { sequence: 5 } },
    });
  });

  it.each(['NULL', "'text'", '7', "x''"])('are not taken for whole with a payload of %s', (value) => {
    const loose = new Database(':memory:');
    const row = loose
      .prepare<[], EventRow>(
        `SELECT 's' AS stream, 1 AS sequence, ${value} AS payload, x'00' AS checksum, x'00' AS chain`,
      )
      .get();
    expect(row !== undefined && isIntact(row)).toBe(false);
    loose.close();
  });
});

describe('the chain of a stream', () => {
  it('is found broken when an event was exchanged together with its checksum', async () => {
    await begin();
    const row = file.db.prepare<[], EventRow>('SELECT * FROM events WHERE sequence = 3').get();
    const payload = Buffer.from(String(row?.payload).replace('run-1 1', 'run-1 7'));
    expect(ledgerSchema.inspect(file.db)).toBeNull();
    falsify('UPDATE events SET payload = ?, checksum = ? WHERE sequence = 3', payload, sha256(payload));
    expect(ledgerSchema.inspect(file.db)).toBe('chain');
  });

  it('is found broken when events changed their places', async () => {
    await begin();
    falsify("UPDATE events SET stream = 'run/aside' WHERE sequence = 5");
    expect(ledgerSchema.inspect(file.db)).toBe('missing');
  });

  it('stays whole when an inline text is erased', async () => {
    await begin();
    const row = file.db.prepare<[], EventRow>('SELECT * FROM events WHERE sequence = 1').get();
    const text = String(row?.payload);
    const payload = Buffer.from(text.replace('"inline":"Explain this folder",', ''));
    expect(payload.length).toBeLessThan(text.length);
    falsify('UPDATE events SET payload = ?, checksum = ? WHERE sequence = 1', payload, sha256(payload));
    expect(ledgerSchema.inspect(file.db)).toBeNull();
    const [goal] = (await readRun()).events;
    expect(goal).toMatchObject({ type: 'goal.submitted', data: { goal: { size: 19 } } });
    expect(goal).not.toHaveProperty('data.goal.inline');
  });
});

describe('a lease', () => {
  it('whose row is damaged is not believed', async () => {
    await ledger.lease({ scope, stream: 'run/run-1', holder: 'one', ttlMs: 1000 });
    falsify('UPDATE leases SET token = 0');
    const request = { scope, stream: 'run/run-1', holder: 'two', ttlMs: 1000 };
    await expect(ledger.lease(request)).rejects.toMatchObject(damaged('lease'));
    expect(ledgerSchema.inspect(file.db)).toBe('lease');
  });
});

describe('the list of runs', () => {
  it.each<[string, string]>([
    [
      'was changed',
      "UPDATE runs SET summary = CAST(replace(CAST(summary AS TEXT), 'planning', 'verified') AS BLOB)",
    ],
    ['was given another place', 'UPDATE runs SET started = 99'],
    ['is of another shape', "UPDATE runs SET summary = x'7b7d'"],
  ])('is made again from the log when a row %s', async (_, sql) => {
    await begin();
    const before = await ledger.runs.page({ scope, cursor: null, limit: 10, only: 'all' });
    falsify(sql);
    expect(await ledger.runs.get(scope, 'run-1')).toEqual(before.runs[0]);
    expect(await ledger.runs.page({ scope, cursor: null, limit: 10, only: 'all' })).toEqual(before);
  });

  it('refuses a cursor it did not give', async () => {
    const page = ledger.runs.page({ scope, cursor: 'x', limit: 10, only: 'all' });
    await expect(page).rejects.toMatchObject({ fault: { code: 'INVALID_INPUT' } });
  });

  it('goes on from the row in the file when another connection wrote it', async () => {
    await begin();
    const other = new SqliteLedger(file, clock);
    const append = (expected: number, id: string) =>
      commitOf(scope, { stream: 'run/run-1', expected, events: [remark(id, id)] });
    await other.commit(append(5, 'other'));
    await ledger.commit(append(6, 'own'));
    expect((await ledger.runs.get(scope, 'run-1'))?.sequence).toBe(7);
  });
});

describe('the outbox', () => {
  it('holds every event from its commit on until it is settled, each by itself, also when opened again', async () => {
    await begin();
    expect(ledger.outbox.pending(scope, 3)).toEqual([1, 2, 3]);
    await ledger.outbox.settle(scope, [2, 4]);
    expect(ledger.outbox.pending(scope, 10)).toEqual([1, 3, 5]);
    file.close();
    await open();
    await ledger.outbox.settle(scope, [1, 2, 99]);
    expect(ledger.outbox.pending(scope, 10)).toEqual([3, 5]);
    await ledger.outbox.settle(scope, [3, 5]);
    expect(ledger.outbox.pending(scope, 10)).toEqual([]);
    await begin('run-2', 2);
    expect(ledger.outbox.pending(scope, 10)).toEqual([6, 7]);
  });

  it('keeps no row of what is settled without a gap', async () => {
    await begin();
    await ledger.outbox.settle(scope, [3, 2, 1]);
    expect(file.db.prepare('SELECT count(*) FROM settled').pluck().get()).toBe(0);
  });

  it('of a workspace holds nothing of another', async () => {
    await begin();
    const other = scopeOf('other');
    await ledger.outbox.settle(other, [1, 2, 3, 4, 5]);
    expect(ledger.outbox.pending(other, 10)).toEqual([]);
    expect(ledger.outbox.pending(scope, 10)).toHaveLength(5);
  });
});

describe('a listener that throws', () => {
  it('harms neither the commit nor other listeners, and its error is not hidden', async () => {
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    const told: string[] = [];
    ledger.watch(scope, () => {
      throw new Error('mistake');
    });
    ledger.watch(scope, (events) => told.push(...events.map(({ id }) => id)));
    await begin('run-1', 1);
    expect(told).toEqual(['run-1-goal']);
    expect(await thrown).toMatchObject({ message: 'mistake' });
  });
});
