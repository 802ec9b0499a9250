import type { Kept } from '@soma/schemas/contract';
import { type Fault, fault } from '@soma/schemas/event';
import { useMemo } from 'react';
import { mintId } from './commands.ts';
import { useClient } from './context.tsx';
import { ask } from './link.ts';

/** What came of keeping a plan: its name, or everything that is wrong with the file, each fault with its 1-based `line`. */
export type KeptPlan =
  | { readonly ok: true; readonly plan: string }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What a person does with plans of their own. */
interface OwnPlans {
  readonly keep: (file: File) => Promise<KeptPlan>;
  /** Answers where the file lies now. */
  readonly forget: (
    plan: string,
  ) => Promise<{ readonly ok: true; readonly path: string } | { readonly ok: false; readonly fault: Fault }>;
}

/** What is far longer than any plan is not read, in bytes. */
const SIZE_LIMIT = 1_000_000;

export function useOwnPlans(): OwnPlans {
  const { link, queries } = useClient();
  return useMemo(() => {
    const changed = () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['plans'] }),
        queries.invalidateQueries({ queryKey: ['match'] }),
      ]);
    return {
      keep: async (file) => {
        const source = await textOf(file);
        if (typeof source !== 'string') return { ok: false, faults: [source] };
        const command = { id: mintId(), source };
        const answer = await ask<Kept>(link, (calls) => calls.plan.keep(command));
        if (!answer.ok) return { ok: false, faults: 'faults' in answer ? answer.faults : [answer.fault] };
        await changed();
        return { ok: true, plan: answer.plan };
      },
      forget: async (plan) => {
        const command = { id: mintId(), plan };
        const answer = await ask(link, (calls) => calls.plan.forget(command));
        await changed();
        return answer;
      },
    };
  }, [link, queries]);
}

async function textOf(file: File): Promise<string | Fault> {
  const { name, size } = file;
  if (size > SIZE_LIMIT) return fault('FILE_TOO_LARGE', { path: name, size, limit: SIZE_LIMIT });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch (error) {
    // Text that is not UTF-8 is a TypeError; what cannot be read at all, a DOMException.
    return error instanceof TypeError
      ? fault('PLAN_INVALID', { where: 'encoding', what: name })
      : fault('FILE_UNREADABLE', { path: name });
  }
}
