import { join } from 'node:path';
import Database from 'better-sqlite3';
import { durably, durablyAsync, failpoint } from '../../failpoint/index.ts';
import { type DatabaseSchema, type Measure, runMigrations, sizeOf, versionOf } from '../data-folder/index.ts';

/** A copy of a database, and what the original held at the moment of which it is the copy. */
export interface CopiedDatabase extends Measure {
  readonly name: string;
  readonly version: number;
  readonly head: number;
}

/**
 * Copies a database, which others may be writing to meanwhile, with SQLite's own backup. Everything is read in one transaction, so that the
 * copy and what is measured are of the same moment. Answers null when there is none yet.
 */
export async function copyDatabase(
  schema: DatabaseSchema,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<CopiedDatabase | null> {
  const [path, copy] = [from, to].map((folder) => join(folder, `${schema.name}.db`));
  if (path === undefined || copy === undefined || sizeOf(path) === 0) return null;
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    db.exec('BEGIN');
    const version = versionOf(db);
    if (version === 0) return null;
    await durablyAsync('backup.copy', async () => {
      await db.backup(copy);
      closeUp(copy);
      failpoint('backup.copy.database');
    });
    if (version === schema.migrations.length) return measured(db, schema);
  } finally {
    db.close();
  }
  return durably('backup.copy', () => brought(copy, schema));
}

/** Makes one file of it, which is read without anything being written beside it. */
function closeUp(copy: string): void {
  const db = new Database(copy);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

function measured(db: Database.Database, schema: DatabaseSchema): CopiedDatabase {
  return { name: schema.name, version: versionOf(db), head: schema.head(db), ...schema.measure(db) };
}

/** What an older build left is kept as this one reads it. */
function brought(copy: string, schema: DatabaseSchema): CopiedDatabase {
  const db = new Database(copy);
  try {
    runMigrations(db, schema);
    return measured(db, schema);
  } finally {
    db.close();
  }
}
