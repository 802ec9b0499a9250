import { FaultError, RecordedRunEvent, runStream, type Scope, versionOf } from '@soma/schemas/event';
import { evolve, type RunState, type SegmentStart } from '@soma/schemas/run';
import type { Append, NewEvent } from '../port/index.ts';
import type { EngineParts } from './parts.ts';
import { commandsIn } from './read-run.ts';

/** A run's log goes on in a further segment when one holds so many events: well before the 50,000 that no stream is to pass. */
export const SEGMENT_EVENTS = 40_000;

/** How far a run's log has come: its fold, its commands, and the event behind which its newest segment begins. */
interface Head {
  readonly state: RunState | null;
  readonly commands: ReadonlyMap<string, number>;
  readonly segment: number;
}

export interface Wish extends Head {
  readonly parts: Pick<EngineParts, 'content' | 'version' | 'clock' | 'segmentEvents'>;
  readonly scope: Scope;
  readonly run: string;
  readonly events: readonly NewEvent[];
}

export interface LaidOut {
  readonly appends: readonly Append[];
  /** The segment in which the last of the events lies. */
  readonly segment: number;
}

/**
 * The streams in which events of a run are committed, all in one commit. A full segment is followed by a new one; only what is longer than a whole
 * segment, as the history of a branch may be, is divided. Where they go depends on the state alone, so that nothing can overtake a commit of which no
 * answer came. Throws FaultError DISK_FULL where the state at the end of a segment cannot be kept.
 */
export async function layOut(wish: Wish): Promise<LaidOut> {
  const { run, events } = wish;
  const limit = wish.parts.segmentEvents;
  const appends: Append[] = [];
  let head: Head = wish;
  for (let rest = events; rest.length > 0; ) {
    const begun = await beginning(wish, head);
    if (begun !== null) head = { ...head, segment: begun.data.after };
    const held = heldBy(head);
    const here = events.length > limit ? rest.slice(0, limit - held) : rest;
    // The event that begins a segment is none of the run's.
    const expected = begun === null ? held + Math.sign(head.segment) : 0;
    const stream = runStream(run, head.segment);
    appends.push({ stream, expected, events: begun === null ? here : [begun, ...here] });
    rest = rest.slice(here.length);
    if (rest.length > 0) head = behind(wish, head, here);
  }
  return { appends, segment: head.segment };
}

/** How many of the run's events its newest segment holds. */
function heldBy({ state, segment }: Head): number {
  return (state?.sequence ?? 0) - segment;
}

/** What begins a further segment; null while the newest has room. */
async function beginning({ parts, scope, run }: Wish, head: Head) {
  const { state, commands, segment } = head;
  const { version, content, clock, segmentEvents } = parts;
  if (state === null || heldBy(head) < segmentEvents) return null;
  const start: SegmentStart = { version, state, commands: Object.fromEntries(commands) };
  const kept = content.put(scope, JSON.stringify(start), 'application/json').catch((error: unknown) => {
    if (error instanceof FaultError && error.fault.code === 'TOOL_OUTPUT_TOO_LARGE') return null;
    throw error;
  });
  const after = state.sequence;
  const data = { run, after, from: segment, state: await kept };
  const id = `${runStream(run, after)}.begun`;
  return { id, time: clock.now(), type: 'segment.begun' as const, data };
}

/** How far the log will have come with these events. */
function behind({ scope, run }: Wish, { state, commands, segment }: Head, events: readonly NewEvent[]): Head {
  let next = state;
  const all = new Map(commands);
  for (const event of events) {
    const sequence = (next?.sequence ?? 0) + 1;
    const place = { stream: runStream(run), sequence, version: versionOf(event.type), scope };
    next = evolve(next, RecordedRunEvent.parse({ ...event, ...place }));
    for (const [id, first] of commandsIn([{ id: event.id, sequence }])) all.set(id, first);
  }
  return { state: next, commands: all, segment };
}
