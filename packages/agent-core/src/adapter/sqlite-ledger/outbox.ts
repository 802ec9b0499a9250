import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';

/** Copies for the event bus that have not been delivered yet, by their position in the log. */
export class Outbox {
  readonly #add: Database.Statement<[number, string, string]>;
  readonly #oldest: Database.Statement<[number], { position: number }>;
  readonly #remove: Database.Statement<[number]>;
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#add = db.prepare('INSERT INTO outbox (position, tenant, workspace) VALUES (?, ?, ?)');
    this.#oldest = db.prepare('SELECT position FROM outbox ORDER BY position LIMIT ?');
    this.#remove = db.prepare('DELETE FROM outbox WHERE position = ?');
  }

  /** Called within the commit's transaction. */
  add(position: number, [tenant, workspace]: [tenant: string, workspace: string]): void {
    this.#add.run(position, tenant, workspace);
  }

  /** Positions not yet delivered, oldest first. */
  pending(limit: number): number[] {
    return this.#oldest.all(limit).map(({ position }) => position);
  }

  /** Forgets what the bus has acknowledged, each by itself: a position that is still open stays, whatever came after it. */
  settle(positions: readonly number[]): void {
    durably('ledger.settle', () =>
      this.#db
        .transaction(() => {
          for (const position of positions) this.#remove.run(position);
        })
        .immediate(),
    );
  }
}
