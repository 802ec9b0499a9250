import { z } from 'zod';

/** Who acts: a person, an agent working for one, or the product itself. `id` is stable within its tenant. */
export const Principal = z.object({
  kind: z.enum(['person', 'agent', 'system']),
  id: z.string().min(1).max(200),
});
export type Principal = z.infer<typeof Principal>;

/**
 * What every port call and every event carries. `actor` is the chain of principals, the one who started it first and the
 * one who acts now last. `traceparent` follows W3C Trace Context; `causation` is the id of the command or event that led here.
 */
export const Scope = z.object({
  tenant: z.string().min(1).max(200),
  workspace: z.string().min(1).max(200),
  actor: z.array(Principal).min(1).max(16),
  traceparent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
  causation: z.string().max(200).nullable(),
});
export type Scope = z.infer<typeof Scope>;

/** The same scope with one more principal at the end of the chain: who acts on behalf of the one before. */
export function delegate(scope: Scope, actor: Principal, causation: string | null): Scope {
  return { ...scope, actor: [...scope.actor, actor], causation };
}
