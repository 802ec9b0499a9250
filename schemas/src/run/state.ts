import { z } from 'zod';
import { AgentName, OfferedAgents, RunAgent } from '../event/agent.ts';
import { AnsweredBy, ApprovalScope } from '../event/approval.ts';
import { CheckedClaim } from '../event/claim.ts';
import { Content, Sha256 } from '../event/content.ts';
import { Fault, Note } from '../event/fault.ts';
import { ApproveMode, FolderRef, Fork, Parent, Priority, Slots } from '../event/goal.ts';
import { PassedOver, RoutedModel, TurnSpent } from '../event/model.ts';
import { Check, PlanRef } from '../event/plan.ts';
import { EndState } from '../event/run.ts';
import { Scope } from '../event/scope.ts';
import { Compensation, StepName } from '../event/task.ts';
import { Changes, PolicyVerdict, ToolRisk } from '../event/tool-call.ts';

const Time = z.iso.datetime();

/** One state of an attempt, as far as it has come. Times are RFC 3339. */
export const StepState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('later') }),
  z.object({ status: z.literal('current'), startedAt: Time }),
  z.object({
    status: z.literal('done'),
    startedAt: Time,
    endedAt: Time,
    note: Note,
    output: Content.nullable(),
  }),
  z.object({ status: z.literal('skipped'), endedAt: Time, note: Note }),
]);
export type StepState = z.infer<typeof StepState>;

/** The eight states by name; every one is present from the start of an attempt. */
export const Steps = z.record(StepName, StepState);
export type Steps = z.infer<typeof Steps>;

