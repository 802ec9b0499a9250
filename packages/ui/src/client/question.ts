import type { Refused } from '@soma/schemas/contract';
import { type Fault, FaultError } from '@soma/schemas/event';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Client } from './client.ts';
import { useClient } from './context.tsx';
import { ask } from './link.ts';

/** A query's answer: what was asked for, or why it is not there, or neither while it is on its way. */
export interface Asked<Value> {
  readonly value: Value | null;
  readonly fault: Fault | null;
  readonly loading: boolean;
  readonly again: () => void;
}

type Calls = ReturnType<Client['link']['current']>;

interface Question<Answer extends { readonly ok: true }, Value> {
  readonly key: readonly unknown[];
  readonly make: (calls: Calls) => Promise<Answer | Refused>;
  readonly take: (answer: Answer) => Value;
  readonly enabled?: boolean;
  /** How long the answer stays true, in milliseconds. What is named by its hash stays true for ever. */
  readonly fresh?: number;
  /** Shows the answer before while the next one is on its way. */
  readonly keep?: boolean;
  /** Asks again so many milliseconds after each answer. */
  readonly every?: number | null;
}

/** Asks the host and keeps its answer under the key. */
export function useQuestion<Answer extends { readonly ok: true }, Value>(
  question: Question<Answer, Value>,
): Asked<Value> {
  const { link } = useClient();
  const { key, make, take, enabled = true, fresh = 0, keep = false, every = null } = question;
  const query = useQuery<Value>({
    queryKey: key,
    enabled,
    staleTime: fresh,
    refetchInterval: every ?? false,
    ...(keep && { placeholderData: keepPreviousData }),
    queryFn: async () => {
      const answer: Answer | Refused = await ask<Answer | Refused>(link, make);
      if (answer.ok) return take(answer);
      throw new FaultError(answer.fault.code, answer.fault.data, answer.fault.retry);
    },
  });
  return {
    value: query.data ?? null,
    fault: query.error instanceof FaultError ? query.error.fault : null,
    loading: query.isFetching,
    again: () => void query.refetch(),
  };
}
