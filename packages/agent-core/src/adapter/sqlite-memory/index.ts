import type { Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably } from '../../failpoint/index.ts';
import type { Memory, MemoryEntry, RecallRequest } from '../../port/index.ts';
import { type OpenDatabase, throwFault, withFaults } from '../data-folder/index.ts';
import { checksumOf, Entry, entryOf, isWhole, type MemoryRow, wordsOf } from './row.ts';

export { memorySchema } from './schema.ts';

/** Newest memories of one task on one folder that are kept; older ones are forgotten when another comes. */
const KEPT = 5;
/** Words of a text that are looked for. */
const WORDS = 40;

type Here = [tenant: string, workspace: string];

/** A memory that is opened when it is first needed: no window waits for it. */
export function createSqliteMemory(
  open: () => Promise<OpenDatabase>,
): Memory & { readonly close: () => Promise<void> } {
  let opened: Promise<MemoryTable> | null = null;
  async function ready(): Promise<MemoryTable> {
    opened ??= open().then((database) => new MemoryTable(database));
    try {
      return await opened;
    } catch (error) {
      // What could not be opened is tried again.
      opened = null;
      return throwFault(error, { database: 'memory' });
    }
  }
  return {
    remember: async (scope, entry) => (await ready()).remember(scope, entry),
    recall: async (request) => (await ready()).recall(request),
    forget: async (scope, of) => (await ready()).forget(scope, of),
    close: async () => {
      const closing = opened;
      opened = null;
      (await closing?.catch(() => null))?.close();
    },
  };
}

/** Memories in a database of the data folder. A row that is not as it was written is left out, as if it had been forgotten. */
class MemoryTable {
  readonly #database: OpenDatabase;
  readonly #db: Database.Database;

  constructor(database: OpenDatabase) {
    this.#database = database;
    this.#db = database.db;
  }

  close(): void {
    this.#database.close();
  }

  remember(scope: Scope, entry: MemoryEntry): void {
    this.#durably('memory.remember', () => this.#write(scope, entry));
  }

  recall(request: RecallRequest): readonly MemoryEntry[] {
    return withFaults({ database: 'memory' }, () => this.#find(request).flatMap((row) => this.#open(row)));
  }

  forget({ tenant, workspace }: Scope, of: { readonly run: string } | { readonly folder: string }): number {
    const [column, value] = 'run' in of ? ['run', of.run] : ['folder', of.folder];
    const found = this.#db.prepare<[...Here, string], MemoryRow>(
      `SELECT * FROM memories WHERE tenant = ? AND workspace = ? AND ${column} = ?`,
    );
    return this.#durably('memory.forget', () => this.#drop(found.all(tenant, workspace, value)));
  }

  #durably<T>(write: 'memory.remember' | 'memory.forget', work: () => T): T {
    return withFaults({ database: 'memory' }, () =>
      durably(write, () => this.#db.transaction(work).immediate()),
    );
  }

  #write({ tenant, workspace }: Scope, entry: MemoryEntry): void {
    const { id, run, folder } = entry;
    const payload = Buffer.from(JSON.stringify(Entry.parse(entry)), 'utf8');
    const row = { tenant, workspace, id, run, folder, key: keyOf(entry), payload };
    const { changes, lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO memories (tenant, workspace, id, run, folder, key, payload, checksum)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, workspace, id) DO NOTHING`,
      )
      .run(tenant, workspace, id, run, folder, row.key, payload, checksumOf(row));
    if (changes === 0) return;
    this.#db.prepare('INSERT INTO words (rowid, claims) VALUES (?, ?)').run(lastInsertRowid, wordsOf(entry));
    this.#drop(
      this.#db
        .prepare<[...Here, string, string, number], MemoryRow>(
          `SELECT * FROM memories WHERE tenant = ? AND workspace = ? AND folder = ? AND key = ?
           ORDER BY position DESC LIMIT -1 OFFSET ?`,
        )
        .all(tenant, workspace, folder, row.key, KEPT),
    );
    this.#database.mark(Number(lastInsertRowid));
  }

  #drop(rows: readonly MemoryRow[]): number {
    for (const { position } of rows) {
      this.#db.prepare('DELETE FROM words WHERE rowid = ?').run(position);
      this.#db.prepare('DELETE FROM memories WHERE position = ?').run(position);
    }
    return rows.length;
  }

  #find({ scope: { tenant, workspace }, folder, by, limit }: RecallRequest): MemoryRow[] {
    if (by.name === 'task') {
      return this.#db
        .prepare<[...Here, string, string, number], MemoryRow>(
          `SELECT * FROM memories WHERE tenant = ? AND workspace = ? AND folder = ? AND key = ?
           ORDER BY position DESC LIMIT ?`,
        )
        .all(tenant, workspace, folder, keyOf(by), limit);
    }
    const words = (by.text.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, WORDS);
    if (words.length === 0) return [];
    return this.#db
      .prepare<[string, ...Here, string, number], MemoryRow>(
        `SELECT memories.* FROM words JOIN memories ON memories.position = words.rowid
         WHERE words MATCH ? AND tenant = ? AND workspace = ? AND folder = ? ORDER BY bm25(words) LIMIT ?`,
      )
      .all(words.map((word) => `"${word}"`).join(' OR '), tenant, workspace, folder, limit);
  }

  #open(row: MemoryRow): MemoryEntry[] {
    if (isWhole(row)) return [entryOf(row)];
    this.#database.doubt();
    return [];
  }
}

function keyOf({
  plan,
  task,
  tool,
  argumentsHash,
}: Pick<MemoryEntry, 'plan' | 'task' | 'tool' | 'argumentsHash'>): string {
  return [plan, task, tool, argumentsHash].join(' ');
}
