import { z } from 'zod';
import { ExamPart } from '../turn/exam.ts';
import { Content, Sha256 } from './content.ts';

/** What an agent is called in plans and files. */
export const AgentName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
export type AgentName = z.infer<typeof AgentName>;

/** What a model must bring to be asked as this agent, beside what its kind of turn needs. */
export const AgentNeeds = z.strictObject({
  /** Parts of the examination that it passed. */
  passed: z.array(ExamPart).max(4).default([]),
  /** Tokens that context and answer may have together; a model of which nobody has said how many is not taken. */
  contextTokens: z.number().int().min(1).max(100_000_000).optional(),
  /** Nothing that it is asked leaves this computer. */
  local: z.literal(true).optional(),
});
export type AgentNeeds = z.infer<typeof AgentNeeds>;

/** How much each of its turns may take: requests to the model, and tokens of each answer. Less than the product's own limits, never more. */
export const AgentLimits = z.strictObject({
  requests: z.number().int().min(1).max(10).optional(),
  outputTokens: z.number().int().min(64).max(1_000_000).optional(),
});
export type AgentLimits = z.infer<typeof AgentLimits>;

/** The front matter of an agent file. `tools` are all that its tasks may use. */
export const AgentHead = z.strictObject({
  name: AgentName,
  title: z.string().trim().min(1).max(60),
  description: z.string().trim().min(1).max(300),
  tools: z.array(z.string().min(1).max(100)).max(100),
  needs: AgentNeeds.default({ passed: [] }),
  limits: AgentLimits.default({}),
});
export type AgentHead = z.infer<typeof AgentHead>;

/** An agent as a run has it, from the moment its plan was proposed: a file that is written anew later changes nothing here. */
export const RunAgent = z.object({
  ...AgentHead.shape,
  /** A person's own rather than one that came with the product. */
  own: z.boolean(),
  /** Of its file's text. */
  hash: Sha256,
  instructions: Content,
});
export type RunAgent = z.infer<typeof RunAgent>;

/** To whom a task may give those that its result asks for: agents by name, or every one that the run has. */
export const OfferedAgents = z.union([z.literal('all'), z.array(AgentName).min(1).max(20)]);
export type OfferedAgents = z.infer<typeof OfferedAgents>;
