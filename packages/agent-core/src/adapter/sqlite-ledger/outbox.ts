import type { Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import { withFaults } from '../data-folder/index.ts';
import { place } from './row.ts';

type Place = [tenant: string, workspace: string];

/**
 * What the event bus has not acknowledged yet, by position in the log. An event is in the outbox from its commit on, without a row of
 * its own: stored are only a position up to which all is settled and, above it, what was settled out of turn. So a copy that is
 * still open stays open, whatever came after it.
 */
export class Outbox {
  readonly #db: Database.Database;
  readonly #pending: Database.Statement<[...Place, ...Place, number], { position: number }>;
  readonly #settle: Database.Statement<[...Place, number]>;
  readonly #advance: Database.Statement<[...Place, number]>;
  readonly #tidy: Database.Statement<[...Place, number]>;
  readonly #newest: Database.Statement<Place, number>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#pending = db.prepare(
      `SELECT position FROM events NOT INDEXED WHERE tenant = ? AND workspace = ?
         AND position > coalesce((SELECT settled_to FROM outbox WHERE tenant = ? AND workspace = ?), 0)
         AND position NOT IN (SELECT position FROM settled) ORDER BY position LIMIT ?`,
    );
    this.#settle = db.prepare(
      `INSERT INTO settled (tenant, workspace, position)
         SELECT tenant, workspace, position FROM events WHERE tenant = ? AND workspace = ? AND position = ?
         ON CONFLICT DO NOTHING`,
    );
    this.#advance = db.prepare(
      `INSERT INTO outbox (tenant, workspace, settled_to) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET settled_to = excluded.settled_to`,
    );
    this.#tidy = db.prepare('DELETE FROM settled WHERE tenant = ? AND workspace = ? AND position <= ?');
    this.#newest = db
      .prepare<Place, number>(
        'SELECT coalesce(max(position), 0) FROM events WHERE tenant = ? AND workspace = ?',
      )
      .pluck();
  }

  /** Positions not settled yet, oldest first. */
  pending(scope: Scope, limit: number): number[] {
    return this.#pending.all(...place(scope), ...place(scope), limit).map(({ position }) => position);
  }

  /** Notes what the bus has acknowledged; what is settled already, or no event of the scope, is passed over. */
  settle(scope: Scope, positions: readonly number[]): void {
    withFaults({ database: 'ledger' }, () =>
      durably('ledger.settle', () => this.#db.transaction(() => this.#write(scope, positions)).immediate()),
    );
  }

  #write(scope: Scope, positions: readonly number[]): void {
    for (const position of positions) this.#settle.run(...place(scope), position);
    const [open] = this.pending(scope, 1);
    const settledTo = open === undefined ? (this.#newest.get(...place(scope)) ?? 0) : open - 1;
    this.#advance.run(...place(scope), settledTo);
    this.#tidy.run(...place(scope), settledTo);
  }
}
