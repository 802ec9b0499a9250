import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, FAILPOINTS, type Failpoint } from '../../failpoint/index.ts';
import { commitOf, goalSubmitted, remarks, SAMPLE_TIME, scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { backupsOf, type DatabaseSchema, openDatabase, takeBack } from '../data-folder/index.ts';
import { systemClock } from '../system/index.ts';
import { ledgerSchema, SqliteLedger } from './index.ts';

const scope = scopeOf();
/** The ledger as the build before knew it. */
const older: DatabaseSchema = {
  ...ledgerSchema,
  migrations: ledgerSchema.migrations.slice(0, 1),
  measure: () => ({ counts: {}, digest: '' }),
};

let folder: string;
let remove: () => void;
const open = (schema = ledgerSchema) =>
  openDatabase({ folder, schema, clock: systemClock, exit: 'unclean', whenLost: 'refuse' });
const back = (version = 1) =>
  takeBack({ folder, schema: ledgerSchema, clock: systemClock, exit: 'clean', whenLost: 'refuse' }, version);

beforeEach(async () => {
  ({ path: folder, remove } = temporaryFolder());
  const file = await open();
  const ledger = new SqliteLedger(file, systemClock);
  const events = [goalSubmitted('r1', 'goal'), ...remarks('r', 19)];
  await ledger.commit(commitOf(scope, { stream: 'run/r1', expected: 0, events }));
  const positions = Array.from({ length: 18 }, (_, n) => n + 1).filter((one) => one !== 15);
  await ledger.outbox.settle(scope, positions);
  await ledger.outbox.setAside(scope, 15, { tries: 3, at: SAMPLE_TIME, fault: fault('INTERNAL') });
  await ledger.outbox.requeue(scope, ['r-3', 'r-8']);
  await ledger.lease({ scope, stream: 'run/r1', holder: 'h', ttlMs: 0 });
  file.close();
});
afterEach(() => remove());

/** Everything the older version knows, and what it would send: positions open in its own words. */
function known(): unknown {
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  try {
    const rows = (table: string) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all();
    return { events: rows('events'), runs: rows('runs'), leases: rows('leases') };
  } finally {
    db.close();
  }
}

function openInOlder(): unknown {
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  try {
    return db
      .prepare(
        `SELECT position FROM events WHERE position > (SELECT settled_to FROM outbox)
           AND position NOT IN (SELECT position FROM settled) ORDER BY position`,
      )
      .pluck()
      .all();
  } finally {
    db.close();
  }
}

describe('a ledger that is taken back to the version before', () => {
  it('keeps everything that version knows, and is migrated again by this one', async () => {
    await expect(open(older)).rejects.toMatchObject({
      fault: { code: 'DATA_FOLDER_NEWER', data: { found: 2, known: 1 } },
    });
    const before = known();
    expect((await back()).version).toBe(2);
    expect(known()).toEqual(before);
    expect(openInOlder()).toEqual([5, 10, 15, 19, 20]);
    const old = await open(older);
    expect(old.mended).toBeNull();
    expect(old.db.prepare("SELECT name FROM sqlite_schema WHERE name = 'receipts'").all()).toEqual([]);
    old.close();
    const file = await open();
    expect(file.mended).toBeNull();
    const ledger = new SqliteLedger(file, systemClock);
    const pending = await ledger.outbox.page({ scope, only: 'open', after: 0, limit: 100 });
    expect(pending.map(({ position }) => position)).toEqual([5, 10, 15, 19, 20]);
    expect((await ledger.outbox.backlog(scope, 10)).setAside).toBe(0);
    file.close();
    expect(known()).toEqual(before);
    expect(backupsOf(folder, 'ledger').map(({ version }) => version)).toEqual([1, 2]);
  });

  it.each([0, 2, 3, 1.5, -1])('is never taken to version %s', async (version) => {
    await expect(back(version)).rejects.toMatchObject({ fault: { code: 'INVALID_INPUT' } });
    expect(backupsOf(folder, 'ledger')).toEqual([]);
  });

  const points = FAILPOINTS.filter((name) =>
    /^database\.(backup|migrate|salvage)\.(before|after|copied|applied)/.test(name),
  );

  it.each(points)(
    'cut off at %s, either way, is of the one version or the other, whole',
    async (at: Failpoint) => {
      const before = known();
      for (const step of [() => back(), async () => (await open()).close()]) {
        const disarm = arm(at, () => {
          throw new Error('cut off');
        });
        await step().catch(() => undefined);
        disarm();
        expect(known()).toEqual(before);
        await step().catch(() => undefined);
      }
      (await open()).close();
      expect(known()).toEqual(before);
      expect(readdirSync(join(folder, 'backups')).filter((name) => !name.endsWith('.db'))).toEqual([]);
    },
  );
});
