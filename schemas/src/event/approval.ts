import { z } from 'zod';
import { Content } from './content.ts';

/** Who answered: a person on this screen, the `--approve all` flag, or the `--approve never` flag. */
export const AnsweredBy = z.enum(['person', 'flag']);

export const approvalEvents = {
  'approval.requested': z.object({
    approval: z.string().min(1).max(300),
    call: z.string(),
    task: z.string(),
    attempt: z.number().int().min(1),
    tool: z.string(),
    arguments: Content,
    rule: z.string(),
  }),
  /** Bound to the hash of the arguments that were shown: other arguments need another answer. */
  'approval.answered': z.object({
    approval: z.string(),
    answer: z.enum(['approved', 'rejected']),
    argumentsHash: z.string(),
    scope: z.literal('once'),
    by: AnsweredBy,
  }),
};
