import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../adapter/data-folder/index.ts';
import { ledgerSchema, SqliteLedger } from '../adapter/sqlite-ledger/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { scopeOf } from './event-sample.ts';
import { temporaryFolder } from './local-store.ts';

/** What both processes are told at the same moment. */
export interface RaceOrder {
  readonly stream: string;
  readonly ttlMs: number;
}

export const RaceResult = z.object({
  /** Null for who did not get the lease. */
  token: z.number().nullable(),
  committed: z.boolean(),
});
export type RaceResult = z.infer<typeof RaceResult>;

const CHILD = fileURLToPath(new URL('./lease-race-child.ts', import.meta.url));
const scope = scopeOf();

/**
 * Lets two processes run for the same lease, once a race. Of a lease that lasts there is one holder, and only it commits; one that ends
 * at once may have two, but never does the older one commit after the newer.
 */
export async function raceForLeases(races: number): Promise<void> {
  const { path: folder, remove } = temporaryFolder();
  const options = {
    folder,
    schema: ledgerSchema,
    clock: systemClock,
    exit: 'clean',
    whenLost: 'refuse',
  } as const;
  const file = await openDatabase(options);
  const ledger = new SqliteLedger(file, systemClock);
  const runners = ['left', 'right'].map((name) => fork(CHILD, [folder, name]));
  try {
    await Promise.all(runners.map((runner) => once(runner, 'message')));
    for (let n = 0; n < races; n++) {
      const order = { stream: `run/race-${n}`, ttlMs: n % 2 === 0 ? 60_000 : 0 };
      const results = await Promise.all(runners.map((runner) => tell(runner, order)));
      const { events } = await ledger.read({ scope, stream: order.stream, after: 0, limit: 10 });
      expect(events).toHaveLength(results.filter(({ committed }) => committed).length);
      if (order.ttlMs > 0) {
        expect(results.filter(({ token }) => token === 1)).toEqual([{ token: 1, committed: true }]);
        expect(results.filter(({ token }) => token === null)).toHaveLength(1);
      } else {
        expect(new Set(results.map(({ token }) => token))).toEqual(new Set([1, 2]));
        expect(results.find(({ token }) => token === 2)?.committed).toBe(true);
        const tokens = events.flatMap((event) =>
          event.type === 'step.completed' ? [event.data.note.data.text] : [],
        );
        expect([['1', '2'], ['2']]).toContainEqual(tokens);
      }
    }
  } finally {
    for (const runner of runners) runner.kill();
    file.close();
    remove();
  }
}

async function tell(runner: ChildProcess, order: RaceOrder): Promise<RaceResult> {
  const answer = once(runner, 'message');
  runner.send(order);
  return RaceResult.parse((await answer)[0]);
}
