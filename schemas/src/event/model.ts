import { z } from 'zod';
import { TurnKind } from '../turn/exam.ts';
import { TurnUsage } from '../turn/usage.ts';
import { Note } from './fault.ts';

/** A model that a person added: its id, and its name and endpoint as they were when it was chosen. */
export const RoutedModel = z.object({
  id: z.string().min(1).max(200),
  model: z.string().min(1).max(200),
  endpoint: z.string().min(1).max(80),
  /** Nothing that it is asked leaves this computer. */
  local: z.boolean(),
});
export type RoutedModel = z.infer<typeof RoutedModel>;

/** What a call took of its model, all its requests together. What the provider does not say is null, and nobody makes it up. */
export const TurnSpent = z.object({
  /** The model that answered, as its provider calls it. */
  model: z.string().nullable(),
  usage: TurnUsage,
  /** US dollars: what the provider says that it charged, or its price times its tokens; null where either is unknown. */
  dollars: z.number().min(0).nullable(),
  /** Until the first part of the first answer, in milliseconds; null where none came. */
  firstMs: z.number().min(0).nullable(),
  /** Requests made: one, and one more for each answer that could not be used. */
  requests: z.number().int().min(0),
});
export type TurnSpent = z.infer<typeof TurnSpent>;

/** Models that stood before the chosen one, and why each was not taken. */
export const PassedOver = z.array(z.object({ model: z.string().max(200), note: Note })).max(100);
export type PassedOver = z.infer<typeof PassedOver>;

export const modelEvents = {
  /** The model that an attempt of a task asks, and why those before it in the person's order do not. */
  'model.routed': z.object({
    task: z.string(),
    attempt: z.number().int().min(1),
    kind: TurnKind,
    model: RoutedModel,
    passedOver: PassedOver,
  }),
};
