import { openDatabase } from '../adapter/data-folder/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { remark, scopeOf } from './event-sample.ts';
import type { RaceOrder, RaceResult } from './lease-race.ts';

/** Arguments: data folder and a name. Runs for each lease it is told of, and commits under it when it got it. */
const [folder = '', name = ''] = process.argv.slice(2);
const scope = scopeOf();
const options = {
  folder,
  schema: ledgerSchema,
  clock: systemClock,
  exit: 'clean',
  whenLost: 'refuse',
} as const;
const file = await openDatabase(options);
const ledger = new SqliteLedger(file, systemClock);

process.on('message', (order: RaceOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.send?.({ token: null, committed: false } satisfies RaceResult);

async function run({ stream, ttlMs }: RaceOrder): Promise<RaceResult> {
  const lease = await ledger.lease({ scope, stream, holder: name, ttlMs });
  if (lease === null) return { token: null, committed: false };
  const { token } = lease.fence;
  const head = (await ledger.read({ scope, stream, after: 0, limit: 10 })).cursor;
  const append = { stream, expected: head, events: [remark(`${stream}-${name}`, String(token))] };
  const result = await ledger.commit({ scope, fence: lease.fence, appends: [append] });
  return { token, committed: result.ok };
}
