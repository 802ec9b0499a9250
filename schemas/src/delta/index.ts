import { z } from 'zod';
import { Note } from '../event/fault.ts';
import { TurnDelta } from './turn.ts';

export { TurnDelta } from './turn.ts';

/**
 * Passing news of work under way. A delta goes straight to whoever watches; it is never stored, may be dropped or thinned, and
 * whatever must be seen later is an event.
 */
export const Delta = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tool-progress'),
    run: z.string(),
    task: z.string(),
    call: z.string(),
    progress: z.object({ note: Note, done: z.number().min(0), total: z.number().min(0).nullable() }),
  }),
  /** Parts of a model's answer, those that follow on each other and are of a kind in one. */
  z.object({
    type: z.literal('turn'),
    run: z.string(),
    task: z.string(),
    call: z.string(),
    delta: TurnDelta,
  }),
]);
export type Delta = z.infer<typeof Delta>;
