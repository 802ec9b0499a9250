import { z } from 'zod';
import { Json } from '../event/fault.ts';
import { TurnMessage } from './message.ts';

const Milliseconds = z.number().int().min(1).max(86_400_000);
const Schema = z.record(z.string(), Json);

/** How much of an answer is waited for. At a limit the turn ends with a fault, and what came until then is kept. */
export const TurnLimits = z.object({
  /** Tokens that the model may write; null leaves it to its provider. */
  outputTokens: z.number().int().min(1).nullable(),
  /** Characters that are taken of an answer, all its parts together: what never ends, ends here. */
  characters: z.number().int().min(1).max(50_000_000),
  /** Until the first sign of an answer. A model that is loaded first takes its time. */
  firstMs: Milliseconds,
  /** From one sign of life to the next. */
  silentMs: Milliseconds,
  /** For the whole turn. */
  totalMs: Milliseconds,
});
export type TurnLimits = z.infer<typeof TurnLimits>;

/** What a turn is given where nobody says otherwise. */
export const TURN_LIMITS: TurnLimits = {
  outputTokens: null,
  characters: 2_000_000,
  firstMs: 120_000,
  silentMs: 60_000,
  totalMs: 900_000,
};

/** A tool that a model may ask for. `input` is a JSON Schema. */
export const TurnTool = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  description: z.string(),
  input: Schema,
});
export type TurnTool = z.infer<typeof TurnTool>;

/**
 * One turn, as a provider is asked for it: the whole context, and what may come back. With `shape` the answer's text is to be JSON that
 * fits its schema; whether it does is the host's to check. `id` names the turn in deltas and events.
 */
export const Turn = z.object({
  id: z.string().min(1).max(200),
  messages: z.array(TurnMessage).min(1),
  tools: z.array(TurnTool).max(128),
  /** Whether a tool may, must not, or has to be asked for. */
  choice: z.enum(['auto', 'none', 'required']),
  shape: z.object({ name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), schema: Schema }).nullable(),
  temperature: z.number().min(0).max(2).nullable(),
  limits: TurnLimits,
});
export type Turn = z.infer<typeof Turn>;
