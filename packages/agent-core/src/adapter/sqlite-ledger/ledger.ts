import { type Fault, FaultError, fault, RecordedEvent, type Scope, versionOf } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably, failpoint } from '../../failpoint/index.ts';
import type {
  Append,
  Clock,
  Commit,
  CommitResult,
  EventStore,
  Lease,
  LeaseRequest,
  ReadPage,
  ReadRequest,
} from '../../port/index.ts';
import { isCode, storageFault, withFaults } from '../data-folder/index.ts';
import { EventTable } from './event-table.ts';
import { Leases } from './leases.ts';
import { Listeners } from './listeners.ts';
import { SqliteOutbox } from './outbox.ts';
import { SqliteReceipts } from './receipts.ts';
import { type EncodedEvent, encode } from './row.ts';
import { RunTable } from './run-table.ts';

/**
 * What the ledger needs of the database file it lives in. `mark` notes, outside the database, how far the log has come, and
 * `doubt` that damage was met.
 */
export interface LedgerFile {
  readonly db: Database.Database;
  mark(head: number): void;
  doubt(): void;
}

type Refusal = Exclude<CommitResult, { ok: true }>;

interface Prepared {
  readonly append: Append;
  readonly encoded: readonly EncodedEvent[];
}

/** What one transaction wrote; `head` is the position of its last event. */
interface Written {
  readonly events: readonly RecordedEvent[];
  readonly head: number;
}

/** Leaves the transaction, undoing it, with an answer for the caller. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly result: Refusal;

  constructor(result: Refusal) {
    super('commit refused');
    this.result = result;
  }
}

/**
 * The log of events in one SQLite file, with the list of runs and the outbox beside it. After an I/O error of which nobody can tell
 * what reached the disk, every commit is refused with that fault until the file is opened again.
 */
export class SqliteLedger implements EventStore {
  readonly runs: RunTable;
  readonly outbox: SqliteOutbox;
  readonly receipts: SqliteReceipts;
  readonly #file: LedgerFile;
  readonly #events: EventTable;
  readonly #leases: Leases;
  readonly #listeners = new Listeners();
  readonly #transact: (commit: Commit, prepared: readonly Prepared[]) => Written;
  #broken: Fault | null = null;

  constructor(file: LedgerFile, clock: Clock) {
    this.#file = file;
    this.#events = new EventTable(file.db);
    this.#leases = new Leases(file.db, clock);
    this.outbox = new SqliteOutbox(file.db);
    this.receipts = new SqliteReceipts(file.db);
    this.runs = new RunTable(file.db, (scope, visit) => this.#events.each(scope, visit));
    const transaction = file.db.transaction((commit: Commit, prepared: readonly Prepared[]) =>
      this.#write(commit, prepared),
    );
    this.#transact = (commit, prepared) => transaction.immediate(commit, prepared);
  }

  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#broken !== null) return { ok: false, fault: this.#broken };
    const prepared = prepare(commit);
    if ('fault' in prepared) return { ok: false, fault: prepared.fault };
    try {
      const { events, head } = durably('ledger.commit', () => this.#transact(commit, prepared.appends));
      if (events.length > 0) this.#file.mark(head);
      this.#listeners.tell(commit.scope, events);
      return { ok: true, events };
    } catch (error) {
      return this.#refusal(commit, error);
    }
  }

  async read(request: ReadRequest): Promise<ReadPage> {
    return this.#watchful(() =>
      request.stream === null
        ? this.#events.readAll(request)
        : this.#events.readStream(request, request.stream),
    );
  }

  watch(scope: Scope, listener: (events: readonly RecordedEvent[]) => void): () => void {
    return this.#listeners.add(scope, listener);
  }

  async lease(request: LeaseRequest): Promise<Lease | null> {
    return this.#leases.grant(request);
  }

  #watchful<T>(work: () => T): T {
    try {
      return withFaults({ database: 'ledger' }, work);
    } catch (error) {
      if (error instanceof FaultError && error.fault.code === 'DATABASE_DAMAGED') this.#file.doubt();
      throw error;
    }
  }

  #write(commit: Commit, prepared: readonly Prepared[]): Written {
    const { scope, fence } = commit;
    if (fence !== null && !this.#leases.stands(scope, fence)) {
      throw new Refused({ ok: false, fault: fault('LEASE_LOST', { stream: fence.stream }) });
    }
    const events: RecordedEvent[] = [];
    let head = 0;
    for (const { append, encoded } of prepared) {
      const last = this.#events.head(scope, append.stream);
      if (last.sequence !== append.expected) {
        throw new Refused({ ok: false, conflict: { stream: append.stream, actual: last.sequence } });
      }
      let { chain } = last;
      let first = 0;
      for (const one of encoded) {
        ({ position: head, chain } = this.#events.insert(one, chain));
        first ||= head;
      }
      const added = encoded.map(({ event }) => event);
      this.runs.project(added, first);
      events.push(...added);
    }
    failpoint('ledger.commit.written');
    return { events, head };
  }

  #refusal(commit: Commit, error: unknown): CommitResult {
    const refused = error instanceof Refused ? error.result : null;
    if (refused !== null || isCode(error, 'SQLITE_CONSTRAINT_UNIQUE')) {
      return (
        this.#watchful(() => this.#repeat(commit)) ?? refused ?? { ok: false, fault: fault('ID_REUSED', {}) }
      );
    }
    const known = storageFault(error, { database: 'ledger' });
    if (known === null) throw error;
    if (known.code === 'DATABASE_DAMAGED') this.#file.doubt();
    if (known.code === 'DATA_FOLDER_UNUSABLE' && known.retry.when === 'never') this.#broken = known;
    return { ok: false, fault: known };
  }

  /** The first answer, when all these events are stored already; a refusal when only some are, or elsewhere; else null. */
  #repeat({ scope, appends }: Commit): CommitResult | null {
    const events: RecordedEvent[] = [];
    let wanted = 0;
    for (const { stream, events: asked } of appends) {
      for (const { id, type } of asked) {
        wanted += 1;
        const found = this.#events.find(scope, id);
        if (found === null) continue;
        if (found.stream !== stream || found.type !== type)
          return { ok: false, fault: fault('ID_REUSED', { id }) };
        events.push(found);
      }
    }
    if (events.length === 0) return null;
    if (events.length < wanted) return { ok: false, fault: fault('ID_REUSED', { id: events[0]?.id ?? '' }) };
    return { ok: true, events };
  }
}

/** Checks and encodes everything before the database is touched. */
function prepare({ scope, appends }: Commit): { appends: readonly Prepared[] } | { fault: Fault } {
  const prepared: Prepared[] = [];
  for (const [a, append] of appends.entries()) {
    const encoded: EncodedEvent[] = [];
    for (const [e, { id, time, type, data }] of append.events.entries()) {
      const sequence = append.expected + e + 1;
      const parsed = RecordedEvent.safeParse({
        id,
        stream: append.stream,
        sequence,
        version: versionOf(type),
        time,
        scope,
        type,
        data,
      });
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const path = ['appends', a, 'events', e, ...(issue?.path ?? [])].join('.');
        return { fault: fault('INVALID_INPUT', { path, problem: issue?.code ?? 'custom' }) };
      }
      encoded.push(encode(parsed.data));
    }
    prepared.push({ append, encoded });
  }
  return { appends: prepared };
}
