import { FaultError, type RecordedEvent, type Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import type { ReadPage, ReadRequest } from '../../port/index.ts';
import { CHAIN_START, decode, type EncodedEvent, type EventRow, link, type Place, place } from './row.ts';

type Here = [tenant: string, workspace: string];

/** The newest event of a stream: its sequence (0 when there is none) and its link of the chain. */
export interface Head {
  readonly sequence: number;
  readonly chain: Buffer;
}

const COLUMNS = 'position, tenant, workspace, stream, sequence, id, payload, checksum, chain';

/** Statements on the table of events. Every row that leaves it has been checked against what was written. */
export class EventTable {
  readonly #head: Database.Statement<[...Here, string], Head>;
  readonly #insert: Database.Statement<[...Here, string, number, string, Buffer, Buffer, Buffer]>;
  readonly #restore: Database.Statement<[EventRow]>;
  readonly #byId: Database.Statement<[...Here, string], EventRow>;
  readonly #stream: Database.Statement<[...Here, string, number, number], EventRow>;
  readonly #all: Database.Statement<[...Here, number, number], EventRow>;

  constructor(db: Database.Database) {
    const here = 'tenant = ? AND workspace = ?';
    // CAST: SQLite plans a statement anew whenever a bare parameter of a range is bound, which costs more than the search.
    const here3 = 'tenant = CAST(? AS TEXT) AND workspace = CAST(? AS TEXT) AND stream = CAST(? AS TEXT)';
    this.#head = db.prepare(
      `SELECT sequence, chain FROM events WHERE ${here3} ORDER BY sequence DESC LIMIT 1`,
    );
    this.#insert = db.prepare(
      `INSERT INTO events (tenant, workspace, stream, sequence, id, payload, checksum, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#restore = db.prepare(
      `INSERT INTO events (${COLUMNS})
         VALUES (@position, @tenant, @workspace, @stream, @sequence, @id, @payload, @checksum, @chain)`,
    );
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM events WHERE ${here} AND id = ?`);
    this.#stream = db.prepare(
      `SELECT ${COLUMNS} FROM events WHERE ${here} AND stream = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
    );
    // NOT INDEXED: the order of the log is that of the table itself, and no index of the scope has it.
    this.#all = db.prepare(
      `SELECT ${COLUMNS} FROM events NOT INDEXED WHERE ${here} AND position > ? ORDER BY position LIMIT ?`,
    );
  }

  head(scope: Place, stream: string): Head {
    return this.#head.get(...place(scope), stream) ?? { sequence: 0, chain: CHAIN_START };
  }

  /** Adds an event behind the one whose link is given; answers its position and its own link. */
  insert(
    { event, payload, checksum, bare }: EncodedEvent,
    before: Buffer,
  ): { position: number; chain: Buffer } {
    const chain = link(before, bare);
    const { stream, sequence, id } = event;
    const added = this.#insert.run(...place(event.scope), stream, sequence, id, payload, checksum, chain);
    return { position: Number(added.lastInsertRowid), chain };
  }

  /** Puts a row of another database at its own position. */
  restore(row: EventRow): void {
    this.#restore.run(row);
  }

  find(scope: Scope, id: string): RecordedEvent | null {
    const row = this.#byId.get(...place(scope), id);
    return row === undefined ? null : decode(row);
  }

  readStream({ scope, after, limit }: ReadRequest, stream: string): ReadPage {
    const events: RecordedEvent[] = [];
    let cursor = after;
    for (const row of this.#stream.all(...place(scope), stream, after, limit)) {
      if (row.sequence !== cursor + 1) {
        throw new FaultError('DATABASE_DAMAGED', {
          database: 'ledger',
          stream,
          sequence: cursor + 1,
          reason: 'missing',
        });
      }
      events.push(decode(row));
      cursor = row.sequence;
    }
    return { events, cursor };
  }

  readAll({ scope, after, limit }: ReadRequest): ReadPage {
    const rows = this.#all.all(...place(scope), after, limit);
    return { events: rows.map(decode), cursor: rows.at(-1)?.position ?? after };
  }

  /** Visits every event of the scope in the order of the log. */
  each(scope: Place, visit: (event: RecordedEvent, position: number) => void): void {
    const size = 500;
    let after = 0;
    for (;;) {
      const rows = this.#all.all(...place(scope), after, size);
      for (const row of rows) visit(decode(row), row.position);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.position;
    }
  }
}
