import { z } from 'zod';
import { Content, Sha256 } from './content.ts';
import { Fault, Note } from './fault.ts';
import { TurnSpent } from './model.ts';

/**
 * What a call can do to the world. `read`: reads inside the folder; `board`: changes the run's own canvas; `model`: tells a model what was
 * read, and may cost; the others as named.
 */
export const ToolRisk = z.enum(['read', 'board', 'write', 'execute', 'network', 'model']);
export type ToolRisk = z.infer<typeof ToolRisk>;

export const PolicyVerdict = z.enum(['allow', 'ask', 'deny']);
export type PolicyVerdict = z.infer<typeof PolicyVerdict>;

/** A `ChangeSet` as JSON, and its sums. */
export const Changes = z.object({
  set: Content,
  files: z.number().int().min(1),
  added: z.number().int().min(0),
  removed: z.number().int().min(0),
});
export type Changes = z.infer<typeof Changes>;

const call = { call: z.string().min(1).max(300), task: z.string(), attempt: z.number().int().min(1) };

export const toolCallEvents = {
  /** Recorded before anything is performed. `rule` is the rule that decided, `tookMs` how long the decision took, in milliseconds. */
  'tool-call.decided': z.object({
    ...call,
    tool: z.string(),
    decision: z.string(),
    arguments: Content,
    verdict: PolicyVerdict,
    rule: z.string(),
    policyHash: Sha256,
    tookMs: z.number().min(0),
    risk: ToolRisk.optional(),
    /**
     * A `CallPreview` as JSON: what the call will do, exactly, with the texts before; absent when the tool cannot say. What is
     * performed later, also after a crash, is this.
     */
    preview: Content.optional(),
    /** The call whose effect this one takes back. */
    compensates: z.string().optional(),
    /** US dollars kept back for it until it is known what it cost; null where nobody knows its price. Only of what may cost. */
    reserved: z.number().min(0).nullable().optional(),
  }),
  /**
   * `result` is the tool's whole output as JSON; `note` is its one-line summary; `tookMs` the call's duration in milliseconds.
   * `changes` is there when the call changed files.
   */
  'tool-call.completed': z.object({
    ...call,
    result: Content,
    note: Note,
    tookMs: z.number().min(0),
    changes: Changes.optional(),
    /** What it took of the model it asked. */
    spent: TurnSpent.optional(),
  }),
  /** The call came to nothing, or to nothing that is known; `tookMs` is how long it took, in milliseconds. */
  'tool-call.failed': z.object({
    ...call,
    fault: Fault,
    tookMs: z.number().min(0),
    spent: TurnSpent.optional(),
  }),
};
