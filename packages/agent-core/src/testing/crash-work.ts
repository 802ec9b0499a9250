import { join } from 'node:path';
import { ContentFiles } from '../adapter/content-files/index.ts';
import type { DatabaseSchema, OpenDatabase } from '../adapter/data-folder/index.ts';
import { SqliteDocuments } from '../adapter/sqlite-documents/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { Append } from '../port/index.ts';
import { note } from './crash-journal.ts';
import { commitOf, goalSubmitted, remark, scopeOf } from './event-sample.ts';
import { type Random, seeded } from './random.ts';

const scope = scopeOf();

/** The document a crash child draws on. */
export const CRASH_DOCUMENT = 'canvas/crash';

/** The ledger with one more migration than the product has, for opening an older data folder. */
export const nextLedgerSchema: DatabaseSchema = {
  ...ledgerSchema,
  migrations: [
    ...ledgerSchema.migrations,
    { up: 'CREATE TABLE later (tenant TEXT, workspace TEXT) STRICT', down: 'DROP TABLE later' },
  ],
};

export interface CrashWorkOptions {
  readonly folder: string;
  readonly journal: string;
  readonly seed: number;
}

/** Makes every durable write of the ledger and the content store again and again, and journals what it was promised. */
export class CrashWork {
  readonly #file: OpenDatabase;
  readonly #ledger: SqliteLedger;
  readonly #documents: SqliteDocuments;
  readonly #content: string;
  readonly #journal: string;
  readonly #random: Random;
  readonly #name: string;

  constructor(file: OpenDatabase, documents: OpenDatabase, { folder, journal, seed }: CrashWorkOptions) {
    this.#file = file;
    this.#documents = new SqliteDocuments(documents);
    this.#ledger = new SqliteLedger(file, systemClock);
    this.#content = join(folder, 'content');
    this.#journal = journal;
    this.#random = seeded(seed);
    this.#name = `${seed}-${process.pid}`;
  }

  async round(round: number): Promise<void> {
    const name = `${this.#name}-${round}`;
    for (let n = 0; n < 3; n++) await this.#commit(`${name}-${n}`);
    await this.#putAndErase(name, round % 2 === 1);
    await this.#lease(name);
    await this.#draw(name, round % 2 === 1);
    await this.#settle();
    if (round % 2 === 0) return;
    await this.#ledger.runs.rebuild(scope);
    // One more than are kept, so that the oldest is forgotten.
    for (let n = 0; n < 4; n++) await this.#file.backup(0);
  }

  /** Adds to one or two runs, new or old, in one commit. */
  async #commit(name: string): Promise<void> {
    const appends: Append[] = [];
    for (let a = 0; a <= this.#random.below(2); a++) {
      const run = `run-${a}-${this.#random.below(4)}`;
      const stream = `run/${run}`;
      const before = await this.#ledger.runs.get(scope, run);
      const long = 'x'.repeat(this.#random.below(8000));
      const events = [remark(`${name}-${a}-x`, long), remark(`${name}-${a}-y`, name)];
      if (before === null) events.unshift(goalSubmitted(run, `${name}-${a}-goal`));
      appends.push({ stream, expected: before?.sequence ?? 0, events });
    }
    const line = {
      act: 'commit' as const,
      events: appends.flatMap(({ stream, events }) => events.map(({ id }) => ({ stream, id }))),
    };
    note(this.#journal, { ...line, stage: 'tried' });
    const result = await this.#ledger.commit(commitOf(scope, ...appends));
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
    note(this.#journal, { ...line, stage: 'done' });
  }

  async #putAndErase(name: string, erase: boolean): Promise<void> {
    const files = new ContentFiles({ folder: this.#content });
    const text = name.padEnd(5000 + this.#random.below(20_000), '.');
    note(this.#journal, { act: 'put', stage: 'tried', text });
    const { hash } = await files.put(scope, text, 'text/plain');
    note(this.#journal, { act: 'put', stage: 'done', text });
    if (erase) {
      note(this.#journal, { act: 'erase', stage: 'tried', text });
      await files.erase(scope, hash);
      note(this.#journal, { act: 'erase', stage: 'done', text });
    }
    const garbage = await files.put(scope, `garbage ${text}`, 'text/plain');
    // Another instance, as after a start: this one would spare what it has put itself.
    await new ContentFiles({ folder: this.#content }).collect(scope, {
      before: '9999-12-31T00:00:00.000Z',
      limit: 1000,
      unnamed: async (hashes) => new Set([garbage.hash].filter((hash) => hashes.has(hash))),
    });
  }

  async #lease(name: string): Promise<void> {
    const lease = await this.#ledger.lease({ scope, stream: 'run/leased', holder: name, ttlMs: 1 });
    if (lease === null) return;
    note(this.#journal, { act: 'lease', stage: 'done', token: lease.fence.token });
    await lease.renew();
    await lease.release();
  }

  /** Adds updates to a document, and makes one of all but the newest. */
  async #draw(name: string, compact: boolean): Promise<void> {
    let last = 0;
    for (const key of [`${name}-a`, `${name}-b`]) {
      const origin = { author: 'person:1', kind: 'edit', key, group: name } as const;
      note(this.#journal, { act: 'append', stage: 'tried', key });
      const entry = { update: Buffer.from(key), origin };
      last = (await this.#documents.append(scope, CRASH_DOCUMENT, entry)).sequence;
      note(this.#journal, { act: 'append', stage: 'done', key });
    }
    if (!compact) return;
    const through = last - 1;
    note(this.#journal, { act: 'compact', stage: 'tried', through });
    await this.#documents.compact(scope, CRASH_DOCUMENT, {
      through,
      update: Buffer.from(`through ${through}`),
    });
    note(this.#journal, { act: 'compact', stage: 'done', through });
  }

  /** Settles some of what is open, out of turn. */
  async #settle(): Promise<void> {
    const positions = this.#ledger.outbox.pending(scope, 20).filter(() => this.#random.below(2) === 0);
    note(this.#journal, { act: 'settle', stage: 'tried', positions });
    await this.#ledger.outbox.settle(scope, positions);
    note(this.#journal, { act: 'settle', stage: 'done', positions });
  }
}
