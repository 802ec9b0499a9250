import { z } from 'zod';
import { RunState } from './state.ts';

/**
 * Where a segment of a run's log begins: what its readers need of the segments before. `version` is that of the product whose fold it is: another
 * one folds the whole log. `commands`: the sequence of the first event of each command, by that event's id.
 */
export const SegmentStart = z.object({
  version: z.string(),
  state: RunState,
  commands: z.record(z.string(), z.number().int().min(1)),
});
export type SegmentStart = z.infer<typeof SegmentStart>;
