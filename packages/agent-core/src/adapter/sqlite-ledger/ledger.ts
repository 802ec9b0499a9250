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

/** What one commit wrote; `head` is the position of its last event. */
interface Written {
  readonly events: readonly RecordedEvent[];
  readonly head: number;
}

/** A commit that waits for its turn. */
interface Waiting {
  readonly commit: Commit;
  readonly prepared: readonly Prepared[];
  readonly answer: (result: CommitResult | Promise<never>) => void;
}

/** What became of a commit within a transaction that it shares: what it wrote, or why it was undone. */
interface Outcome {
  readonly waiting: Waiting;
  readonly written: Written | null;
  readonly refused: unknown;
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
  readonly #transact: (group: readonly Waiting[]) => readonly Outcome[];
  #waiting: Waiting[] = [];
  #broken: Fault | null = null;

  constructor(file: LedgerFile, clock: Clock) {
    this.#file = file;
    this.#events = new EventTable(file.db);
    this.#leases = new Leases(file.db, clock);
    this.outbox = new SqliteOutbox(file.db);
    this.receipts = new SqliteReceipts(file.db);
    this.runs = new RunTable(file.db, (scope, visit) => this.#events.each(scope, visit));
    const one = file.db.transaction((waiting: Waiting) => this.#write(waiting.commit, waiting.prepared));
    const all = file.db.transaction((group: readonly Waiting[]) => group.map((each) => outcomeOf(each, one)));
    this.#transact = (group) => all.immediate(group);
  }

  /** Commits that are asked for in one turn of the event loop share one flush to the disk; each stands or falls by itself. */
  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#broken !== null) return { ok: false, fault: this.#broken };
    const prepared = prepare(commit);
    if ('fault' in prepared) return { ok: false, fault: prepared.fault };
    return new Promise((answer) => {
      this.#waiting.push({ commit, prepared: prepared.appends, answer });
      if (this.#waiting.length === 1) setImmediate(() => this.#commitAll(this.#waiting.splice(0)));
    });
  }

  #commitAll(group: readonly Waiting[]): void {
    if (!this.#file.db.open) {
      for (const { answer } of group) answer({ ok: false, fault: fault('HOST_LEAVING') });
      return;
    }
    let outcomes: readonly Outcome[];
    try {
      outcomes = durably('ledger.commit', () => this.#transact(group));
    } catch (error) {
      this.#commitApart(group, error);
      return;
    }
    const head = Math.max(0, ...outcomes.map((outcome) => outcome.written?.head ?? 0));
    if (head > 0) this.#file.mark(head);
    for (const { waiting, written, refused } of outcomes) {
      if (written === null) this.#answer(waiting, () => this.#refusal(waiting.commit, refused));
      else {
        this.#listeners.tell(waiting.commit.scope, written.events);
        waiting.answer({ ok: true, events: written.events });
      }
    }
  }

  /** What ended the transaction of several is nobody's own: each is tried by itself, unless the file cannot be written any more. */
  #commitApart(group: readonly Waiting[], error: unknown): void {
    const [first, ...others] = group;
    if (first === undefined) return;
    if (others.length === 0) {
      this.#answer(first, () => this.#refusal(first.commit, error));
      return;
    }
    this.#note(storageFault(error, { database: 'ledger' }));
    for (const waiting of group) {
      if (this.#broken === null) this.#commitAll([waiting]);
      else waiting.answer({ ok: false, fault: this.#broken });
    }
  }

  #answer({ answer }: Waiting, result: () => CommitResult): void {
    try {
      answer(result());
    } catch (error) {
      answer(Promise.reject(error));
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
      let chain = last.chain;
      for (const one of encoded) {
        ({ position: head, chain } = this.#events.insert(one, chain));
        this.runs.project(one.event, head);
        events.push(one.event);
      }
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
    this.#note(known);
    return { ok: false, fault: known };
  }

  #note(known: Fault | null): void {
    if (known?.code === 'DATABASE_DAMAGED') this.#file.doubt();
    if (known?.code === 'DATA_FOLDER_UNUSABLE' && known.retry.when === 'never') this.#broken = known;
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

/** A commit that is refused is undone by itself; whatever else goes wrong ends the transaction. */
function outcomeOf(waiting: Waiting, write: (waiting: Waiting) => Written): Outcome {
  try {
    return { waiting, written: write(waiting), refused: null };
  } catch (error) {
    if (error instanceof Refused || isCode(error, 'SQLITE_CONSTRAINT_UNIQUE'))
      return { waiting, written: null, refused: error };
    throw error;
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
