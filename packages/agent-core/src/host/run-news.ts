import type { RunNews } from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import { inRun, type RecordedRunEvent, runStream, type Scope } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { openRun, type RunLog, readRunAfter } from '../engine/index.ts';
import type { Clock } from '../port/index.ts';
import { createBell } from './bell.ts';

/** At most one message a frame and run goes on the wire, in milliseconds. */
const FRAME_MS = 16;
/** A quiet watch says so this often, in milliseconds, so that a lost pipe is noticed. */
export const HEARTBEAT_MS = 15_000;
/** A reader this many events behind gets a new snapshot instead of all of them, and none are kept for it meanwhile. */
const BEHIND_LIMIT = 5000;
/** Most characters of one answer that are kept for a reader; a delta may be dropped. */
const SAID_LIMIT = 1_000_000;

export interface RunNewsParts extends RunLog {
  readonly clock: Clock;
  /** Calls the listener with each delta of any run; returns the function that ends it. */
  readonly onDelta: (listener: (delta: Delta) => void) => () => void;
}

export interface RunWatch {
  readonly scope: Scope;
  readonly run: string;
  /** The last sequence the reader has seen, or null for a snapshot. */
  readonly after: number | null;
  readonly signal: AbortSignal;
}

/** The run's state now; null when there is no such run. */
export async function loadRun(log: RunLog, scope: Scope, run: string): Promise<RunState | null> {
  return (await openRun(log, scope, run)).state;
}

/** A snapshot (or the events after a known sequence), then batches in order, deltas between, never a gap. */
export async function* watchRunNews(
  parts: RunNewsParts,
  watch: RunWatch,
): AsyncGenerator<RunNews, void, void> {
  const { store, clock } = parts;
  const { scope, run, signal } = watch;
  const bell = createBell(clock);
  const kept = createKept();
  let seen = 0;
  const stopEvents = store.watch(scope, (recorded) => {
    const ofRuns = recorded.map(inRun).filter((event) => event !== null);
    const mine = ofRuns.filter((event) => event.stream === runStream(run));
    kept.keep(mine);
    if (mine.length > 0) bell.ring();
  });
  const stopDeltas = parts.onDelta((delta) => {
    if (delta.run !== run) return;
    kept.pass(delta);
    bell.ring();
  });
  try {
    const first = await opening(parts, watch);
    if (first === null) return;
    seen = first.sequence;
    yield first.news;
    while (!signal.aborted) {
      if (!(await bell.wait(HEARTBEAT_MS, signal))) {
        if (!signal.aborted) yield { type: 'heartbeat', sequence: seen };
        continue;
      }
      await clock.sleep(FRAME_MS, signal).catch(() => undefined);
      const { events, deltas, isBehind } = kept.take();
      const fresh = events.filter((event) => event.sequence > seen);
      if (!isBehind && fresh.length === 0 && deltas.length === 0) continue;
      const news: RunNews = isBehind
        ? await snapshot(parts, watch)
        : { type: 'batch', events: fresh, deltas };
      seen = news.type === 'snapshot' ? news.state.sequence : (fresh.at(-1)?.sequence ?? seen);
      yield news;
    }
  } finally {
    stopEvents();
    stopDeltas();
  }
}

type Said = Extract<Delta, { type: 'turn' }>;

interface Kept {
  readonly keep: (events: readonly RecordedRunEvent[]) => void;
  readonly pass: (delta: Delta) => void;
  /** What came since it was last asked. `isBehind`: too much to keep came, and only a snapshot tells it all. */
  readonly take: () => { events: RecordedRunEvent[]; deltas: Delta[]; isBehind: boolean };
}

/** What comes while the reader takes its time, never more than `BEHIND_LIMIT` of each. */
function createKept(): Kept {
  let events: RecordedRunEvent[] = [];
  let progress = new Map<string, Delta>();
  let said = new Map<string, Said[]>();
  let isBehind = false;
  return {
    keep: (recorded) => {
      isBehind ||= events.length + recorded.length > BEHIND_LIMIT;
      if (isBehind) events = [];
      else events.push(...recorded);
    },
    pass: (delta) => {
      if (delta.type === 'turn') return say(said, delta);
      progress.delete(delta.call);
      if (progress.size < BEHIND_LIMIT) progress.set(delta.call, delta);
    },
    take: () => {
      const deltas = [...progress.values(), ...[...said.values()].flat()];
      const taken = { events, deltas, isBehind };
      events = [];
      progress = new Map();
      said = new Map();
      isBehind = false;
      return taken;
    },
  };
}

/** Parts of an answer that follow on each other go as one, as long as the reader keeps up. */
function say(said: Map<string, Said[]>, next: Said): void {
  const before = said.get(next.call) ?? [];
  const last = before.at(-1);
  const isSame =
    last?.delta.type === next.delta.type &&
    (next.delta.type !== 'tool-input' ||
      (last.delta.type === 'tool-input' && last.delta.call === next.delta.call));
  if (last === undefined || !isSame) {
    if (before.length < BEHIND_LIMIT) said.set(next.call, [...before, next]);
    return;
  }
  const text = last.delta.text + next.delta.text;
  if (text.length > SAID_LIMIT) return;
  said.set(next.call, [...before.slice(0, -1), { ...last, delta: { ...last.delta, text } }]);
}

async function opening(log: RunLog, watch: RunWatch): Promise<{ news: RunNews; sequence: number } | null> {
  if (watch.after === null) {
    const state = await loadRun(log, watch.scope, watch.run);
    return state === null ? null : { news: { type: 'snapshot', state }, sequence: state.sequence };
  }
  const since = await readRunAfter(log, watch.scope, { run: watch.run, after: watch.after });
  if (since.length > BEHIND_LIMIT) {
    const news = await snapshot(log, watch);
    return { news, sequence: news.state.sequence };
  }
  return {
    news: { type: 'batch', events: since, deltas: [] },
    sequence: since.at(-1)?.sequence ?? watch.after,
  };
}

async function snapshot(log: RunLog, watch: RunWatch): Promise<Extract<RunNews, { type: 'snapshot' }>> {
  const state = await loadRun(log, watch.scope, watch.run);
  if (state === null) throw new Error('a run that was watched has no events');
  return { type: 'snapshot', state };
}
