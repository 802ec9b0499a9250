import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { answer } from './answer.ts';

/** The text of an agent file, in UTF-16 units. What is longer than an agent may be is told as a fault of it. */
const Source = z.string().max(1_000_000);

/**
 * An agent there is. `own` ones are a person's, in a file at `path`; one with `faults` is never used, and where it is no agent at all its
 * name is that of its file and the rest is null or nothing.
 */
export const ListedAgent = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  /** All that its tasks may use. */
  tools: z.array(z.string()),
  own: z.boolean(),
  path: z.string().nullable(),
  faults: z.array(Fault),
});
export type ListedAgent = z.infer<typeof ListedAgent>;

export const agentContract = {
  /** Reads an agent file without keeping it: everything that is wrong with it, each fault with its 1-based `line` in its data; none when it can be used. */
  check: oc
    .input(z.object({ source: Source }))
    .output(answer({ agent: z.string().nullable(), faults: z.array(Fault) })),
  /** Packaged agents, then a person's own in the order of their files. Refused with DATA_FOLDER_UNUSABLE. */
  list: oc.input(z.object({})).output(answer({ agents: z.array(ListedAgent) })),
};
