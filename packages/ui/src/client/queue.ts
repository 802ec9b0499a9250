import type { QueueView, Reconciled, Refused } from '@soma/schemas/contract';
import { useMemo } from 'react';
import { useClient } from './context.tsx';
import { ask } from './link.ts';
import { type Asked, useQuestion } from './question.ts';

/** How often what waits is asked about while it is looked at, in milliseconds. */
const LOOK_MS = 2000;

/** What waits between the log and those who are told of it, followed for as long as the component stands. */
export function useQueue(): Asked<QueueView> {
  return useQuestion({
    key: ['queue'],
    every: LOOK_MS,
    make: (calls) => calls.queue.describe({}),
    take: ({ queue }) => queue,
  });
}

/** What a person does about what was not taken in. */
interface QueueWays {
  /** Sends one event again by its id, or with null all that were set aside; answers how many. */
  readonly requeue: (
    copy: string | null,
  ) => Promise<{ readonly ok: true; readonly requeued: number } | Refused>;
  /** Compares log, outbox and consumers, and sends again what never arrived. */
  readonly reconcile: () => Promise<{ readonly ok: true; readonly report: Reconciled } | Refused>;
}

export function useQueueWays(): QueueWays {
  const { link, queries } = useClient();
  return useMemo(() => {
    const look = () => queries.invalidateQueries({ queryKey: ['queue'] });
    return {
      requeue: async (copy) => {
        const answer = await ask(link, (calls) => calls.queue.requeue({ copy }));
        await look();
        return answer;
      },
      reconcile: async () => {
        const answer = await ask(link, (calls) => calls.queue.reconcile({}));
        await look();
        return answer;
      },
    };
  }, [link, queries]);
}
