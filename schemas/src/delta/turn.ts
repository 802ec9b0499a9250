import { z } from 'zod';

/** A part of a model's answer as it comes. The parts of a kind, one after the other, make the text that the answer has in the end. */
export const TurnDelta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  /** `call` and `tool` are those of the answer's tool call. */
  z.object({ type: z.literal('tool-input'), call: z.string(), tool: z.string(), text: z.string() }),
]);
export type TurnDelta = z.infer<typeof TurnDelta>;
