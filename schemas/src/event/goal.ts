import { z } from 'zod';
import { Content } from './content.ts';

/** What a run does with a call that the policy answers with *ask*: ask a person, refuse it, or approve it once and record so. */
export const ApproveMode = z.enum(['ask', 'never', 'all']);
export type ApproveMode = z.infer<typeof ApproveMode>;

/** A folder a person opened. `path` is absolute and resolved; everything a run reads lies inside. */
export const FolderRef = z.object({ id: z.string().min(1).max(200), path: z.string().min(1).max(4096) });
export type FolderRef = z.infer<typeof FolderRef>;

/** Values for a plan's slots, as typed by a person or given with `--set`. */
export const Slots = z.record(z.string().max(100), z.string().max(10_000));
export type Slots = z.infer<typeof Slots>;

/** Where a run branched off another: after the parent's `sequence`. The first `events` of the branch, this one too, are the parent's history. */
export const Fork = z.object({
  run: z.string().min(1).max(200),
  sequence: z.number().int().min(1),
  events: z.number().int().min(1),
});
export type Fork = z.infer<typeof Fork>;

/** The run that started another one and waits for it, and the call it did so with. */
export const Parent = z.object({ run: z.string().min(1).max(200), call: z.string().min(1).max(300) });
export type Parent = z.infer<typeof Parent>;

/** Whose calls come first when there are more than may be under way at once. */
export const Priority = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof Priority>;

export const goalEvents = {
  /** A person or another run gave a goal, or a branch of another run began: the first event of every run. */
  'goal.submitted': z.object({
    run: z.string().min(1).max(200),
    goal: Content,
    folder: FolderRef,
    canvas: z.string().min(1).max(200),
    plan: z.string().max(200).nullable(),
    slots: Slots,
    approve: ApproveMode,
    fork: Fork.optional(),
    /** Nothing remembered of earlier runs is used. */
    fresh: z.boolean().optional(),
    /** *normal*, when left out. */
    priority: Priority.optional(),
    /** When the run ends as *stuck* if it has not ended before (RFC 3339). */
    deadline: z.iso.datetime().optional(),
    /** There when another run started it. */
    parent: Parent.optional(),
    /** The ended run that the goal was said to. */
    follows: z.string().min(1).max(200).optional(),
  }),
  /** A person spoke to the run while it was at work. `task` answers it and comes into the plan with it. */
  'message.sent': z.object({
    message: z.string().min(1).max(200),
    text: Content,
    task: z.string().min(1).max(64),
  }),
};
