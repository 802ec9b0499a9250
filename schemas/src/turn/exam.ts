import { z } from 'zod';

/**
 * What a model is examined in: an answer that fits its schema, the right tool with the right arguments, a summary of one line that says
 * nothing its text does not, and saying that the answer is not there when it is not.
 */
export const ExamPart = z.enum(['schema', 'tool-choice', 'summary', 'refusal']);
export type ExamPart = z.infer<typeof ExamPart>;

/** Kinds of turn that a model is asked for: a plan, an answer from what was found, a summary, a reply to what a person said. */
export const TurnKind = z.enum(['plan', 'answer', 'summary', 'reply']);
export type TurnKind = z.infer<typeof TurnKind>;

/** The parts of the examination that a model must have passed to be given a kind of turn. */
export const NEEDED_PARTS: Readonly<Record<TurnKind, readonly ExamPart[]>> = {
  plan: ['schema', 'tool-choice'],
  answer: ['schema', 'refusal'],
  summary: ['summary'],
  reply: ['schema', 'refusal'],
};
