import { FaultError, inRun, type RecordedEvent, runStream, type Scope } from '@soma/schemas/event';
import { projectSummary, type RowEvent, RunSummary } from '@soma/schemas/run';
import type Database from 'better-sqlite3';
import { durably, failpoint } from '../../failpoint/index.ts';
import type { ReadModel, RunPage, RunPageRequest } from '../../port/index.ts';
import { storageFault, withFaults } from '../data-folder/index.ts';
import { type Place, place, sha256 } from './row.ts';

interface RunRow {
  readonly stream: string;
  readonly started: number;
  readonly active: number;
  readonly summary: Buffer;
  readonly checksum: Buffer;
}

/** A row with its bytes; `started` is the position of the run's first event, `active` is 1 until the run has ended. */
interface Kept {
  readonly started: number;
  readonly active: number;
  readonly summary: RunSummary;
  readonly bytes: Buffer;
  readonly checksum: Buffer;
}

type Here = [tenant: string, workspace: string];

const COLUMNS = 'stream, started, active, summary, checksum';

/** How many rows are kept in memory as they were written. */
const REMEMBERED = 100;

/** Answers every event of a scope with its position, in order. */
export type EachEvent = (scope: Place, visit: (event: RecordedEvent, position: number) => void) => void;

/** The list of runs, written within each commit. A row that cannot be read is made again from the log, which is the truth. */
export class RunTable implements ReadModel {
  readonly #db: Database.Database;
  readonly #eachEvent: EachEvent;
  readonly #find: Database.Statement<[...Here, string], RunRow>;
  readonly #put: Database.Statement<[...Here, string, number, number, Buffer, Buffer]>;
  readonly #update: Database.Statement<[Buffer, Buffer, ...Here, string, Buffer]>;
  readonly #written = new Map<string, Kept>();
  readonly #empty: Database.Statement<Here>;
  readonly #pages: Record<'all' | 'active', Database.Statement<[...Here, number, number], RunRow>>;

