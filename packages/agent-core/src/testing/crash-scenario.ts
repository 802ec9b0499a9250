import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openDatabase } from '../adapter/data-folder/index.ts';
import { documentsSchema } from '../adapter/sqlite-documents/index.ts';
import { ledgerSchema } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { Failpoint } from '../failpoint/index.ts';
import { type CrashSite, inspectCrash } from './crash-oracle.ts';
import { CrashWork, nextLedgerSchema } from './crash-work.ts';
import { type KillRequest, runUntilKilled } from './kill.ts';
import { temporaryFolder } from './local-store.ts';

const CHILD = new URL('./crash-child.ts', import.meta.url);

/** Rounds of work a child does when nothing kills it; two pass every failpoint. */
const ROUNDS = 4;

/**
 * What a child finds when it starts: `new` nothing, `older` a data folder to migrate, `damaged` a ledger with a torn page and a good
 * backup.
 */
export type Found = 'new' | 'older' | 'damaged';

/** The scenario in which a failpoint is passed. */
export function scenarioOf(name: Failpoint): Found {
  if (name.startsWith('database.migrate')) return 'older';
  if (/^database\.(salvage|quarantine|restore)\./.test(name)) return 'damaged';
  return 'new';
}

/**
 * Kills `generations` children in a row on one data folder, each at the same place, inspecting what each leaves. When there is
 * more than one, another is left to work to its end, which shows that nothing that was left stops it.
 */
export async function crash(
  found: Found,
  at: KillRequest['at'],
  { seed, generations }: { seed: number; generations: number },
): Promise<void> {
  const { path, remove } = temporaryFolder();
  const schema = found === 'older' ? nextLedgerSchema : ledgerSchema;
  const site: CrashSite = { folder: join(path, 'data'), journal: join(path, 'journal'), schema };
  try {
    for (let generation = 0; generation < generations; generation++) {
      if (found !== 'new') await prepare(site, found, seed + generation);
      const killed = await child(site, at, seed + generation);
      if (isPassed(at, generation)) expect(killed).toMatchObject({ killed: true, said: '' });
      const mended = await inspectCrash(site);
      if (found !== 'damaged') expect(mended).toBeNull();
    }
    if (generations === 1) return;
    expect(await child(site, null, seed + generations)).toMatchObject({ code: 0, said: '' });
    expect(await inspectCrash(site)).toBeNull();
  } finally {
    remove();
  }
}

/** Whether a child of this generation passes the place: what is made once is not made again. */
function isPassed(at: KillRequest['at'], generation: number): boolean {
  if (at === null || typeof at === 'number') return false;
  return generation === 0 || !/^(folder\.version|database\.create)\./.test(at.name);
}

function child({ folder, journal, schema }: CrashSite, at: KillRequest['at'], seed: number) {
  const version = schema === nextLedgerSchema ? 'next' : 'current';
  return runUntilKilled({ entry: CHILD, args: [folder, journal, String(seed), String(ROUNDS), version], at });
}

/** Puts a folder of the product's version, worked in, in the place of whatever is there. */
export async function prepare({ folder, journal }: CrashSite, found: Found, seed: number): Promise<void> {
  for (const old of [folder, journal]) rmSync(old, { recursive: true, force: true });
  const options = { folder, clock: systemClock, exit: 'clean', whenLost: 'refuse' } as const;
  const file = await openDatabase({ ...options, schema: ledgerSchema });
  const documents = await openDatabase({ ...options, schema: documentsSchema });
  const work = new CrashWork(file, documents, { folder, journal, seed });
  await work.round(1);
  documents.close();
  file.close();
  if (found === 'damaged') tearPage(join(folder, 'ledger.db'));
}

/** Overwrites the middle of the file, as a failing disk does. */
function tearPage(path: string): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(2048, 0xa5), 0, 2048, Math.floor(readFileSync(path).length / 8192) * 4096);
  closeSync(handle);
}
