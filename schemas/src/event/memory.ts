import { z } from 'zod';
import { Sha256 } from './content.ts';

export const memoryEvents = {
  /** A task's result and its verified claims were kept for later runs, under the id `memory`. `rule` is the rule that allowed it. */
  'memory.remembered': z.object({
    task: z.string(),
    attempt: z.number().int().min(1),
    memory: z.string().min(1).max(300),
    claims: z.number().int().min(0),
    rule: z.string(),
    policyHash: Sha256,
  }),
};
