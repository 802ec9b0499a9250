import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Sha256 } from '../event/content.ts';
import { Fault } from '../event/fault.ts';
import { PackagedPlan } from '../plan/index.ts';
import { answer, Id, Refused } from './answer.ts';

/** The text of a plan file, in UTF-16 units. What is longer than a plan may be is told as a fault of the plan. */
const Source = z.string().max(1_000_000);

/**
 * A plan there is. `own` ones are a person's, in a file at `path`; one with `faults` is never used, and where it is no plan at all its
 * name is that of its file and the rest is null.
 */
export const ListedPlan = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  version: z.string().nullable(),
  /** SHA-256 of the file's text. */
  hash: Sha256.nullable(),
  own: z.boolean(),
  path: z.string().nullable(),
  rights: PackagedPlan.shape.rights,
  faults: z.array(Fault),
});
export type ListedPlan = z.infer<typeof ListedPlan>;

/** What came of keeping a plan. A refusal says everything that is wrong, each fault of the file with its 1-based `line`. */
export const Kept = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    plan: z.string(),
    hash: Sha256,
    path: z.string(),
    stream: z.string(),
    sequence: z.number().int(),
  }),
  Refused.extend({ faults: z.array(Fault).min(1) }),
]);
export type Kept = z.infer<typeof Kept>;

export const planContract = {
  /** Reads a plan file without keeping it: everything that is wrong with it, each fault with its 1-based `line` in its data; none when it can be followed. */
  check: oc
    .input(z.object({ source: Source }))
    .output(answer({ plan: z.string().nullable(), faults: z.array(Fault) })),
  /** Packaged plans, then a person's own in the order of their files. Refused with DATA_FOLDER_UNUSABLE. */
  list: oc.input(z.object({})).output(answer({ plans: z.array(ListedPlan) })),
  /**
   * Keeps a plan as a person's own; one of theirs of the same name is replaced, its old text kept aside. Refused with the faults of
   * the check, PLAN_NAME_TAKEN, PLAN_TOO_MANY.
   */
  keep: oc.input(z.object({ id: Id, source: Source })).output(Kept),
  /**
   * Moves the file of a person's own plan aside; `path` is where it lies now. Runs that follow it go on. Refused with PLAN_UNKNOWN,
   * PLAN_NOT_OWN, and PLAN_NAME_TAKEN where two files have the name.
   */
  forget: oc
    .input(z.object({ id: Id, plan: z.string().min(1).max(255) }))
    .output(answer({ path: z.string(), stream: z.string(), sequence: z.number().int() })),
};
