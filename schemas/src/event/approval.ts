import { z } from 'zod';
import { Content } from './content.ts';

/** Who answered: a person on this screen, the `--approve all` flag, or the `--approve never` flag. */
export const AnsweredBy = z.enum(['person', 'flag']);

/**
 * How far an approval reaches: `once`, this call; `run`, the same kind of call for the rest of the run; `folder`, in every run on the
 * folder until a date, as a permission of its own.
 */
export const ApprovalScope = z.enum(['once', 'run', 'folder']);
export type ApprovalScope = z.infer<typeof ApprovalScope>;

export const approvalEvents = {
  /** A call, or a revision of the plan, waits for a person; `rule` is the rule that asks. */
  'approval.requested': z.object({
    approval: z.string().min(1).max(300),
    call: z.string(),
    task: z.string(),
    attempt: z.number().int().min(1),
    tool: z.string(),
    arguments: Content,
    rule: z.string(),
    /** What is asked about when it is no call: a revision of the plan, `arguments` being all of it and `call` only its name. */
    about: z.literal('revision').optional(),
  }),
  /** Bound to the hash of the arguments that were shown: other arguments need another answer. */
  'approval.answered': z.object({
    approval: z.string(),
    answer: z.enum(['approved', 'rejected']),
    argumentsHash: z.string(),
    scope: ApprovalScope,
    by: AnsweredBy,
  }),
};
