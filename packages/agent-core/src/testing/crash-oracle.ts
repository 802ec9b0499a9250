import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isRunEvent, type RecordedEvent } from '@soma/schemas/event';
import { projectSummary, type RunSummary } from '@soma/schemas/run';
import { expect } from 'vitest';
import { ContentFiles } from '../adapter/content-files/index.ts';
import { acquire, type DatabaseSchema, type Mended, openDatabase } from '../adapter/data-folder/index.ts';
import { documentsSchema, SqliteDocuments } from '../adapter/sqlite-documents/index.ts';
import { SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { type JournalLine, readJournal } from './crash-journal.ts';
import { CRASH_DOCUMENT } from './crash-work.ts';
import { scopeOf } from './event-sample.ts';

const scope = scopeOf();

export interface CrashSite {
  readonly folder: string;
  readonly journal: string;
  readonly schema: DatabaseSchema;
}

/**
 * Opens what a killed process left and holds it against its journal: what was acknowledged is there, whole and in order; what was under
 * way is there wholly or not at all; nothing else is. Answers what opening had to mend.
 */
export async function inspectCrash({ folder, journal, schema }: CrashSite): Promise<Mended | null> {
  const owned = acquire(folder);
  if (!owned.owned) throw new Error('the killed process still owns the data folder');
  const options = { folder, clock: systemClock, exit: owned.exit, whenLost: 'refuse' } as const;
  const file = await openDatabase({ ...options, schema });
  const documents = await openDatabase({ ...options, schema: documentsSchema });
  try {
    expect(documents.mended).toBeNull();
    const ledger = new SqliteLedger(file, systemClock);
    const lines = readJournal(journal);
    const { events } = await ledger.read({ scope, stream: null, after: 0, limit: 1_000_000 });
    inspectEvents(events, lines);
    await inspectRuns(ledger, events);
    await inspectContent(new ContentFiles({ folder: join(folder, 'content') }), lines);
    await inspectLease(ledger, lines);
    inspectOutbox(ledger, lines, events.length);
    await inspectDocument(new SqliteDocuments(documents), lines);
    return file.mended;
  } finally {
    documents.close();
    file.close();
    owned.release();
  }
}

function inspectEvents(events: readonly RecordedEvent[], lines: readonly JournalLine[]): void {
  const found = events.map(({ stream, id }) => ({ stream, id }));
  let at = 0;
  let maybe: readonly { stream: string; id: string }[] = [];
  for (const line of lines) {
    if (line.act !== 'commit') continue;
    if (line.stage === 'tried') {
      // The one before was under way when its process died: it is here whole, or not at all.
      if (maybe.length > 0 && found[at]?.id === maybe[0]?.id) at = expectAt(found, at, maybe);
      maybe = line.events;
    } else {
      at = expectAt(found, at, line.events);
      maybe = [];
    }
  }
  if (maybe.length > 0 && at < found.length) at = expectAt(found, at, maybe);
  expect(found.slice(at)).toEqual([]);
}

function expectAt<T>(found: readonly T[], at: number, wanted: readonly T[]): number {
  expect(found.slice(at, at + wanted.length)).toEqual(wanted);
  return at + wanted.length;
}

async function inspectRuns(ledger: SqliteLedger, events: readonly RecordedEvent[]): Promise<void> {
  const rows = new Map<string, RunSummary | null>();
  for (const event of events) {
    if (isRunEvent(event)) rows.set(event.stream, projectSummary(rows.get(event.stream) ?? null, event));
  }
  const { runs } = await ledger.runs.page({ scope, cursor: null, limit: 1000, only: 'all' });
  expect(new Map(runs.map((run) => [`run/${run.run}`, run]))).toEqual(rows);
}

async function inspectContent(files: ContentFiles, lines: readonly JournalLine[]): Promise<void> {
  const last = new Map<string, JournalLine>();
  for (const line of lines) if (line.act === 'put' || line.act === 'erase') last.set(line.text, line);
  for (const [text, { act, stage }] of last) {
    const hash = createHash('sha256').update(text).digest('hex');
    const back = await files.get(scope, { hash, size: Buffer.byteLength(text), mediaType: 'text/plain' });
    if (stage === 'done') expect(back).toBe(act === 'put' ? text : null);
    else expect([text, null]).toContain(back);
  }
}

async function inspectLease(ledger: SqliteLedger, lines: readonly JournalLine[]): Promise<void> {
  const highest = Math.max(0, ...lines.flatMap((line) => (line.act === 'lease' ? [line.token] : [])));
  await systemClock.sleep(2, new AbortController().signal);
  const lease = await ledger.lease({ scope, stream: 'run/leased', holder: 'inspector', ttlMs: 0 });
  expect(lease?.fence.token).toBeGreaterThan(highest);
}

function inspectOutbox(ledger: SqliteLedger, lines: readonly JournalLine[], events: number): void {
  const pending = ledger.outbox.pending(scope, 1_000_000);
  const settled = new Set<number>();
  const maybe = new Set<number>();
  for (const line of lines) {
    if (line.act === 'settle')
      for (const position of line.positions) (line.stage === 'done' ? settled : maybe).add(position);
  }
  const open = Array.from({ length: events }, (_, n) => n + 1).filter((position) => !settled.has(position));
  expect(open.filter((position) => !maybe.has(position) && !pending.includes(position))).toEqual([]);
  expect(pending.filter((position) => settled.has(position))).toEqual([]);
}

async function inspectDocument(documents: SqliteDocuments, lines: readonly JournalLine[]): Promise<void> {
  const stored = await documents.load(scope, CRASH_DOCUMENT);
  const found = stored.map(({ sequence, update }) => ({
    sequence,
    text: Buffer.from(update).toString('utf8'),
  }));
  const appended: { sequence: number; text: string }[] = [];
  const compacted = { done: 0, tried: [0] };
  for (const line of lines) {
    if (line.act === 'append' && line.stage === 'tried') {
      const there = await documents.has(scope, CRASH_DOCUMENT, line.key);
      if (there) appended.push({ sequence: appended.length + 1, text: line.key });
    }
    if (line.act === 'append' && line.stage === 'done') expect(appended.at(-1)?.text).toBe(line.key);
    if (line.act === 'compact' && line.stage === 'tried') compacted.tried.push(line.through);
    if (line.act === 'compact' && line.stage === 'done') compacted.done = line.through;
  }
  const through = Number(/^through (\d+)$/.exec(found[0]?.text ?? '')?.[1] ?? 0);
  expect(through).toBeGreaterThanOrEqual(compacted.done);
  expect(compacted.tried).toContain(through);
  const whole = through === 0 ? [] : [{ sequence: through, text: `through ${through}` }];
  expect(found).toEqual([...whole, ...appended.slice(through)]);
}
