import { type Fault, FaultError, type Scope } from '@soma/schemas/event';
import type { CallContext } from './parts.ts';

/** A command's id, and the scope of what it causes. */
export function meta(context: CallContext, id: string): { id: string; scope: Scope } {
  return { id, scope: { ...context.scope, causation: id } };
}

export function refused(problem: Fault): { ok: false; fault: Fault } {
  return { ok: false, fault: problem };
}

/** What the work answers; a fault it throws is a refusal. */
export async function faultAsValue<Answer>(
  work: () => Promise<Answer>,
): Promise<Answer | { ok: false; fault: Fault }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaultError) return refused(error.fault);
    throw error;
  }
}
