import assert from 'node:assert/strict';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { ContentFiles } from '../adapter/content-files/index.ts';
import { type OpenDatabase, openDatabase } from '../adapter/data-folder/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { commitOf, goalSubmitted, remark, scopeOf } from './event-sample.ts';
import { seeded } from './random.ts';

/**
 * Arguments: an empty folder, rounds, and how the disk is made full: `disk`, the folder lies on a small one of its own, or `limits`,
 * the database may take no further page and the process write no file above 1 MiB. Ends with code 0 when every promise held.
 */
const [folder = '', rounds, kind] = process.argv.slice(2);
const scope = scopeOf();
const filler = join(folder, 'filler');
const random = seeded(3);

const data = join(folder, 'data');
const open = () =>
  openDatabase({ folder: data, schema: ledgerSchema, clock: systemClock, exit: 'clean', whenLost: 'refuse' });

let file = await open();
let ledger = new SqliteLedger(file, systemClock);
const files = new ContentFiles({ folder: join(data, 'content') });
const stream = 'run/run-1';
let sequence = 0;

for (let round = 0; round < Number(rounds); round++) {
  const kept = await files.put(scope, `kept ${round}`.padEnd(100_000, '.'), 'text/plain');
  makeFull(file);
  const refused = await commitUntilFull(round);
  await assertFull(() => files.put(scope, `new ${round}`.padEnd(2_000_000, '.'), 'text/plain'));
  if (kind === 'disk') await assertFull(() => file.backup(0));
  assert.equal((await ledger.read({ scope, stream, after: 0, limit: 100_000 })).events.length, sequence);
  assert.equal((await files.get(scope, kept))?.length, 100_000);
  await files.erase(scope, kept.hash);
  assert.equal(await files.get(scope, kept), null);
  assert.deepEqual(leftovers(), []);
  makeRoom(file);
  const again = await ledger.commit(refused);
  assert.ok(again.ok, `refused with room: ${JSON.stringify(again)}`);
  sequence += 1;
  await files
    .put(scope, `new ${round}`.padEnd(500_000, '.'), 'text/plain')
    .then(({ hash }) => files.erase(scope, hash));
  if (round % 5 === 4) {
    file.close();
    file = await open();
    assert.equal(file.mended, null);
    ledger = new SqliteLedger(file, systemClock);
  }
}
file.close();

/** Commits until one is refused, and answers that one. */
async function commitUntilFull(round: number) {
  for (;;) {
    const id = `${round}-${sequence}`;
    const event = sequence === 0 ? goalSubmitted('run-1', id) : remark(id, 'x'.repeat(3000));
    const commit = commitOf(scope, { stream, expected: sequence, events: [event] });
    const result = await ledger.commit(commit);
    if (result.ok) sequence += 1;
    else {
      assert.ok('fault' in result, JSON.stringify(result));
      assert.equal(result.fault.code, 'DISK_FULL');
      return commit;
    }
  }
}

async function assertFull(work: () => Promise<unknown>): Promise<void> {
  const known = (error: unknown) => error instanceof FaultError && error.fault.code === 'DISK_FULL';
  await assert.rejects(work, known);
}

/** Leaves at most some kilobytes, or pages, free. */
function makeFull({ db }: OpenDatabase): void {
  if (kind === 'limits') {
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + random.below(10)}`);
    return;
  }
  const { bsize, bavail } = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bsize * bavail - random.below(100_000))));
}

function makeRoom({ db }: OpenDatabase): void {
  if (kind === 'limits') db.pragma('max_page_count = 1000000');
  else rmSync(filler);
}

/** Files that something half done has left. */
function leftovers(): string[] {
  return readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.part'));
}
