import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError, type RecordedEvent } from '@soma/schemas/event';
import type { RunSummary } from '@soma/schemas/run';
import { expect } from 'vitest';
import { type OpenDatabase, openDatabase } from '../adapter/data-folder/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { commitOf, goalSubmitted, remark, scopeOf } from './event-sample.ts';
import type { Random } from './random.ts';

const scopes = [scopeOf(), scopeOf('other')];
const FILES = ['ledger.db', 'ledger.db-wal', 'ledger.mark'];

/** What a ledger answers to everything it can be asked. */
interface Answers {
  readonly events: readonly (readonly RecordedEvent[])[];
  readonly streams: readonly (readonly RecordedEvent[])[];
  readonly runs: readonly (readonly RunSummary[])[];
}

/** A folder to damage copies of: `wal` tells whether its last commits lie in the write-ahead log only. */
export interface Specimen {
  readonly folder: string;
  readonly wal: boolean;
  readonly answers: Answers;
  readonly events: number;
}

function open(folder: string): Promise<OpenDatabase> {
  const exit = 'unclean';
  return openDatabase({ folder, schema: ledgerSchema, clock: systemClock, exit, whenLost: 'refuse' });
}

/** Makes a ledger of some runs in two workspaces, as a clean end leaves it or, with `wal`, as a kill does. */
export async function makeSpecimen(
  folder: string,
  { wal, backup }: { wal: boolean; backup: boolean },
): Promise<Specimen> {
  const working = `${folder}.working`;
  const file = await open(working);
  const ledger = new SqliteLedger(file, systemClock);
  await fill(ledger, 'first');
  if (backup) await file.backup(0);
  await fill(ledger, 'second');
  const answers = await ask(ledger);
  if (!wal) file.close();
  mkdirSync(folder, { recursive: true });
  for (const name of [...FILES, 'backups'].filter((one) => existsSync(join(working, one)))) {
    cpSync(join(working, name), join(folder, name), { recursive: true });
  }
  if (wal) file.close();
  rmSync(working, { recursive: true });
  return { folder, wal, answers, events: answers.events.flat().length };
}

async function fill(ledger: SqliteLedger, name: string): Promise<void> {
  for (const scope of scopes) {
    await ledger.lease({ scope, stream: `run/${name}`, holder: name, ttlMs: 0 });
    for (const run of [`${name}-1`, `${name}-2`]) {
      const stream = `run/${run}`;
      const goal = goalSubmitted(run, `${run}-goal`);
      expect(await ledger.commit(commitOf(scope, { stream, expected: 0, events: [goal] }))).toMatchObject({
        ok: true,
      });
      for (let n = 1; n <= 12; n++) {
        const event = remark(`${run}-${n}`, `${n} `.repeat(n === 5 ? 4000 : 40));
        const result = await ledger.commit(commitOf(scope, { stream, expected: n, events: [event] }));
        expect(result).toMatchObject({ ok: true });
      }
    }
  }
}

async function ask(ledger: SqliteLedger): Promise<Answers> {
  const events = [];
  const streams = [];
  const runs = [];
  for (const scope of scopes) {
    events.push((await ledger.read({ scope, stream: null, after: 0, limit: 10_000 })).events);
    for (const run of ['first-1', 'first-2', 'second-1', 'second-2']) {
      streams.push((await ledger.read({ scope, stream: `run/${run}`, after: 0, limit: 10_000 })).events);
    }
    runs.push((await ledger.runs.page({ scope, cursor: null, limit: 100, only: 'all' })).runs);
  }
  return { events, streams, runs };
}

/** The ledger with its list of runs made again from the log. */
async function rebuilt(file: OpenDatabase): Promise<SqliteLedger> {
  const ledger = new SqliteLedger(file, systemClock);
  for (const scope of scopes) await ledger.runs.rebuild(scope);
  return ledger;
}

/** How a damaged ledger behaved. There is no fourth way. */
export type Behaviour = 'unharmed' | 'refused' | 'mended';

/**
 * Damages a copy of the specimen at one place and opens it. It answers everything as before, or says that it is damaged, or says that
 * it was mended, how much is missing, and answers each stream up to a point; any other answer fails the test.
 */
export async function damage(
  specimen: Specimen,
  random: Random,
  folder: string,
): Promise<{ behaviour: Behaviour; lost: number }> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(specimen.folder, folder, { recursive: true });
  const target = specimen.wal && random.below(2) === 0 ? 'ledger.db-wal' : 'ledger.db';
  const how = spoil(join(folder, target), random);
  try {
    const file = await open(folder);
    try {
      const answers = await ask(new SqliteLedger(file, systemClock));
      if (file.mended === null) {
        expect(answers, how).toEqual(specimen.answers);
        return { behaviour: 'unharmed', lost: 0 };
      }
      expect(file.mended.lost, how).toBe(specimen.events - answers.events.flat().length);
      for (const [n, stream] of answers.streams.entries()) {
        expect(specimen.answers.streams[n]?.slice(0, stream.length), how).toEqual(stream);
      }
      expect(await ask(await rebuilt(file)), how).toEqual(answers);
      return { behaviour: 'mended', lost: file.mended.lost ?? 0 };
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw new Error(how, { cause: error });
    // A flipped bit in the place of the version looks like the folder of a newer build.
    expect(['DATABASE_DAMAGED', 'DATA_FOLDER_NEWER'], how).toContain(error.fault.code);
    return { behaviour: 'refused', lost: specimen.events };
  }
}

/** Flips a bit, clears a sector or cuts the file off; answers what it did. */
export function spoil(path: string, random: Random): string {
  const bytes = readFileSync(path);
  const at = random.below(bytes.length);
  const kind = random.below(10);
  if (kind === 0) {
    writeFileSync(path, bytes.subarray(0, at));
    return `${path} cut off at ${at}`;
  }
  if (kind === 1) {
    const sector = at - (at % 512);
    writeFileSync(path, bytes.fill(0, sector, Math.min(sector + 512, bytes.length)));
    return `${path} cleared from ${sector}`;
  }
  const bit = 1 << random.below(8);
  bytes.writeUInt8(bytes.readUInt8(at) ^ bit, at);
  writeFileSync(path, bytes);
  return `${path} bit ${bit} flipped at ${at}`;
}
