import { z } from 'zod';
import { Fault } from '../event/fault.ts';

/** A refusal that was to be expected: a value, not an exception. */
export const Refused = z.object({ ok: z.literal(false), fault: Fault });
export type Refused = z.infer<typeof Refused>;

/** Either what was asked for, or why not. */
export function answer<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), ...shape }), Refused]);
}

/** A recorded command: the sequence its last event has in its stream. The work itself is watched, not awaited. */
export const Recording = answer({ stream: z.string(), sequence: z.number().int() });
export type Recording = z.infer<typeof Recording>;

/** Minted by the caller. A resent command with the same id is answered as the first time. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
