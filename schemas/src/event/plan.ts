import { z } from 'zod';
import { Content, Sha256 } from './content.ts';

/** Which plan a run follows: the hash is that of the plan file's bytes. */
export const PlanRef = z.object({
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(50),
  hash: Sha256,
});
export type PlanRef = z.infer<typeof PlanRef>;

/** A kind of check a task must pass. Removing or weakening one needs a person. */
export const Check = z.enum(['quoted', 'recounted', 'executed']);
export type Check = z.infer<typeof Check>;

/** One node of the plan's graph; `after` names the tasks whose results it needs. */
export const PlannedTask = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(200),
  tool: z.string().min(1).max(100),
  after: z.array(z.string()).max(100),
  checks: z.array(Check).max(10),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

export const planEvents = {
  /** `source` is the whole plan as it was read, so that resuming never depends on a newer file. */
  'plan.proposed': z.object({
    plan: PlanRef,
    title: z.string().min(1).max(200),
    tasks: z.array(PlannedTask).min(1).max(500),
    source: Content,
  }),
  /** The plan may be followed; `rule` is the rule that said so. */
  'plan.approved': z.object({ rule: z.string(), policyHash: Sha256 }),
};
