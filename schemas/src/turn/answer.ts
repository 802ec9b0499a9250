import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { AssistantMessage } from './message.ts';
import { TurnUsage } from './usage.ts';

/** Why a model stopped: it had said all, met a limit, asks for tools, was kept from going on; or its provider does not say. */
export const TurnFinish = z.enum(['stop', 'length', 'tool-calls', 'filtered', 'unknown']);
export type TurnFinish = z.infer<typeof TurnFinish>;

/**
 * How a turn ended. A turn that failed keeps what came before, for whoever can go on from it, and says whether its provider may charge
 * for it: `no` where it never took the request up, `yes` where it counted tokens, `unknown` where it was cut off before it said.
 */
export const TurnAnswer = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    message: AssistantMessage,
    finish: TurnFinish,
    usage: TurnUsage,
    /** The model that answered, as the provider calls it, which may be another than was asked. */
    model: z.string().nullable(),
  }),
  z.object({
    ok: z.literal(false),
    fault: Fault,
    message: AssistantMessage,
    usage: TurnUsage,
    charged: z.enum(['no', 'yes', 'unknown']),
  }),
]);
export type TurnAnswer = z.infer<typeof TurnAnswer>;
export type FailedTurn = Extract<TurnAnswer, { ok: false }>;
