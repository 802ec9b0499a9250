import { isRunEvent, type RecordedRunEvent, type Scope } from '@soma/schemas/event';
import type { EventStore } from '../port/index.ts';

/** Events fetched at once. */
const PAGE = 1000;

/** The name of a run's stream. */
export function runStream(run: string): string {
  return `run/${run}`;
}

/** All events of a run's stream, or those after a sequence; none when there is no such run. */
export async function readRun(
  store: EventStore,
  scope: Scope,
  { run, after = 0 }: { readonly run: string; readonly after?: number },
): Promise<RecordedRunEvent[]> {
  const events: RecordedRunEvent[] = [];
  for (let cursor = after; ; ) {
    const page = await store.read({ scope, stream: runStream(run), after: cursor, limit: PAGE });
    events.push(...page.events.filter(isRunEvent));
    if (page.events.length < PAGE) return events;
    cursor = page.cursor;
  }
}
