import { LocalBus } from '../adapter/bus-local/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { Queue } from '../outbox/index.ts';
import { scopeOf } from './event-sample.ts';
import { armKill } from './kill.ts';
import { openLocalStore } from './local-store.ts';

/** Arguments: where to be killed, and the data folder. Sends on what its ledger holds, and ends when nothing is open. */
const [, , point, folder = ''] = process.argv;
const store = await openLocalStore(folder);
const scope = scopeOf();
const { ledger } = store;
const queue = new Queue({ ledger, bus: new LocalBus(), clock: systemClock, scope });
armKill(point);
queue.start();
while ((await queue.describe()).backlog > 0) await systemClock.sleep(5, new AbortController().signal);
await queue.close();
store.close();
