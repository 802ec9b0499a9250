import { runStream, segmentOf } from '@soma/schemas/event';
import type Database from 'better-sqlite3';
import { EventTable } from './event-table.ts';
import { bareHash, decode, type EventRow, link, type Place } from './row.ts';
import { RunTable } from './run-table.ts';

/**
 * Takes over every event that is as it was written and follows, by its link of the chain, the end of its stream in `into`: of each stream
 * the part before its first gap, so that no state is ever folded around a missing fact. Answers how many.
 */
export function salvage(from: Database.Database, into: Database.Database, last: number | null): number {
  const find = from.prepare<[number], EventRow>('SELECT * FROM events NOT INDEXED WHERE position = ?');
  const end = last ?? Number(from.prepare('SELECT max(position) FROM events').pluck().get());
  const events = new EventTable(into);
  const first = Number(into.prepare('SELECT coalesce(max(position), 0) + 1 FROM events').pluck().get());
  let taken = 0;
  for (let position = first; position <= end; position++) {
    const row = readable(find, position);
    if (row !== null && follows(row, events) && hasAllBefore(row, events)) {
      events.restore(row);
      taken += 1;
    }
  }
  if (taken > 0) refillRuns(into);
  return taken;
}

function readable(find: Database.Statement<[number], EventRow>, position: number): EventRow | null {
  try {
    const row = find.get(position);
    if (row !== undefined) decode(row);
    return row ?? null;
  } catch {
    // Whatever is wrong with this one, the others may be whole.
    return null;
  }
}

/** The chain covers the sequence too. */
function follows(row: EventRow, events: EventTable): boolean {
  const { chain } = events.head(row, row.stream);
  return link(chain, bareHash(row.payload, row.checksum)).equals(row.chain);
}

/** Whether a segment of a run begins where the one before it ends. */
export function hasAllBefore(row: EventRow, events: EventTable): boolean {
  if (row.sequence > 1 || segmentOf(row.stream) === null) return true;
  const begun = decode(row);
  if (begun.type !== 'segment.begun') return false;
  const { run, after, from } = begun.data;
  const held = events.head(row, runStream(run, from)).sequence;
  return (from === 0 ? held : from + held - 1) === after;
}

/** Makes the lists of runs of all workspaces again. */
export function refillRuns(db: Database.Database): void {
  const events = new EventTable(db);
  const runs = new RunTable(db, (scope, visit) => events.each(scope, visit));
  const scopes = db.prepare<[], Place>('SELECT DISTINCT tenant, workspace FROM events').all();
  for (const scope of scopes) runs.refill(scope);
}
