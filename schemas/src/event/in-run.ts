import { isRunEvent, type RecordedEvent, type RecordedRunEvent } from './registry.ts';
import { segmentOf } from './segment.ts';

/**
 * The event with its place in its run: in a segment the place within the stream is another one, because the first event there is none of the
 * run's. Null for an event of no run.
 */
export function inRun(event: RecordedEvent): RecordedRunEvent | null {
  if (!isRunEvent(event)) return null;
  const segment = segmentOf(event.stream);
  if (segment === null) return event;
  return { ...event, stream: segment.stream, sequence: segment.after + event.sequence - 1 };
}
