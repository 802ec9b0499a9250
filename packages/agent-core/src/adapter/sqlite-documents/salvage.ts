import type Database from 'better-sqlite3';
import { faultOfRow, type UpdateRow } from './row.ts';

type Row = UpdateRow & { readonly position: number };
type Place = [tenant: string, workspace: string, document: string];

/** Where a row of the damaged database lies, and what it follows; its bytes are read again when they are copied. */
interface Whole {
  readonly position: number;
  readonly sequence: number;
  readonly before: number;
}

const COLUMNS =
  'position, tenant, workspace, document, sequence, payload, author, kind, key, step, before, checksum';
const USE = 'INSERT INTO keys VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING';
const OF = 'tenant = ? AND workspace = ? AND document = ?';

/**
 * Takes over, of each document, the updates that are as they were written and follow one another from what `into` has, or from the beginning
 * when that leads further; never anything behind a gap. Answers by how many updates the documents are longer now.
 */
export function salvage(from: Database.Database, into: Database.Database, last: number | null): number {
  const end = last ?? Number(from.prepare('SELECT max(position) FROM updates').pluck().get());
  const read = reader(from);
  const documents = new Map<string, { place: Place; rows: Whole[] }>();
  for (let position = 1; position <= end; position += 1) {
    const row = read(position);
    if (row === null) continue;
    const place: Place = [row.tenant, row.workspace, row.document];
    const name = JSON.stringify(place);
    const found = documents.get(name) ?? { place, rows: [] };
    found.rows.push({ position, sequence: row.sequence, before: row.before });
    documents.set(name, found);
  }
  const write = writer(into, read);
  let taken = 0;
  for (const { place, rows } of documents.values()) {
    taken += write(
      place,
      rows.sort((a, b) => a.sequence - b.sequence),
    );
    copyKeys({ from, into }, place);
  }
  return taken;
}

/** The row at a position when it is as it was written; null when it is not, or not there. */
function reader(from: Database.Database): (position: number) => Row | null {
  const find = from.prepare<[number], Row>(`SELECT ${COLUMNS} FROM updates NOT INDEXED WHERE position = ?`);
  return (position) => {
    try {
      const row = find.get(position);
      return row !== undefined && faultOfRow(row, row.before) === null ? row : null;
    } catch {
      // Whatever is wrong with this one, the others may be whole.
      return null;
    }
  };
}

/** Writes the rows of one document, in the order of their sequences; answers by how many updates it is longer. */
function writer(into: Database.Database, read: (position: number) => Row | null) {
  const head = into
    .prepare<Place, number>(`SELECT coalesce(max(sequence), 0) FROM updates WHERE ${OF}`)
    .pluck();
  const drop = into.prepare<Place>(`DELETE FROM updates WHERE ${OF}`);
  const names = COLUMNS.split(', ').map((column) => `@${column}`);
  const insert = into.prepare(
    `INSERT INTO updates (${COLUMNS}) VALUES (${names.join(', ')}) ON CONFLICT DO NOTHING`,
  );
  const use = into.prepare(USE);
  return (place: Place, rows: readonly Whole[]): number => {
    const known = head.get(...place) ?? 0;
    // Compaction makes one row of many: what is whole from its beginning stands for itself.
    const anew = chained(rows, 0);
    if ((anew.at(-1)?.sequence ?? 0) > known) {
      drop.run(...place);
      copy(anew);
    }
    copy(chained(rows, head.get(...place) ?? 0));
    return (head.get(...place) ?? 0) - known;
  };

  function copy(rows: readonly Whole[]): void {
    for (const { position } of rows) {
      const row = read(position);
      if (row === null || insert.run(row).changes === 0) return;
      if (row.key !== null) use.run(row.tenant, row.workspace, row.document, row.key, row.sequence);
    }
  }
}

/** Those of the rows that follow `before`, each the one after it. */
function chained(rows: readonly Whole[], before: number): Whole[] {
  const found: Whole[] = [];
  for (const row of rows) {
    if (row.before === (found.at(-1)?.sequence ?? before)) found.push(row);
  }
  return found;
}

/** The keys of updates that became one with others: used stays used. */
function copyKeys({ from, into }: { from: Database.Database; into: Database.Database }, place: Place): void {
  const use = into.prepare(USE);
  const head =
    into
      .prepare<Place, number>(`SELECT max(sequence) FROM updates WHERE ${OF}`)
      .pluck()
      .get(...place) ?? 0;
  const keys = from.prepare<[...Place, number], { key: string; sequence: number }>(
    `SELECT key, sequence FROM keys WHERE ${OF} AND sequence <= ?`,
  );
  try {
    for (const { key, sequence } of keys.iterate(...place, head)) use.run(...place, key, sequence);
  } catch {
    // What cannot be read of them is gone; a row that stands for itself has brought its own.
  }
}
