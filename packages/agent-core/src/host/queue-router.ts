import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import { faultAsValue } from './answers.ts';
import type { CallContext, HostParts } from './parts.ts';

/** What waits between the log and the bus, and what is to be sent again. */
export function createQueueRouter({ queue }: HostParts) {
  const os = implement(contract.queue).$context<CallContext>();
  return {
    describe: os.describe.handler(() =>
      faultAsValue(async () => ({ ok: true as const, queue: await queue.describe() })),
    ),
    requeue: os.requeue.handler(({ input }) =>
      faultAsValue(async () => ({ ok: true as const, requeued: await queue.requeue(input.copy) })),
    ),
    reconcile: os.reconcile.handler(() =>
      faultAsValue(async () => ({ ok: true as const, report: await queue.reconcile() })),
    ),
  };
}
