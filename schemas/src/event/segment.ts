import { z } from 'zod';
import { Content } from './content.ts';

export const segmentEvents = {
  /**
   * The log of a long run goes on in a stream of its own: the first event there, and none of the run's. The run's events up to `after` stand in
   * the segments before; the last of these begins behind `from` (0 for the first). `state` is a `SegmentStart` as JSON; null where it was too large
   * to keep.
   */
  'segment.begun': z.object({
    run: z.string().min(1).max(200),
    after: z.number().int().min(1),
    from: z.number().int().min(0),
    state: Content.nullable(),
  }),
};

/** The name of a run's stream, or of that of its segment behind the run's event `after`. */
export function runStream(run: string, after = 0): string {
  return after === 0 ? `run/${run}` : `run/${run}/${after}`;
}

const SEGMENT = /^(run\/[^/]+)\/([1-9]\d*)$/;

/** The stream of the run that a segment belongs to, and the run's event it begins behind; null for every other stream. */
export function segmentOf(stream: string): { readonly stream: string; readonly after: number } | null {
  const [, run, after] = SEGMENT.exec(stream) ?? [];
  return run === undefined ? null : { stream: run, after: Number(after) };
}