/** How a task stands. `waiting`: a person must answer; `retrying`: due again at `retryAt`. */
export const TaskStatus = z.discriminatedUnion('name', [
  z.object({ name: z.literal('queued') }),
  z.object({ name: z.literal('running') }),
  z.object({ name: z.literal('waiting'), approval: z.string() }),
  z.object({ name: z.literal('retrying'), retryAt: Time, fault: Fault }),
  z.object({ name: z.literal('verified') }),
  z.object({ name: z.literal('unverified') }),
  /** Done, with nothing to claim and so nothing to check. */
  z.object({ name: z.literal('empty') }),
  /** The plan's own condition says that this run does not ask for it. */
  z.object({ name: z.literal('unneeded') }),
  z.object({ name: z.literal('failed'), fault: Fault }),
  z.object({ name: z.literal('skipped'), note: Note }),
  /** The plan was revised, for this reason: it counts for nothing, and is never verified. */
  z.object({ name: z.literal('dropped'), note: Note }),
  z.object({ name: z.literal('stopped') }),
]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskState = z.object({
  id: z.string(),
  title: z.string(),
  tool: z.string(),
  after: z.array(z.string()),
  checks: z.array(Check),
  status: TaskStatus,
  /** 0 before the first attempt. */
  attempt: z.number().int().min(0),
  /** Idempotency key of the attempt under way. */
  key: z.string().nullable(),
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  steps: Steps,
  /** Ids of this task's calls, oldest first. */
  calls: z.array(z.string()),
  evidence: z.array(CheckedClaim),
  /** Arguments a person gave it in place of its plan's; null for the plan's own. */
  edited: Content.nullable(),
  /** What failed attempts of it had done and can be taken back, in the order to do so; see `owedBy` for what is still to be done of it. */
  compensate: z.array(Compensation).optional(),
  /** Tasks that may come in its place. */
  otherwise: z.array(z.string()).optional(),
  /** Tasks it was brought in for when the plan was revised. */
  insteadOf: z.array(z.string()).optional(),
  /** What needs it goes on without it when it comes to nothing. */
  optional: z.literal(true).optional(),
  /** The task whose result asked for it. */
  from: z.string().optional(),
  /** The agent whose task it is. */
  agent: AgentName.optional(),
  /** Agents that may be given tasks which its result asks for. */
  offers: OfferedAgents.optional(),
  /** The last attempt before a person had it done again. */
  requeued: z.number().int().optional(),
  /** The last attempt that failed because nobody who could be asked was there; it and those before count for none. */
  waited: z.number().int().optional(),
  /** The model of each attempt that asked one, oldest first. */
  routed: z
    .array(z.object({ attempt: z.number().int(), model: RoutedModel, passedOver: PassedOver }))
    .optional(),
});
export type TaskState = z.infer<typeof TaskState>;

export const CallOutcome = z.discriminatedUnion('name', [
  z.object({ name: z.literal('undecided') }),
  z.object({ name: z.literal('refused') }),
  z.object({ name: z.literal('started') }),
  z.object({
    name: z.literal('completed'),
    result: Content,
    note: Note,
    tookMs: z.number(),
    spent: TurnSpent.optional(),
  }),
  z.object({ name: z.literal('failed'), fault: Fault, tookMs: z.number(), spent: TurnSpent.optional() }),
]);
export type CallOutcome = z.infer<typeof CallOutcome>;

/** One use of a tool. `undecided`: the policy asked and nobody has answered yet. */
export const CallState = z.object({
  id: z.string(),
  task: z.string(),
  attempt: z.number().int(),
  tool: z.string(),
  arguments: Content,
  verdict: PolicyVerdict,
  rule: z.string(),
  policyHash: Sha256,
  decidedMs: z.number(),
  risk: ToolRisk.optional(),
  /** A `CallPreview` as JSON: what will be done, exactly. */
  preview: Content.optional(),
  /** The call whose effect this one takes back. */
  compensates: z.string().optional(),
  /** It was allowed once, whatever was decided later: it may have been made. */
  begun: z.literal(true).optional(),
  startedAt: Time,
  outcome: CallOutcome,
});
export type CallState = z.infer<typeof CallState>;

/** Whether the call may have been made, and nobody has said what came of it. */
export function isUnclear({ begun, outcome }: CallState): boolean {
  return begun === true && outcome.name !== 'completed' && outcome.name !== 'failed';
}

/** The model that was chosen for an attempt of the task, for its last one where none is named; null where it asks none. */
export function modelOfAttempt(
  { tasks }: Pick<RunState, 'tasks'>,
  id: string,
  attempt?: number,
): RoutedModel | null {
  const task = tasks.find((one) => one.id === id);
  const wanted = attempt ?? task?.attempt;
  return task?.routed?.findLast((routed) => routed.attempt === wanted)?.model ?? null;
}

/** What a person is asked. Bound to the hash of the arguments shown. */
export const ApprovalState = z.object({
  id: z.string(),
  call: z.string(),
  task: z.string(),
  attempt: z.number().int(),
  tool: z.string(),
  arguments: Content,
  rule: z.string(),
  about: z.literal('revision').optional(),
  requestedAt: Time,
  answer: z
    .object({
      answer: z.enum(['approved', 'rejected']),
      by: AnsweredBy,
      scope: ApprovalScope,
      at: Time,
    })
    .nullable(),
});
export type ApprovalState = z.infer<typeof ApprovalState>;

export const ArtifactState = z.object({
  id: z.string(),
  task: z.string(),
  title: z.string(),
  icon: z.string(),
  node: z.string(),
  content: Content,
});
export type ArtifactState = z.infer<typeof ArtifactState>;

/** What one call did to files. */
export const ChangesState = Changes.extend({ call: z.string(), task: z.string() });
export type ChangesState = z.infer<typeof ChangesState>;

/** The task that replies to a message: the last of those that were done in the place of the one that came with it. */
export function replyTo({ tasks }: Pick<RunState, 'tasks'>, first: string): TaskState | undefined {
  let last = tasks.find(({ id }) => id === first);
  // What a reply asks for comes in its place too: the reply itself, given anew, is the last of that.
  for (
    let next = last;
    next !== undefined;
    next = tasks.findLast((task) => task.insteadOf?.includes(last?.id ?? ''))
  )
    last = next;
  return last;
}

/** Whether the task replies to something a person said. */
export function isReply(state: Pick<RunState, 'tasks' | 'messages'>, task: string): boolean {
  return state.messages.some((message) => replyTo(state, message.task)?.id === task);
}

/** How a run stands. `waiting` is derived from open approvals and is not stored: see `needsPerson`. */
export const RunStatus = z.discriminatedUnion('name', [
  z.object({ name: z.literal('planning') }),
  z.object({ name: z.literal('running') }),
  z.object({
    name: z.literal('paused'),
    reason: z.enum(['person', 'closing', 'fault']),
    fault: Fault.nullable(),
    at: Time,
  }),
  z.object({ name: z.literal('interrupted'), exit: z.enum(['clean', 'unclean']), at: Time }),
  z.object({ name: z.literal('ended'), state: EndState, note: Note, fault: Fault.nullable(), at: Time }),
]);
export type RunStatus = z.infer<typeof RunStatus>;

export const PlanState = z.object({
  ref: PlanRef,
  title: z.string(),
  source: Content,
  approved: z.boolean(),
  /** Those that its tasks are or may be given to, as they were when it was proposed. */
  agents: z.array(RunAgent).optional(),
});
export type PlanState = z.infer<typeof PlanState>;

/** What a person said to the run while it was at work. `task` is the one that came into the plan to answer it. */
export const MessageState = z.object({
  id: z.string(),
  /** Of *message.sent*. */
  sequence: z.number().int().min(1),
  text: Content,
  task: z.string(),
  at: Time,
});
export type MessageState = z.infer<typeof MessageState>;

/** The fold of one run's events, up to and including `sequence`. */
export const RunState = z.object({
  id: z.string(),
  sequence: z.number().int().min(1),
  scope: Scope,
  goal: Content,
  folder: FolderRef,
  canvas: z.string(),
  requestedPlan: z.string().nullable(),
  slots: Slots,
  approve: ApproveMode,
  /** Where it branched off another run; null for a run of its own. */
  fork: Fork.nullable(),
  /** The run that waits for it; null for one that a person started. */
  parent: Parent.nullable(),
  /** The ended run that its goal was said to; null where none was. */
  follows: z.string().nullable(),
  /** Whether it uses nothing that is remembered of earlier runs. */
  fresh: z.boolean(),
  priority: Priority,
  /** When it ends as stuck at the latest. */
  deadline: Time.nullable(),
  submittedAt: Time,
  status: RunStatus,
  /** How often it has ended: a task done again takes an ended run up anew. */
  endings: z.number().int().min(0),
  plan: PlanState.nullable(),
  /** In the plan's order. */
  tasks: z.array(TaskState),
  calls: z.record(z.string(), CallState),
  approvals: z.record(z.string(), ApprovalState),
  artifacts: z.array(ArtifactState),
  /** What its calls did to files, oldest first. */
  changes: z.array(ChangesState),
  /** Paths of files that have the text they had before the run again. */
  undone: z.array(z.string()),
  /** Oldest first. */
  messages: z.array(MessageState),
});
export type RunState = z.infer<typeof RunState>;
