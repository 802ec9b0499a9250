import { z } from 'zod';
import { AgentName, OfferedAgents } from '../event/agent.ts';
import { Check } from '../event/plan.ts';

/** A JSONata expression over `{ goal, slots, tasks, result, item, index }`; bounded in time and size when it is evaluated. */
const Expression = z.string().min(1).max(8000);

/** An argument: a JSON value in which every string that starts with `=` is an expression and any other string is itself. */
const Argument = z.json();

/** A value a person gives before the run starts. */
export const Slot = z.strictObject({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]{0,49}$/),
  title: z.string().min(1).max(200),
  required: z.boolean(),
});

/** For each item of `each`, one claim. `text`, `path`, `line` and `quote` are expressions in which `item` is the item at hand. */
export const ClaimTemplate = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  kind: z.enum(['quoted', 'recounted', 'executed']),
  each: Expression,
  text: Expression,
  path: Expression,
  line: Expression,
  quote: Expression,
  recount: z
    .strictObject({
      of: z.enum(['files', 'lines', 'importers', 'matches', 'rows', 'column']),
      subject: Expression.optional(),
      needle: Expression.optional(),
      value: Expression,
      at: Expression.optional(),
      column: Expression.optional(),
      measure: Expression.optional(),
      from: Expression.optional(),
      to: Expression.optional(),
    })
    .optional(),
  /** For `executed`: the result of the tool that ran the command. `path` then names its output: the result's `source`. */
  execution: Expression.optional(),
});
export type ClaimTemplate = z.infer<typeof ClaimTemplate>;

/**
 * What the task puts on the board when it is verified. `lines`, `graph`, `chart` and `offers` are expressions over the task's result.
 * `offers` gives a list of `{ title, goal, plan, slots }`: runs a person may start next. One that names no plan there is, lacks a slot, or is
 * no plain short text is left out.
 */
export const ArtifactTemplate = z.strictObject({
  title: z.string().min(1).max(200),
  icon: z.string().min(1).max(60),
  lines: Expression.optional(),
  graph: Expression.optional(),
  chart: Expression.optional(),
  offers: Expression.optional(),
  /** Its claims and lines are sentences to be read whole, and not one line each. */
  prose: z.boolean().default(false),
});
export type ArtifactTemplate = z.infer<typeof ArtifactTemplate>;

export const TaskTemplate = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(200),
  tool: z.string().min(1).max(100),
  /** Whose task it is: it may use that agent's tools alone, and a model that is asked is told its instructions. */
  agent: AgentName.optional(),
  after: z.array(z.string()).max(100).default([]),
  /** Where this is false (or nothing), the run does not ask for the task: it is passed over, and what comes after it goes on. */
  when: Expression.optional(),
  /**
   * Tasks of this plan that come in its place when it fails for good, or what it claims does not hold; until then they are no part of the
   * plan. With `enough`, also where that is not true of its result.
   */
  otherwise: z.array(z.string()).max(20).default([]),
  enough: Expression.optional(),
  /**
   * A person may say no to its call and the run goes on: nothing is claimed, and the artifact is made with `result` null. Without it such a
   * no ends the run.
   */
  refusable: z.boolean().default(false),
  /** What needs it goes on without it when it comes to nothing. */
  optional: z.boolean().default(false),
  /**
   * An expression over its result that gives further tasks, `{ id, title, tool, arguments, after }` each, which Reflect brings into the plan. What
   * needs this task needs them too. A task that claims something is itself done again behind them, at most `rounds` times in all. Each is a task
   * of this one's agent, or of one of `agents` that it names.
   */
  next: z
    .strictObject({
      tasks: Expression,
      rounds: z.number().int().min(1).max(10),
      agents: OfferedAgents.optional(),
    })
    .optional(),
  arguments: z.record(z.string(), Argument).default({}),
  claims: z.array(ClaimTemplate).max(50).default([]),
  checks: z.array(Check).max(10).default([]),
  artifact: ArtifactTemplate.optional(),
});
export type TaskTemplate = z.infer<typeof TaskTemplate>;

/** A task as a result asks for it: which tool, and the whole of its arguments, written out. */
export const AskedTask = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  title: z.string().trim().min(1).max(200),
  tool: z.string().min(1).max(100),
  arguments: z.record(z.string(), z.json()),
  after: z.array(z.string()).max(100).default([]),
  /** Whose task it is to be; nothing for the agent that asks. */
  agent: AgentName.nullable().optional(),
});
export type AskedTask = z.infer<typeof AskedTask>;

/** A plan as data: one YAML 1.2 file. `rights` is everything its tools may do; a tool of another risk makes the plan invalid. */
export const PackagedPlan = z.strictObject({
  schema: z.literal('packaged-plan.v1'),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(1000),
  /** Goals a person may type that mean this plan; used to match. */
  examples: z.array(z.string().min(1).max(300)).min(1).max(200),
  rights: z.array(z.enum(['read', 'board', 'write', 'execute', 'network', 'model'])).max(6),
  slots: z.array(Slot).max(20).default([]),
  tasks: z.array(TaskTemplate).min(1).max(500),
});
export type PackagedPlan = z.infer<typeof PackagedPlan>;
