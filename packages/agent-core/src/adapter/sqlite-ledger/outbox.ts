import { Fault, fault, type Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import type { Backlog, Outbox, OutboxEntry, OutboxRequest, SetAside } from '../../port/index.ts';
import { withFaults } from '../data-folder/index.ts';
import { decode, type EventRow, place } from './row.ts';

type Place = [tenant: string, workspace: string];

interface AsideRow extends EventRow {
  readonly tries: number;
  readonly at: string;
  readonly fault: string;
}

const HERE = 'tenant = ? AND workspace = ?';

/**
 * What the event bus has not acknowledged yet, by position in the log. An event is in the outbox from its commit on, without a row of
 * its own: stored are only a position up to which all is settled and, above it, what was settled out of turn. So a copy that is
 * still open stays open, whatever came after it. What is set aside counts as settled, and what is opened again has a row of its own.
 */
export class SqliteOutbox implements Outbox {
  readonly #db: Database.Database;
  readonly #unsettled: Database.Statement<[...Place, ...Place, number, number], number>;
  readonly #reopened: Database.Statement<[...Place, number, number], number>;
  readonly #event: Database.Statement<[number], EventRow>;
  readonly #all: Database.Statement<[...Place, number, number], number>;
  readonly #stateOf: Database.Statement<[{ position: number }], OutboxEntry['state']>;
  readonly #newest: Database.Statement<Place, number>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#unsettled = db
      .prepare<[...Place, ...Place, number, number], number>(
        `SELECT position FROM events NOT INDEXED WHERE ${HERE}
           AND position > max(coalesce((SELECT settled_to FROM outbox WHERE ${HERE}), 0), ?)
           AND position NOT IN (SELECT position FROM settled) ORDER BY position LIMIT ?`,
      )
      .pluck();
    this.#reopened = db
      .prepare<[...Place, number, number], number>(
        `SELECT position FROM reopened WHERE ${HERE} AND position > ? ORDER BY position LIMIT ?`,
      )
      .pluck();
    this.#event = db.prepare('SELECT * FROM events WHERE position = ?');
    this.#all = db
      .prepare<[...Place, number, number], number>(
        `SELECT position FROM events NOT INDEXED WHERE ${HERE} AND position > ? ORDER BY position LIMIT ?`,
      )
      .pluck();
    this.#stateOf = db
      .prepare<[{ position: number }], OutboxEntry['state']>(
        `SELECT CASE
           WHEN EXISTS (SELECT 1 FROM reopened WHERE position = @position) THEN 'open'
           WHEN EXISTS (SELECT 1 FROM set_aside WHERE position = @position) THEN 'aside'
           WHEN EXISTS (SELECT 1 FROM settled WHERE position = @position) THEN 'settled'
           WHEN e.position <= coalesce((SELECT settled_to FROM outbox o WHERE o.tenant = e.tenant
             AND o.workspace = e.workspace), 0) THEN 'settled'
           ELSE 'open' END FROM events e WHERE e.position = @position`,
      )
      .pluck();
    this.#newest = db
      .prepare<Place, number>(`SELECT coalesce(max(position), 0) FROM events WHERE ${HERE}`)
      .pluck();
  }

  /** Positions that are open, oldest first. */
  pending(scope: Scope, limit: number, after = 0): number[] {
    const unsettled = this.#unsettled.all(...place(scope), ...place(scope), after, limit);
    const reopened = this.#reopened.all(...place(scope), after, limit);
    return reopened.length === 0
      ? unsettled
      : [...new Set([...reopened, ...unsettled])].sort((a, b) => a - b).slice(0, limit);
  }

  async page({ scope, only, after, limit }: OutboxRequest): Promise<readonly OutboxEntry[]> {
    return withFaults({ database: 'ledger' }, () => {
      if (only === 'open')
        return this.pending(scope, limit, after).flatMap((position) => this.#entry(position, 'open'));
      return this.#all
        .all(...place(scope), after, limit)
        .flatMap((position) => this.#entry(position, this.#stateOf.get({ position }) ?? 'open'));
    });
  }

  async settle(scope: Scope, positions: readonly number[]): Promise<void> {
    this.#write('ledger.settle', () => this.#settle(scope, positions));
  }

  async setAside(scope: Scope, position: number, why: Omit<SetAside, 'event'>): Promise<void> {
    this.#write('queue.aside', () => {
      this.#settle(scope, [position]);
      this.#db
        .prepare<[number, string, string, ...Place, number]>(
          `INSERT INTO set_aside (tenant, workspace, position, tries, at, fault)
             SELECT tenant, workspace, position, ?, ?, ? FROM events WHERE ${HERE} AND position = ?
             ON CONFLICT DO UPDATE SET tries = excluded.tries, at = excluded.at, fault = excluded.fault`,
        )
        .run(why.tries, why.at, JSON.stringify(why.fault), ...place(scope), position);
    });
  }

  async requeue(scope: Scope, ids: readonly string[] | null): Promise<number> {
    return this.#write('queue.requeue', () => {
      const positions = ids === null ? this.#aside(scope) : this.#positionsOf(scope, ids);
      const reopen = this.#db.prepare(
        'INSERT INTO reopened (tenant, workspace, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      );
      const takeBack = this.#db.prepare('DELETE FROM set_aside WHERE position = ?');
      const known = positions.filter((position) => this.#stateOf.get({ position }) !== 'open');
      for (const position of known) {
        reopen.run(...place(scope), position);
        takeBack.run(position);
      }
      return known.length;
    });
  }

  async backlog(scope: Scope, limit: number): Promise<Backlog> {
    return withFaults({ database: 'ledger' }, () => {
      const [first] = this.pending(scope, 1).flatMap((position) => this.#entry(position, 'open'));
      const asides = this.#db.prepare<[...Place, number], AsideRow>(
        `SELECT e.*, a.tries, a.at, a.fault FROM set_aside a JOIN events e USING (position)
           WHERE a.tenant = ? AND a.workspace = ? ORDER BY position LIMIT ?`,
      );
      return {
        open: this.#countOpen(scope),
        oldest: first?.event.time ?? null,
        setAside: this.#aside(scope).length,
        first: asides.all(...place(scope), limit).map(asideOf),
      };
    });
  }

  #entry(position: number, state: OutboxEntry['state']): OutboxEntry[] {
    const row = this.#event.get(position);
    return row === undefined ? [] : [{ position, event: decode(row), state }];
  }

  #write<T>(name: 'ledger.settle' | 'queue.aside' | 'queue.requeue', work: () => T): T {
    return withFaults({ database: 'ledger' }, () =>
      durably(name, () => this.#db.transaction(work).immediate()),
    );
  }

  #settle(scope: Scope, positions: readonly number[]): void {
    const settle = this.#db.prepare<[...Place, number]>(
      `INSERT INTO settled (tenant, workspace, position)
         SELECT tenant, workspace, position FROM events WHERE ${HERE} AND position = ? ON CONFLICT DO NOTHING`,
    );
    const close = this.#db.prepare<[...Place, number]>(`DELETE FROM reopened WHERE ${HERE} AND position = ?`);
    for (const position of positions) {
      settle.run(...place(scope), position);
      close.run(...place(scope), position);
    }
    const [open] = this.#unsettled.all(...place(scope), ...place(scope), 0, 1);
    const settledTo = open === undefined ? (this.#newest.get(...place(scope)) ?? 0) : open - 1;
    this.#db
      .prepare(
        `INSERT INTO outbox (tenant, workspace, settled_to) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET settled_to = excluded.settled_to`,
      )
      .run(...place(scope), settledTo);
    this.#db.prepare(`DELETE FROM settled WHERE ${HERE} AND position <= ?`).run(...place(scope), settledTo);
  }

  #aside(scope: Scope): number[] {
    return this.#db
      .prepare<Place, number>(`SELECT position FROM set_aside WHERE ${HERE} ORDER BY position`)
      .pluck()
      .all(...place(scope));
  }

  #positionsOf(scope: Scope, ids: readonly string[]): number[] {
    const find = this.#db
      .prepare<[...Place, string], number>(`SELECT position FROM events WHERE ${HERE} AND id = ?`)
      .pluck();
    return ids.flatMap((id) => find.get(...place(scope), id) ?? []);
  }

  #countOpen(scope: Scope): number {
    const count = this.#db
      .prepare<[...Place, ...Place, ...Place], number>(
        `SELECT (SELECT count(*) FROM events NOT INDEXED WHERE ${HERE}
           AND position > coalesce((SELECT settled_to FROM outbox WHERE ${HERE}), 0)
           AND position NOT IN (SELECT position FROM settled))
         + (SELECT count(*) FROM reopened WHERE ${HERE})`,
      )
      .pluck();
    return count.get(...place(scope), ...place(scope), ...place(scope)) ?? 0;
  }
}

function asideOf(row: AsideRow): SetAside {
  const { tries, at, fault: stored } = row;
  const parsed = Fault.safeParse(JSON.parse(stored));
  const why = parsed.success ? parsed.data : fault('DATABASE_DAMAGED', { database: 'ledger' });
  return { event: decode(row), tries, at, fault: why };
}
