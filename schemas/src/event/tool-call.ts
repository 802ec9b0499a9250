import { z } from 'zod';
import { Content, Sha256 } from './content.ts';
import { Fault, Note } from './fault.ts';

export const PolicyVerdict = z.enum(['allow', 'ask', 'deny']);
export type PolicyVerdict = z.infer<typeof PolicyVerdict>;

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
  }),
  /** `result` is the tool's whole output as JSON; `note` is its one-line summary; `tookMs` the call's duration in milliseconds. */
  'tool-call.completed': z.object({ ...call, result: Content, note: Note, tookMs: z.number().min(0) }),
  'tool-call.failed': z.object({ ...call, fault: Fault, tookMs: z.number().min(0) }),
};
