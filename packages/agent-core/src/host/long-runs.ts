import { type Fault, fault, inRun, type RecordedEvent, type Scope } from '@soma/schemas/event';
import type { EventStore } from '../port/index.ts';

/** Events from which on a run is long: whoever opens it reads them all. */
export const LONG_RUN = 10_000;

/** The runs at work that have become long, as faults for the person to be told; `onChange` is called when there are others. */
export function watchLongRuns(store: EventStore, scope: Scope, onChange: () => void): () => readonly Fault[] {
  const long = new Map<string, Fault>();
  store.watch(scope, (events) => {
    const before = long.size;
    for (const event of events) note(long, event);
    if (long.size !== before) onChange();
  });
  return () => [...long.values()];
}

function note(long: Map<string, Fault>, event: RecordedEvent): void {
  const ofRun = inRun(event);
  if (ofRun === null || ofRun.sequence < LONG_RUN) return;
  const { stream, sequence } = ofRun;
  if (event.type === 'run.ended') long.delete(stream);
  else if (!long.has(stream))
    long.set(stream, fault('RUN_LONG', { what: stream.slice('run/'.length), sequence }));
}
