import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { DatabaseSchema, Measure, Migration } from '../data-folder/index.ts';
import { EventTable } from './event-table.ts';
import { type LeaseRow, leaseIsWhole } from './leases.ts';
import { bareHash, CHAIN_START, type EventRow, isIntact, link } from './row.ts';
import { hasAllBefore, refillRuns, salvage } from './salvage.ts';

/**
 * The tables of `ledger.db`, one migration an entry; never edit one that was released. Every table carries tenant and workspace.
 * `events` is append-only: its position grows in the order of commits, because one writer at a time holds the database. `checksum`
 * covers the payload's bytes; `chain` covers the event before in its stream and this one, texts only by their hash.
 */
const migrations: readonly Migration[] = [
  {
    up: `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    stream TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    id TEXT NOT NULL,
    payload BLOB NOT NULL,
    checksum BLOB NOT NULL,
    chain BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (tenant, workspace, stream, sequence);
  CREATE UNIQUE INDEX events_by_id ON events (tenant, workspace, id);
  CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER events_keep_still BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

  CREATE TABLE outbox (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    settled_to INTEGER NOT NULL,
    PRIMARY KEY (tenant, workspace)
  ) STRICT;
  CREATE TABLE settled (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    position INTEGER PRIMARY KEY REFERENCES events (position)
  ) STRICT;

  CREATE TABLE runs (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    stream TEXT NOT NULL,
    started INTEGER NOT NULL,
    active INTEGER NOT NULL,
    summary BLOB NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (tenant, workspace, stream)
  ) STRICT;
  CREATE INDEX runs_by_start ON runs (tenant, workspace, started);
  CREATE INDEX runs_active ON runs (tenant, workspace, started) WHERE active = 1;

  CREATE TABLE leases (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    stream TEXT NOT NULL,
    token INTEGER NOT NULL,
    holder TEXT,
    expires_at TEXT NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (tenant, workspace, stream)
  ) STRICT;
  `,
    down: null,
  },
  // `reopened` and `set_aside` are what differs from `outbox` and `settled` below the point up to which all is settled.
  {
    up: `
  CREATE TABLE set_aside (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    position INTEGER PRIMARY KEY REFERENCES events (position),
    tries INTEGER NOT NULL,
    at TEXT NOT NULL,
    fault TEXT NOT NULL
  ) STRICT;
  CREATE TABLE reopened (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    position INTEGER PRIMARY KEY REFERENCES events (position)
  ) STRICT;
  CREATE TABLE receipts (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    consumer TEXT NOT NULL,
    id TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (tenant, workspace, consumer, id)
  ) STRICT, WITHOUT ROWID;
  `,
    // The older version knows open and settled only: what was set aside or opened again is open there, and nothing else becomes so.
    down: `
  CREATE TEMP TABLE again AS SELECT * FROM (
    SELECT tenant, workspace, position FROM reopened UNION SELECT tenant, workspace, position FROM set_aside);
  INSERT INTO settled (tenant, workspace, position)
    SELECT e.tenant, e.workspace, e.position FROM events e JOIN outbox o USING (tenant, workspace)
    WHERE e.position <= o.settled_to AND e.position >
      (SELECT min(a.position) FROM temp.again a WHERE a.tenant = e.tenant AND a.workspace = e.workspace)
    ON CONFLICT DO NOTHING;
  DELETE FROM settled WHERE position IN (SELECT position FROM temp.again);
  UPDATE outbox SET settled_to = min(settled_to, coalesce((SELECT min(a.position) - 1 FROM temp.again a
    WHERE a.tenant = outbox.tenant AND a.workspace = outbox.workspace), settled_to));
  DROP TABLE temp.again;
  DROP TABLE set_aside;
  DROP TABLE reopened;
  DROP TABLE receipts;
  `,
  },
];

/** `ledger.db`, for `openDatabase`. Its facts are events, numbered by their position in the log. */
export const ledgerSchema: DatabaseSchema = {
  name: 'ledger',
  migrations,
  head: (db) => Number(db.prepare('SELECT coalesce(max(position), 0) FROM events').pluck().get()),
  inspect: (db) => inspectEvents(db) ?? inspectLeases(db),
  salvage,
  measure,
  derive: (db) => refillRuns(db),
};

/** Of a run's row only what no build spells otherwise. */
const SUMMED = [
  'SELECT position, chain, checksum FROM events ORDER BY tenant, workspace, stream, sequence',
  'SELECT tenant, workspace, stream, started, active FROM runs ORDER BY tenant, workspace, stream',
  'SELECT tenant, workspace, stream, token, holder, expires_at FROM leases ORDER BY tenant, workspace, stream',
  'SELECT tenant, workspace, settled_to FROM outbox ORDER BY tenant, workspace',
  'SELECT tenant, workspace, position FROM settled ORDER BY position',
  'SELECT tenant, workspace, position, tries, at, fault FROM set_aside ORDER BY position',
  'SELECT tenant, workspace, position FROM reopened ORDER BY position',
  'SELECT tenant, workspace, consumer, id, times FROM receipts ORDER BY 1, 2, 3, 4',
];

function measure(db: Database.Database): Measure {
  const hash = createHash('sha256');
  for (const statement of SUMMED) {
    hash.update('\n');
    for (const row of db.prepare<[], unknown[]>(statement).raw().iterate()) {
      hash.update(
        JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))),
      );
    }
  }
  const count = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  return { counts: { events: count('events'), runs: count('runs') }, digest: hash.digest('hex') };
}

/** Follows every stream from its first event: no checksum, no sequence and no link of the chain may differ. */
function inspectEvents(db: Database.Database): string | null {
  const rows = db.prepare<[], EventRow>('SELECT * FROM events ORDER BY tenant, workspace, stream, sequence');
  const events = new EventTable(db);
  let before: EventRow | null = null;
  for (const row of rows.iterate()) {
    const first = before === null || !sameStream(before, row);
    if (row.sequence !== (first ? 1 : (before?.sequence ?? 0) + 1)) return 'missing';
    if (!isIntact(row)) return 'checksum';
    const chain = link(
      first ? CHAIN_START : (before?.chain ?? CHAIN_START),
      bareHash(row.payload, row.checksum),
    );
    if (!chain.equals(row.chain)) return 'chain';
    if (first && !hasAllBefore(row, events)) return 'missing';
    before = row;
  }
  return null;
}

function sameStream(a: EventRow, b: EventRow): boolean {
  return a.stream === b.stream && a.workspace === b.workspace && a.tenant === b.tenant;
}

function inspectLeases(db: Database.Database): string | null {
  for (const row of db.prepare<[], LeaseRow>('SELECT * FROM leases').iterate()) {
    if (!leaseIsWhole(row)) return 'lease';
  }
  return null;
}
