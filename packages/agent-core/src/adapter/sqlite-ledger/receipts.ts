import type { Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import type { Receipts } from '../../port/index.ts';
import { withFaults } from '../data-folder/index.ts';
import { place } from './row.ts';

type Key = [tenant: string, workspace: string, consumer: string];

/** What each consumer of this process has taken in: a row an event, whatever topics it came by. */
export class SqliteReceipts implements Receipts {
  readonly #db: Database.Database;
  readonly #times: Database.Statement<[...Key, string], number>;
  readonly #note: Database.Statement<[...Key, string]>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#times = db
      .prepare<[...Key, string], number>(
        'SELECT times FROM receipts WHERE tenant = ? AND workspace = ? AND consumer = ? AND id = ?',
      )
      .pluck();
    this.#note = db.prepare(
      `INSERT INTO receipts (tenant, workspace, consumer, id, times) VALUES (?, ?, ?, ?, 1)
         ON CONFLICT DO UPDATE SET times = times + 1`,
    );
  }

  async had(scope: Scope, consumer: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return withFaults({ database: 'ledger' }, () => {
      const found = new Map<string, number>();
      for (const id of ids) {
        const times = this.#times.get(...place(scope), consumer, id);
        if (times !== undefined) found.set(id, times);
      }
      return found;
    });
  }

  async note(scope: Scope, consumer: string, ids: readonly string[]): Promise<void> {
    const write = this.#db.transaction(() => {
      for (const id of ids) this.#note.run(...place(scope), consumer, id);
    });
    withFaults({ database: 'ledger' }, () => durably('queue.note', () => write.immediate()));
  }

  async count(scope: Scope, consumer: string): Promise<number> {
    return withFaults({ database: 'ledger' }, () => {
      const count = this.#db
        .prepare<Key, number>(
          'SELECT count(*) FROM receipts WHERE tenant = ? AND workspace = ? AND consumer = ?',
        )
        .pluck();
      return count.get(...place(scope), consumer) ?? 0;
    });
  }
}
