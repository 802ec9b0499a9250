import { FaultError, type Scope } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { durably, failpoint } from '../../failpoint/index.ts';
import type { DocumentStore, StoredUpdate } from '../../port/index.ts';
import { storageFault, throwFault } from '../data-folder/index.ts';
import { checksumOf, faultOfRow, type UpdateRow } from './row.ts';

/**
 * What the store needs of the database file it lives in. `mark` notes, outside the database, how far it has come, and `doubt` that damage
 * was met.
 */
export interface DocumentsFile {
  readonly db: Database.Database;
  mark(head: number): void;
  doubt(): void;
}

type Entry = Omit<StoredUpdate, 'sequence'>;

interface Replacement {
  readonly through: number;
  readonly update: Uint8Array;
}

type Place = readonly [tenant: string, workspace: string, document: string];

interface Appended {
  readonly sequence: number;
  readonly stored: boolean;
  readonly position: number;
}

const DATABASE = { database: 'documents' };

/** Documents update by update in one SQLite file. Nobody else may write the file meanwhile. */
export class SqliteDocuments implements DocumentStore {
  readonly #file: DocumentsFile;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #append: (place: Place, entry: Entry) => Appended;
  readonly #compact: (place: Place, replacement: Replacement) => void;

  constructor(file: DocumentsFile) {
    this.#file = file;
    this.#statements = prepare(file.db);
    const append = file.db.transaction((place: Place, entry: Entry) => this.#write(place, entry));
    this.#append = (place, entry) => append.immediate(place, entry);
    const compact = file.db.transaction((place: Place, replacement: Replacement) => {
      this.#replace(place, replacement);
    });
    this.#compact = (place, replacement) => {
      compact.immediate(place, replacement);
    };
  }

  async append(scope: Scope, document: string, entry: Entry): Promise<{ sequence: number; stored: boolean }> {
    try {
      const place = [scope.tenant, scope.workspace, document] as const;
      const { sequence, stored, position } = durably('documents.append', () => this.#append(place, entry));
      if (stored) this.#file.mark(position);
      return { sequence, stored };
    } catch (error) {
      return this.#refuse(error);
    }
  }

  async load(scope: Scope, document: string): Promise<readonly StoredUpdate[]> {
    try {
      const updates: StoredUpdate[] = [];
      let before = 0;
      for (const row of this.#statements.load.iterate(scope.tenant, scope.workspace, document)) {
        const reason = faultOfRow(row, before);
        if (reason !== null) throw new FaultError('DATABASE_DAMAGED', { ...DATABASE, document, reason });
        before = row.sequence;
        const { sequence, payload, author, kind, key, step } = row;
        updates.push({ sequence, update: payload, origin: { author, kind, key, group: step } });
      }
      return updates;
    } catch (error) {
      return this.#refuse(error);
    }
  }

  async has(scope: Scope, document: string, key: string): Promise<boolean> {
    try {
      return this.#statements.key.get(scope.tenant, scope.workspace, document, key) !== undefined;
    } catch (error) {
      return this.#refuse(error);
    }
  }

  async compact(scope: Scope, document: string, replacement: Replacement): Promise<void> {
    try {
      const place = [scope.tenant, scope.workspace, document] as const;
      durably('documents.compact', () => this.#compact(place, replacement));
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Damage is looked for in every row at the next start, and mended then. */
  #refuse(error: unknown): never {
    if (storageFault(error)?.code === 'DATABASE_DAMAGED') this.#file.doubt();
    return throwFault(error, DATABASE);
  }

  #write(place: Place, { update, origin }: Entry): Appended {
    const [tenant, workspace, document] = place;
    const { author, kind, key, group } = origin;
    const used = key === null ? undefined : this.#statements.key.get(...place, key);
    if (used !== undefined) return { sequence: used.sequence, stored: false, position: 0 };
    const before = this.#statements.last.get(...place)?.sequence ?? 0;
    const sequence = before + 1;
    const payload = Buffer.from(update.buffer, update.byteOffset, update.length);
    const row = { tenant, workspace, document, sequence, payload, author, kind, key, step: group, before };
    const position = (this.#statements.head.get()?.position ?? 0) + 1;
    this.#statements.insert.run({ ...row, position, checksum: checksumOf(row) });
    if (key !== null) this.#statements.use.run(...place, key, sequence);
    failpoint('documents.append.written');
    return { sequence, stored: true, position };
  }

  #replace(place: Place, { through, update }: Replacement): void {
    const [tenant, workspace, document] = place;
    const last = this.#statements.at.get(...place, through);
    if (last === undefined) throw new RangeError('no update with this sequence');
    const next = this.#statements.after.get(...place, through);
    this.#statements.drop.run(...place, through);
    failpoint('documents.compact.dropped');
    const payload = Buffer.from(update.buffer, update.byteOffset, update.length);
    const author = 'system:compaction';
    const row = {
      tenant,
      workspace,
      document,
      sequence: through,
      payload,
      author,
      kind: 'edit' as const,
      key: null,
    };
    const whole = { ...row, step: '', before: 0 };
    this.#statements.insert.run({ ...whole, position: last.position, checksum: checksumOf(whole) });
    // The row behind it names the same sequence before it, so it stays as it was.
    if (next !== undefined && next.before !== through) throw new RangeError('updates are not in a row');
  }
}

function prepare(db: Database.Database) {
  const of = 'tenant = ? AND workspace = ? AND document = ?';
  type At = [tenant: string, workspace: string, document: string];
  return {
    load: db.prepare<At, UpdateRow>(`SELECT * FROM updates WHERE ${of} ORDER BY sequence`),
    last: db.prepare<At, { sequence: number }>(
      `SELECT sequence FROM updates WHERE ${of} ORDER BY sequence DESC LIMIT 1`,
    ),
    at: db.prepare<[...At, number], { position: number }>(
      `SELECT position FROM updates WHERE ${of} AND sequence = ?`,
    ),
    after: db.prepare<[...At, number], { before: number }>(
      `SELECT before FROM updates WHERE ${of} AND sequence > ? ORDER BY sequence LIMIT 1`,
    ),
    head: db.prepare<[], { position: number }>('SELECT max(position) AS position FROM updates'),
    key: db.prepare<[...At, string], { sequence: number }>(
      `SELECT sequence FROM keys WHERE ${of} AND key = ?`,
    ),
    use: db.prepare<[...At, string, number]>('INSERT INTO keys VALUES (?, ?, ?, ?, ?)'),
    drop: db.prepare<[...At, number]>(`DELETE FROM updates WHERE ${of} AND sequence <= ?`),
    insert: db.prepare(
      `INSERT INTO updates (position, tenant, workspace, document, sequence, payload, author, kind, key, step, before, checksum)
       VALUES (@position, @tenant, @workspace, @document, @sequence, @payload, @author, @kind, @key, @step, @before, @checksum)`,
    ),
  };
}
