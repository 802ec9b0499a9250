import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@soma/schemas/event';
import { ContentFiles } from '../adapter/content-files/index.ts';
import { acquire, openDatabase } from '../adapter/data-folder/index.ts';
import { documentsSchema } from '../adapter/sqlite-documents/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { createSqliteMemory, memorySchema } from '../adapter/sqlite-memory/index.ts';
import { createIds, systemClock } from '../adapter/system/index.ts';
import type { Memory } from '../port/index.ts';

/** The databases of a data folder, as the product backs them up. */
export const dataSchemas = [ledgerSchema, documentsSchema, memorySchema];

/** The real ledger and content store in a data folder of their own. */
export interface LocalStore {
  readonly folder: string;
  readonly ledger: SqliteLedger;
  readonly content: ContentFiles;
  readonly memory: Memory & { readonly close: () => Promise<void> };
  close(): void;
}

/** Opens the data folder at `folder`, as the product does. */
export async function openLocalStore(folder: string): Promise<LocalStore> {
  const owned = acquire(folder);
  if (!owned.owned) throw new Error('another process owns the data folder');
  const place = { folder, clock: systemClock, exit: owned.exit };
  const database = await openDatabase({ ...place, schema: ledgerSchema, whenLost: 'refuse' });
  const memory = createSqliteMemory(() =>
    openDatabase({ ...place, schema: memorySchema, whenLost: 'begin-anew' }),
  );
  return {
    folder,
    ledger: new SqliteLedger(database, systemClock),
    content: new ContentFiles({ folder: join(folder, 'content') }),
    memory,
    close: () => {
      void memory.close();
      database.close();
      owned.release();
    },
  };
}

/** A folder in memory where there is such a place, for what plays no power cut: a process that is killed loses nothing it has written. */
export function folderInMemory(): { path: string; remove: () => void } {
  return temporaryFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined);
}

/** A folder under the system's temporary one, or another, and how to remove it. */
export function temporaryFolder(under = tmpdir()): { path: string; remove: () => void } {
  const path = mkdtempSync(join(under, 'soma-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A person at this computer. */
export function aScope(change: Partial<Scope> = {}): Scope {
  const traceparent = createIds(systemClock).traceparent();
  const person = { kind: 'person', id: 'p1' } as const;
  return { tenant: 'local', workspace: 'local', actor: [person], traceparent, causation: null, ...change };
}
