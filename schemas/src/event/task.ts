import { z } from 'zod';
import { CheckedClaim } from './claim.ts';
import { Content } from './content.ts';
import { Fault, Note } from './fault.ts';

/** The eight states of an attempt, in order. Only Verify leads to Commit. */
export const STEP_NAMES = [
  'plan',
  'recall',
  'tool-select',
  'execute',
  'observe',
  'reflect',
  'verify',
  'commit',
] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

/** A call whose effect is to be taken back, and the tool that does so. */
export const Compensation = z.object({ call: z.string().min(1).max(300), tool: z.string().min(1).max(100) });
export type Compensation = z.infer<typeof Compensation>;

const attempt = { task: z.string(), attempt: z.number().int().min(1) };

export const taskEvents = {
  /**
   * `key` is the idempotency key of everything this attempt does. It never contains the wall clock. `withdrawn` is what the attempt before
   * had counted for, where it came as far as evidence: claims made, claims checked.
   */
  'task.started': z.object({
    ...attempt,
    key: z.string().min(1).max(300),
    withdrawn: z.object({ claims: z.number().int().min(0), checked: z.number().int().min(0) }).optional(),
  }),
  /** An attempt entered one of its eight states. */
  'step.started': z.object({ ...attempt, step: StepName }),
  /** `output` is what the next states build on: arguments after Plan, claims after Observe. */
  'step.completed': z.object({ ...attempt, step: StepName, note: Note, output: Content.nullable() }),
  /** The state had nothing to do; `note` says why. */
  'step.skipped': z.object({ ...attempt, step: StepName, note: Note }),
  /** What Verify found of each claim of the attempt. */
  'evidence.recorded': z.object({ ...attempt, claims: z.array(CheckedClaim).max(2000) }),
  /**
   * `empty`: there was nothing to claim, so there was nothing to check; never shown as verified. `unneeded`: the plan's own condition
   * says that this run does not ask for it, so nothing was done.
   */
  'task.completed': z.object({ ...attempt, state: z.enum(['verified', 'unverified', 'empty', 'unneeded']) }),
  /**
   * `retryAt` is when another attempt is due (RFC 3339), null when this was the last one. `compensate` is what this attempt had done and can
   * be taken back, newest first; each is decided about as any call.
   */
  'task.failed': z.object({
    ...attempt,
    fault: Fault,
    retryAt: z.iso.datetime().nullable(),
    compensate: z.array(Compensation).max(100).optional(),
    /** Nobody who could be asked was there: it is tried again once one is, and this attempt and those before count for none. */
    waits: z.literal(true).optional(),
  }),
  /** A task that is not done: one it needs did not end well, or a person leaves it out. */
  'task.skipped': z.object({ task: z.string(), note: Note }),
  /**
   * A person wants a task done again. `tasks`, that one first, are due anew: those that need it, and those a stop cut off. `withdrawn` is
   * what they had counted for: tasks verified, claims made, claims checked, and `questions` that nobody had answered. An ended run is at
   * work again.
   */
  'task.requeued': z.object({
    tasks: z.array(z.string()).min(1).max(500),
    withdrawn: z.object({
      verified: z.number().int().min(0),
      claims: z.number().int().min(0),
      checked: z.number().int().min(0),
      questions: z.number().int().min(1).optional(),
    }),
  }),
  /** A person gives a task that has not begun other arguments than its plan would: `arguments` is JSON. Policy decides about them as about any. */
  'task.edited': z.object({ task: z.string(), arguments: Content }),
};
