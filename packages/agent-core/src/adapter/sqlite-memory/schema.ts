import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { DatabaseSchema, Measure, Migration } from '../data-folder/index.ts';
import { entryOf, isWhole, type MemoryRow, wordsOf } from './row.ts';

/**
 * The tables of `memory.db`, one migration an entry; never edit one that was released. `words` holds the texts of the claims for the
 * search by words, under the memory's position.
 */
const migrations: readonly Migration[] = [
  {
    up: `
  CREATE TABLE memories (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    run TEXT NOT NULL,
    folder TEXT NOT NULL,
    key TEXT NOT NULL,
    payload BLOB NOT NULL,
    checksum BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX memories_by_id ON memories (tenant, workspace, id);
  CREATE INDEX memories_by_key ON memories (tenant, workspace, folder, key, position);
  CREATE INDEX memories_by_run ON memories (tenant, workspace, run);
  CREATE VIRTUAL TABLE words USING fts5 (claims, tokenize = 'unicode61 remove_diacritics 2');
  `,
    down: null,
  },
];

/** Takes over every row that is as it was written, with its words. */
function salvage(from: Database.Database, into: Database.Database, last: number | null): number {
  const find = from.prepare<[number], MemoryRow>('SELECT * FROM memories NOT INDEXED WHERE position = ?');
  const end = last ?? Number(from.prepare('SELECT max(position) FROM memories').pluck().get());
  const put = into.prepare(
    `INSERT INTO memories (position, tenant, workspace, id, run, folder, key, payload, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const index = into.prepare('INSERT INTO words (rowid, claims) VALUES (?, ?)');
  let taken = 0;
  for (let at = 1; at <= end; at += 1) {
    const row = readable(find, at);
    if (row === null) continue;
    const { position, tenant, workspace, id, run, folder, key, payload, checksum } = row;
    const { changes } = put.run(position, tenant, workspace, id, run, folder, key, payload, checksum);
    if (changes > 0) index.run(position, wordsOf(entryOf(row)));
    taken += changes;
  }
  return taken;
}

function readable(find: Database.Statement<[number], MemoryRow>, position: number): MemoryRow | null {
  try {
    const row = find.get(position);
    return row !== undefined && isWhole(row) ? row : null;
  } catch {
    // Whatever is wrong with this one, the others may be whole.
    return null;
  }
}

/** `memory.db`, for `openDatabase`. Its facts are memories, numbered by their position. */
export const memorySchema: DatabaseSchema = {
  name: 'memory',
  migrations,
  // What was forgotten keeps its number.
  head: (db) =>
    Number(
      db.prepare("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'memories'").pluck().get(),
    ),
  inspect: (db: Database.Database) => {
    for (const row of db.prepare<[], MemoryRow>('SELECT * FROM memories').iterate())
      if (!isWhole(row)) return 'checksum';
    return null;
  },
  salvage,
  measure,
};

function measure(db: Database.Database): Measure {
  const hash = createHash('sha256');
  let memories = 0;
  for (const { position, checksum } of db
    .prepare<[], MemoryRow>('SELECT * FROM memories ORDER BY position')
    .iterate()) {
    hash.update(`${position} `).update(checksum);
    memories += 1;
  }
  for (const row of db
    .prepare<[], unknown[]>('SELECT rowid, claims FROM words ORDER BY rowid')
    .raw()
    .iterate())
    hash.update(JSON.stringify(row));
  return { counts: { memories }, digest: hash.digest('hex') };
}
