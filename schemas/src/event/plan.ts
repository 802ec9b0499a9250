import { z } from 'zod';
import { AgentName, OfferedAgents, RunAgent } from './agent.ts';
import { Content, Sha256 } from './content.ts';
import { Note } from './fault.ts';

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

/**
 * One node of the plan's graph; `after` names the tasks whose results it needs, `otherwise` those that come in its place when its own way
 * does not lead anywhere. They are no part of the plan until it is revised.
 */
export const PlannedTask = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(200),
  tool: z.string().min(1).max(100),
  after: z.array(z.string()).max(100),
  checks: z.array(Check).max(10),
  otherwise: z.array(z.string()).max(20).optional(),
  /** What needs it goes on without it when it comes to nothing. */
  optional: z.literal(true).optional(),
  /** The task whose result asked for it. */
  from: z.string().max(64).optional(),
  /** The agent whose task it is. */
  agent: AgentName.optional(),
  /** Agents that may be given tasks which its result asks for. */
  offers: OfferedAgents.optional(),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

/** Checks of work that is not done and that nothing in its place makes. */
export const Weakened = z.object({ task: z.string(), checks: z.array(Check).min(1).max(10) });
export type Weakened = z.infer<typeof Weakened>;

/** What a person is asked about a revision: why, what goes, what comes, and the checks that go with it. */
export const RevisionQuestion = z.object({
  note: Note,
  dropped: z
    .array(PlannedTask.pick({ id: true, title: true, checks: true }))
    .min(1)
    .max(500),
  added: z.array(PlannedTask).max(500),
  weakened: z.array(Weakened).min(1).max(500),
});
export type RevisionQuestion = z.infer<typeof RevisionQuestion>;

export const planEvents = {
  /**
   * `source` is the whole plan as it was read, and `agents` those that its tasks are or may be given to, so that resuming never depends on a
   * newer file.
   */
  'plan.proposed': z.object({
    plan: PlanRef,
    title: z.string().min(1).max(200),
    tasks: z.array(PlannedTask).min(1).max(500),
    source: Content,
    agents: z.array(RunAgent).max(100).optional(),
  }),
  /** The plan may be followed; `rule` is the rule that said so. */
  'plan.approved': z.object({ rule: z.string(), policyHash: Sha256 }),
  /**
   * The plan was changed, for the reason in `note`: Reflect gave up a task's way at one of its attempts, or brought in what the task's
   * result asks for; or a person said something that is to be answered (`task` and `attempt` are null then). `dropped` tasks are not done and count for nothing (`withdrawn`: claims they had made, claims checked); `added` ones are
   * part of the plan from here on; `changed` ones have not begun and need others than before. What is finished stays. `allowedBy` is the approval that `weakened` needs, a person's. `source` is the whole plan, as in
   * *plan.proposed*.
   */
  'plan.revised': z.object({
    task: z.string().nullable(),
    attempt: z.number().int().min(1).nullable(),
    note: Note,
    plan: PlanRef,
    source: Content,
    dropped: z.array(z.string()).max(500),
    added: z.array(PlannedTask).max(500),
    changed: z.array(z.object({ task: z.string(), after: z.array(z.string()).max(100) })).max(500),
    weakened: z.array(Weakened).max(500),
    allowedBy: z.string().max(300).optional(),
    withdrawn: z.object({ claims: z.number().int().min(0), checked: z.number().int().min(0) }),
  }),
};
