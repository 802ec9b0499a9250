import { FaultError, inRun, type RecordedRunEvent, runStream, type Scope } from '@soma/schemas/event';
import { evolve, type RunState, SegmentStart } from '@soma/schemas/run';
import type { ContentStore, EventStore, ReadModel } from '../port/index.ts';

/** Events fetched at once. */
const PAGE = 1000;

export interface RunRead {
  readonly run: string;
  /** Only the run's events behind this one. */
  readonly after?: number;
  /** Begin of a segment that does not lie behind `after`; the run's first when left out. */
  readonly segment?: number;
  readonly limit?: number;
}

/** Events of a run, as one log however many segments it has; none when there is no such run. */
export async function readRun(store: EventStore, scope: Scope, read: RunRead): Promise<RecordedRunEvent[]> {
  const { run, after = 0, limit = Number.POSITIVE_INFINITY } = read;
  const events: RecordedRunEvent[] = [];
  let segment = read.segment ?? 0;
  let cursor = placeIn(segment, after);
  while (events.length < limit) {
    const wanted = Math.min(PAGE, limit - events.length);
    const page = await store.read({ scope, stream: runStream(run, segment), after: cursor, limit: wanted });
    events.push(...page.events.map(inRun).filter((event) => event !== null));
    cursor = page.cursor;
    if (page.events.length === wanted) continue;
    // The next segment is named after the last event of this one.
    const end = segment === 0 ? cursor : segment + cursor - 1;
    if (end === segment) break;
    segment = end;
    cursor = placeIn(segment, segment);
  }
  return events;
}

/** The sequence, in the stream of a segment, of an event of the run. The first event of a segment behind the first is none of the run's. */
function placeIn(segment: number, sequence: number): number {
  return segment === 0 ? sequence : Math.max(1, sequence - segment + 1);
}

/** What reading a run without its whole log takes. `version` is the product's. */
export interface RunLog {
  readonly store: EventStore;
  readonly runs: ReadModel;
  readonly content: ContentStore;
  readonly version: string;
}

/** As `readRun`, without looking at the segments before. */
export async function readRunAfter(
  { store, runs }: Pick<RunLog, 'store' | 'runs'>,
  scope: Scope,
  read: { readonly run: string; readonly after: number; readonly limit?: number },
): Promise<RecordedRunEvent[]> {
  if (read.after === 0) return readRun(store, scope, read);
  const segments = await segmentsOf(runs, scope, read.run);
  const segment = segments.filter((begin) => begin <= read.after).at(-1) ?? 0;
  return readRun(store, scope, { ...read, segment });
}

/** The events behind which the run's log went on in a further segment. */
export async function segmentsOf(runs: ReadModel, scope: Scope, run: string): Promise<readonly number[]> {
  return (await runs.get(scope, run))?.segments ?? [];
}

/** A run as it is now, and what its writer goes on with. */
export interface OpenedRun {
  readonly state: RunState | null;
  /** As `commandsIn` answers it, of all its events. */
  readonly commands: Map<string, number>;
  /** The run's event behind which its newest segment begins; 0 for its first. */
  readonly segment: number;
}

/** The run from the beginning of its newest segment on; where that cannot be used, from its first event on. */
export async function openRun(log: RunLog, scope: Scope, run: string): Promise<OpenedRun> {
  const segment = (await segmentsOf(log.runs, scope, run)).at(-1) ?? 0;
  const start = segment === 0 ? null : await startOf(log, scope, { run, segment });
  const read = start === null ? { run } : { run, after: segment, segment };
  const events = await readRun(log.store, scope, read);
  let state: RunState | null = start?.state ?? null;
  for (const event of events) state = evolve(state, event);
  if ((state?.sequence ?? 0) < segment) {
    const where = { database: 'ledger', stream: runStream(run), sequence: (state?.sequence ?? 0) + 1 };
    throw new FaultError('DATABASE_DAMAGED', { ...where, reason: 'missing' });
  }
  const commands = new Map([...Object.entries(start?.commands ?? {}), ...commandsIn(events)]);
  return { state, commands, segment };
}

/** What was kept of the segments before; null where it is gone, or is the fold of another version of the product. */
async function startOf(
  { store, content, version }: RunLog,
  scope: Scope,
  { run, segment }: { readonly run: string; readonly segment: number },
): Promise<SegmentStart | null> {
  const page = await store.read({ scope, stream: runStream(run, segment), after: 0, limit: 1 });
  const [begun] = page.events;
  if (begun?.type !== 'segment.begun' || begun.data.state === null) return null;
  const text = await content.get(scope, begun.data.state).catch(() => null);
  const parsed = text === null ? null : SegmentStart.safeParse(JSON.parse(text));
  if (parsed === null || !parsed.success || parsed.data.version !== version) return null;
  const { id, sequence } = parsed.data.state;
  return id === run && sequence === segment ? parsed.data : null;
}

/** The sequence of the first event of each command, by that event's id. With it no command reads a long run again to know whether it was sent before. */
export function commandsIn(
  events: readonly { readonly id: string; readonly sequence: number }[],
): Map<string, number> {
  return new Map(events.flatMap(({ id, sequence }) => (id.endsWith('.0') ? [[id, sequence] as const] : [])));
}
