import { join } from 'node:path';
import { acquire, openDatabase } from '../adapter/data-folder/index.ts';
import { documentsSchema } from '../adapter/sqlite-documents/index.ts';
import { ledgerSchema } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { CrashWork, nextLedgerSchema } from './crash-work.ts';
import { armKill } from './kill.ts';

/**
 * Arguments: where to be killed, data folder, journal, seed, rounds, `next` to open with one more migration, and every how-manieth
 * round is worked; of two, none rebuilds, compacts, erases or backs up.
 */
const [point, folder = '', journal = '', seed, rounds, version, step = '1'] = process.argv.slice(2);

armKill(point);
const owned = acquire(folder);
if (!owned.owned) throw new Error('another process owns the data folder');
owned.publish({ pid: process.pid, socket: join(folder, 'host.sock') });
const schema = version === 'next' ? nextLedgerSchema : ledgerSchema;
const options = { folder, clock: systemClock, exit: owned.exit, whenLost: 'refuse' } as const;
const file = await openDatabase({ ...options, schema });
const documents = await openDatabase({ ...options, schema: documentsSchema });
const work = new CrashWork(file, documents, { folder, journal, seed: Number(seed) });
for (let round = 0; round < Number(rounds); round += Number(step)) await work.round(round);
documents.close();
file.close();
owned.release();
