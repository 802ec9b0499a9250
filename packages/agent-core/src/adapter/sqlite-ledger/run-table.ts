import { FaultError, isRunEvent, type RecordedEvent, type Scope } from '@soma/schemas/event';
import { projectSummary, RunSummary } from '@soma/schemas/run';
import type Database from 'better-sqlite3';
import { durably, failpoint } from '../../failpoint/index.ts';
import type { ReadModel, RunPage, RunPageRequest } from '../../port/index.ts';
import { storageFault, throwFault } from '../data-folder/index.ts';
import { canonical } from './canonical.ts';
import { place, sha256 } from './row.ts';

interface RunRow {
  readonly stream: string;
  readonly started: number;
  readonly active: number;
  readonly summary: Buffer;
  readonly checksum: Buffer;
}

interface Kept {
  readonly started: number;
  readonly summary: RunSummary;
}

type Place = [tenant: string, workspace: string];

const COLUMNS = 'stream, started, active, summary, checksum';

/** Answers every event of a scope with its position, in order. */
export type EachEvent = (scope: Scope, visit: (event: RecordedEvent, position: number) => void) => void;

/** The list of runs, written within each commit. A row that cannot be read is made again from the log, which is the truth. */
export class RunTable implements ReadModel {
  readonly #db: Database.Database;
  readonly #eachEvent: EachEvent;
  readonly #find: Database.Statement<[...Place, string], RunRow>;
  readonly #put: Database.Statement<[...Place, string, number, number, Buffer, Buffer]>;
  readonly #empty: Database.Statement<Place>;
  readonly #pages: Record<'all' | 'active', Database.Statement<[...Place, number, number], RunRow>>;

  constructor(db: Database.Database, eachEvent: EachEvent) {
    this.#db = db;
    this.#eachEvent = eachEvent;
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND workspace = ? AND stream = ?`);
    this.#put = db.prepare(
      `INSERT INTO runs (tenant, workspace, stream, started, active, summary, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET active = excluded.active, summary = excluded.summary, checksum = excluded.checksum`,
    );
    this.#empty = db.prepare('DELETE FROM runs WHERE tenant = ? AND workspace = ?');
    const page = (only: string) =>
      db.prepare<[...Place, number, number], RunRow>(
        `SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND workspace = ? AND started < ? ${only} ORDER BY started DESC LIMIT ?`,
      );
    this.#pages = { all: page(''), active: page('AND active = 1') };
  }

  /** Keeps the row of the event's run. Called within the commit's transaction. */
  project(event: RecordedEvent, position: number): void {
    if (!isRunEvent(event)) return;
    const row = this.#find.get(...place(event.scope), event.stream);
    const before = row === undefined ? null : this.#open(event.scope, row);
    const summary = projectSummary(before?.summary ?? null, event);
    if (summary === null) return;
    if (event.stream !== streamOf(summary.run))
      throw new FaultError('INVALID_INPUT', { path: 'stream', run: summary.run });
    const started = before?.started ?? position;
    const active = summary.endedAt === null ? 1 : 0;
    const bytes = Buffer.from(canonical(summary), 'utf8');
    const checksum = seal({ stream: event.stream, started, active, summary: bytes });
    this.#put.run(...place(event.scope), event.stream, started, active, bytes, checksum);
  }

  async get(scope: Scope, run: string): Promise<RunSummary | null> {
    return this.#mended(scope, () => {
      const row = this.#find.get(...place(scope), streamOf(run));
      return row === undefined ? null : this.#open(scope, row).summary;
    });
  }

  async page(request: RunPageRequest): Promise<RunPage> {
    const { scope, limit, only } = request;
    const before = request.cursor === null ? Number.MAX_SAFE_INTEGER : Number(request.cursor);
    if (!Number.isSafeInteger(before)) throw new FaultError('INVALID_INPUT', { path: 'cursor' });
    return this.#mended(scope, () => {
      const rows = this.#pages[only].all(...place(scope), before, limit + 1);
      const kept = rows.slice(0, limit).map((row) => this.#open(scope, row));
      const last = kept.at(-1);
      const cursor = rows.length > limit && last !== undefined ? String(last.started) : null;
      return { runs: kept.map(({ summary }) => summary), cursor };
    });
  }

  async rebuild(scope: Scope): Promise<void> {
    this.#rebuild(scope);
  }

  #rebuild(scope: Scope): void {
    durably('ledger.rebuild', () =>
      this.#db
        .transaction(() => {
          this.#empty.run(...place(scope));
          failpoint('ledger.rebuild.emptied');
          this.#eachEvent(scope, (event, position) => this.project(event, position));
        })
        .immediate(),
    );
  }

  /** Reads, and when a row is found damaged or of an older shape, makes all rows again and reads once more. */
  #mended<T>(scope: Scope, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (storageFault(error)?.code !== 'DATABASE_DAMAGED') return throwFault(error, { database: 'ledger' });
    }
    try {
      this.#rebuild(scope);
      return read();
    } catch (error) {
      return throwFault(error, { database: 'ledger' });
    }
  }

  #open(scope: Scope, row: RunRow): Kept {
    const whole = seal(row).equals(row.checksum);
    const parsed = whole ? RunSummary.safeParse(JSON.parse(row.summary.toString('utf8'))) : null;
    if (parsed === null || !parsed.success) {
      throw new FaultError('DATABASE_DAMAGED', {
        database: 'ledger',
        stream: row.stream,
        workspace: scope.workspace,
      });
    }
    return { started: row.started, summary: parsed.data };
  }
}

function streamOf(run: string): string {
  return `run/${run}`;
}

function seal(row: Omit<RunRow, 'checksum'>): Buffer {
  return sha256(JSON.stringify([row.stream, row.started, row.active]), row.summary);
}
