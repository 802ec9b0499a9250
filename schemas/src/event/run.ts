import { z } from 'zod';
import { Fault, Note } from './fault.ts';
import { ApproveMode } from './goal.ts';

/** How a run can end. Only Verify leads to `verified`. */
export const EndState = z.enum(['verified', 'unverified', 'stopped', 'stuck', 'failed']);
export type EndState = z.infer<typeof EndState>;

export const runEvents = {
  /** Nothing new starts until *run.resumed*. `closing`: the last window closed; `fault`: something the host cannot mend alone. */
  'run.paused': z.object({ reason: z.enum(['person', 'closing', 'fault']), fault: Fault.nullable() }),
  /** `approve`, when given, replaces what the run does with calls the policy asks about. */
  'run.resumed': z.object({
    from: z.enum(['paused', 'interrupted', 'waiting', 'hand-over']),
    approve: ApproveMode.nullable(),
  }),
  /** Found at start without a living writer. It asks once: resume or stop. */
  'run.interrupted': z.object({ exit: z.enum(['clean', 'unclean']) }),
  /** The run is over; `verified` only when every check passed. A task that is done again takes it up once more. */
  'run.ended': z.object({ state: EndState, note: Note, fault: Fault.nullable() }),
};