  constructor(db: Database.Database, eachEvent: EachEvent) {
    this.#db = db;
    this.#eachEvent = eachEvent;
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND workspace = ? AND stream = ?`);
    this.#put = db.prepare(
      `INSERT INTO runs (tenant, workspace, stream, started, active, summary, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET active = excluded.active, summary = excluded.summary, checksum = excluded.checksum`,
    );
    this.#update = db.prepare(
      'UPDATE runs SET summary = ?, checksum = ? WHERE tenant = ? AND workspace = ? AND stream = ? AND checksum = ?',
    );
    this.#empty = db.prepare('DELETE FROM runs WHERE tenant = ? AND workspace = ?');
    const page = (only: string) =>
      db.prepare<[...Here, number, number], RunRow>(
        `SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND workspace = ? AND started < ? ${only} ORDER BY started DESC LIMIT ?`,
      );
    this.#pages = { all: page(''), active: page('AND active = 1') };
  }

  /** Keeps the row of the run whose stream the events were added to, the first of them at `position`. Called within the commit's transaction. */
  project(recorded: readonly RecordedEvent[], position: number): void {
    const events = recorded.map(rowEvent).filter((event) => event !== null);
    const [first] = events;
    if (first === undefined) return;
    const { stream, scope } = first;
    const written = this.#written.get(stream);
    if (written !== undefined && this.#replace(events, written)) return;
    const row = this.#find.get(...place(scope), stream);
    const before = row === undefined ? null : this.#open(row);
    const next = projected(before?.summary ?? null, events);
    if (next === null) return;
    if (stream !== runStream(next.run))
      throw new FaultError('INVALID_INPUT', { path: 'stream', run: next.run });
    const kept = keep(stream, before?.started ?? position, next);
    this.#put.run(...place(scope), stream, kept.started, kept.active, kept.bytes, kept.checksum);
    this.#remember(stream, kept);
  }

  /**
   * Puts the next row in the place of the one this process wrote last, without reading it. Answers false when another one is there,
   * because that commit was undone or came from elsewhere, or when the run ends, which changes an index too.
   */
  #replace(events: readonly RowEvent[], before: Kept): boolean {
    const [first] = events;
    const next = projected(before.summary, events);
    if (first === undefined || next === null) return false;
    const kept = keep(first.stream, before.started, next);
    if (kept.active !== before.active) return false;
    const where = [...place(first.scope), first.stream, before.checksum] as const;
    if (this.#update.run(kept.bytes, kept.checksum, ...where).changes === 0) return false;
    this.#remember(first.stream, kept);
    return true;
  }

  #remember(stream: string, kept: Kept): void {
    if (this.#written.size >= REMEMBERED) this.#written.clear();
    this.#written.set(stream, kept);
  }

  async get(scope: Scope, run: string): Promise<RunSummary | null> {
    return this.#mended(scope, () => {
      const row = this.#find.get(...place(scope), runStream(run));
      return row === undefined ? null : this.#open(row).summary;
    });
  }

  async page(request: RunPageRequest): Promise<RunPage> {
    const { scope, limit, only } = request;
    const before = request.cursor === null ? Number.MAX_SAFE_INTEGER : Number(request.cursor);
    if (!Number.isSafeInteger(before)) throw new FaultError('INVALID_INPUT', { path: 'cursor' });
    return this.#mended(scope, () => {
      const rows = this.#pages[only].all(...place(scope), before, limit + 1);
      const kept = rows.slice(0, limit).map((row) => this.#open(row));
      const last = kept.at(-1);
      const cursor = rows.length > limit && last !== undefined ? String(last.started) : null;
      return { runs: kept.map(({ summary }) => summary), cursor };
    });
  }

  async rebuild(scope: Scope): Promise<void> {
    withFaults({ database: 'ledger' }, () => this.refill(scope));
  }

  /** Makes all rows of a workspace again. */
  refill(scope: Place): void {
    durably('ledger.rebuild', () =>
      this.#db
        .transaction(() => {
          this.#empty.run(...place(scope));
          failpoint('ledger.rebuild.emptied');
          this.#eachEvent(scope, (event, position) => this.project([event], position));
        })
        .immediate(),
    );
  }

  /** Reads, and when a row is found damaged or of an older shape, makes all rows again and reads once more. */
  #mended<T>(scope: Scope, read: () => T): T {
    return withFaults({ database: 'ledger' }, () => {
      try {
        return read();
      } catch (error) {
        if (storageFault(error)?.code !== 'DATABASE_DAMAGED') throw error;
      }
      this.refill(scope);
      return read();
    });
  }

  #open(row: RunRow): Kept {
    const whole = seal(row).equals(row.checksum);
    const parsed = whole ? RunSummary.safeParse(JSON.parse(row.summary.toString('utf8'))) : null;
    if (parsed === null || !parsed.success) {
      throw new FaultError('DATABASE_DAMAGED', { database: 'ledger', stream: row.stream, reason: 'run' });
    }
    const { started, active, summary: bytes, checksum } = row;
    return { started, active, summary: parsed.data, bytes, checksum };
  }
}

function projected(before: RunSummary | null, events: readonly RowEvent[]): RunSummary | null {
  let summary = before;
  for (const event of events) summary = projectSummary(summary, event);
  return summary;
}

function keep(stream: string, started: number, summary: RunSummary): Kept {
  const active = summary.endedAt === null ? 1 : 0;
  const bytes = Buffer.from(JSON.stringify(summary), 'utf8');
  return { started, active, summary, bytes, checksum: seal({ stream, started, active, summary: bytes }) };
}

/** What the event says to the row of its run, under the name of the run's stream. */
function rowEvent(event: RecordedEvent): RowEvent | null {
  return event.type === 'segment.begun' ? { ...event, stream: runStream(event.data.run) } : inRun(event);
}

function seal(row: Omit<RunRow, 'checksum'>): Buffer {
  return sha256(JSON.stringify([row.stream, row.started, row.active]), row.summary);
}
