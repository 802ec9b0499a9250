import { fault } from '@soma/schemas/event';
import { SAMPLE_TIME, scopeOf } from './event-sample.ts';
import { armKill } from './kill.ts';
import { openLocalStore } from './local-store.ts';

/** Arguments: where to be killed, and the data folder. Sets the second event of its ledger aside, settles the first, and opens the second again. */
const [, , point, folder = ''] = process.argv;
const store = await openLocalStore(folder);
const scope = scopeOf();
const { outbox } = store.ledger;
armKill(point);
await outbox.setAside(scope, 2, { tries: 5, at: SAMPLE_TIME, fault: fault('CONSUMER_FAILED') });
await outbox.settle(scope, [1]);
await outbox.requeue(scope, null);
store.close();
