import { join } from 'node:path';
import { acquire, openDatabase } from '../adapter/data-folder/index.ts';
import { ledgerSchema } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { CrashWork, nextLedgerSchema } from './crash-work.ts';
import { armKill } from './kill.ts';

/** Arguments: where to be killed, data folder, journal, seed, rounds, and `next` to open with one more migration. */
const [point, folder = '', journal = '', seed, rounds, version] = process.argv.slice(2);

armKill(point);
const owned = acquire(folder);
if (!owned.owned) throw new Error('another process owns the data folder');
owned.publish({ pid: process.pid, socket: join(folder, 'host.sock') });
const file = await openDatabase({
  folder,
  schema: version === 'next' ? nextLedgerSchema : ledgerSchema,
  clock: systemClock,
  exit: owned.exit,
  whenLost: 'refuse',
});
const work = new CrashWork(file, { folder, journal, seed: Number(seed) });
for (let round = 0; round < Number(rounds); round++) await work.round(round);
file.close();
owned.release();
