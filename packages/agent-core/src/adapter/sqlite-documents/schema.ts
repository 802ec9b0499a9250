import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import type { DatabaseSchema, Measure, Migration } from '../data-folder/index.ts';
import { faultOfRow, type UpdateRow } from './row.ts';
import { salvage } from './salvage.ts';

/**
 * The tables of `documents.db`, one migration an entry; never edit one that was released. `position` numbers updates in the order of commits
 * and stays with the newest of those that become one. `keys` outlives compaction: a key that was used stays used.
 */
const migrations: readonly Migration[] = [
  {
    up: `
  CREATE TABLE updates (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    document TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    payload BLOB NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')),
    key TEXT,
    step TEXT NOT NULL,
    before INTEGER NOT NULL,
    checksum BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX updates_by_document ON updates (tenant, workspace, document, sequence);

  CREATE TABLE keys (
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    document TEXT NOT NULL,
    key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (tenant, workspace, document, key)
  ) STRICT, WITHOUT ROWID;
  `,
    down: null,
  },
];

function inspect(db: Database.Database): string | null {
  const rows = db.prepare<[], UpdateRow>(
    'SELECT * FROM updates ORDER BY tenant, workspace, document, sequence',
  );
  let last: UpdateRow | undefined;
  for (const row of rows.iterate()) {
    const follows =
      last?.document === row.document && last.workspace === row.workspace && last.tenant === row.tenant;
    const wrong = faultOfRow(row, follows ? (last?.sequence ?? 0) : 0);
    if (wrong !== null) return wrong;
    last = row;
  }
  return null;
}

/** `documents.db`, for `openDatabase`. Its facts are updates, numbered by their position. */
export const documentsSchema: DatabaseSchema = {
  name: 'documents',
  migrations,
  head: (db) => Number(db.prepare('SELECT coalesce(max(position), 0) FROM updates').pluck().get()),
  inspect,
  salvage,
  measure,
};

/** Whether an update is one of a document at all: the store takes any bytes. */
function takenUp(state: Doc, payload: Uint8Array): boolean {
  try {
    applyUpdate(state, payload);
    return true;
  } catch {
    return false;
  }
}

/** Every update as it was written, and what the updates of each document come to. */
function measure(db: Database.Database): Measure {
  const hash = createHash('sha256');
  let updates = 0;
  const documents = db
    .prepare<[], Omit<UpdateRow, 'payload'>>(
      'SELECT DISTINCT tenant, workspace, document FROM updates ORDER BY 1, 2, 3',
    )
    .all();
  for (const { tenant, workspace, document } of documents) {
    const state = new Doc();
    const rows = db.prepare<[string, string, string], UpdateRow & { position: number }>(
      'SELECT * FROM updates WHERE tenant = ? AND workspace = ? AND document = ? ORDER BY sequence',
    );
    for (const row of rows.iterate(tenant, workspace, document)) {
      hash.update(takenUp(state, row.payload) ? '+' : '-');
      hash.update(`${row.position} `).update(row.checksum);
      updates += 1;
    }
    hash.update(encodeStateAsUpdate(state));
    state.destroy();
  }
  const keys = db.prepare<[], unknown[]>('SELECT * FROM keys ORDER BY 1, 2, 3, 4').raw();
  for (const row of keys.iterate()) hash.update(JSON.stringify(row));
  return { counts: { documents: documents.length, updates }, digest: hash.digest('hex') };
}
