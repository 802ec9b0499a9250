import { type RunNews, watchRun } from '@soma/schemas/contract';
import { evolve, openApprovals, type RunState } from '@soma/schemas/run';
import type { Questions } from './approval.ts';
import type { Link } from './link.ts';

/** How following a run came to its end: it ended, or it needs a person. */
export interface Followed {
  readonly state: RunState;
  readonly outcome: 'ended' | 'waits';
  /** What a person is asked by the run and those it started. */
  readonly open: number;
}

export interface Follower {
  /** Called with each new state of the run. */
  onState(before: RunState | null, after: RunState): void;
  /** Asks a person about each of these, until the signal aborts; false when nobody is there to ask. */
  ask(questions: Questions, signal: AbortSignal): Promise<boolean>;
}

/**
 * Watches a run, and those it waits for, until it ends or can go on only with a person. Rejects with the signal's reason when that
 * aborts.
 */
export async function followRun(
  link: Link,
  { run, signal }: { run: string; signal: AbortSignal },
  follower: Follower,
): Promise<Followed> {
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  const states = new Map<string, RunState>();
  const started = new Set<string>();
  let asking: Promise<void> | null = null;
  let outcome: Followed['outcome'] = 'waits';
  // The answer to a command may come before the news of what it did: what was answered still looks open then.
  const asked = new Set<string>();

  const look = () => {
    const whole = states.get(run);
    if (whole?.status.name === 'ended') outcome = 'ended';
    if (whole !== undefined && standsStill(whole)) return over.abort();
    const questions = asking === null ? nextQuestions([...states.values()], asked) : null;
    if (questions === null) return;
    for (const { approval } of questions.open) asked.add(approval.id);
    asking = follower.ask(questions, watching).then(
      (couldAsk) => {
        asking = null;
        if (couldAsk) look();
        else over.abort();
      },
      () => over.abort(),
    );
  };
  const watch = (id: string): Promise<void> =>
    watchRun(link, { id, after: null, signal: watching }, (news) => {
      for (const other of startedIn(news)) {
        if (started.has(other)) continue;
        started.add(other);
        // One that cannot be watched any more is heard of again while it is waited for.
        watch(other).catch(() => started.delete(other));
      }
      const before = states.get(id) ?? null;
      const state = applyNews(before, news);
      if (state === null || state === before) return;
      // A tool could name any run: only what one of these started is asked about.
      if (id !== run && !states.has(state.parent?.run ?? '')) return;
      states.set(id, state);
      if (id === run) follower.onState(before, state);
      look();
    });
  await watch(run);
  signal.throwIfAborted();
  const state = states.get(run);
  if (state === undefined) throw new Error('a watch ended before it began');
  const open = [...states.values()].reduce((sum, one) => sum + openApprovals(one).length, 0);
  return { state, outcome, open };
}

/** The questions of the first run that can go on only with answers. */
function nextQuestions(states: readonly RunState[], asked: ReadonlySet<string>): Questions | null {
  for (const state of states) {
    const open = openApprovals(state).filter(({ id }) => !asked.has(id));
    if (open.length === 0 || isBusy(state) || standsStill(state)) continue;
    return { run: state.id, open: open.map((approval) => ({ approval, call: state.calls[approval.call] })) };
  }
  return null;
}

/** The runs that are waited for, as their own news say. */
function startedIn(news: RunNews): readonly string[] {
  if (news.type !== 'batch') return [];
  return news.deltas.flatMap((delta) => {
    if (delta.type !== 'tool-progress' || delta.progress.note.code !== 'delegate-goes-on') return [];
    const { run } = delta.progress.note.data;
    return typeof run === 'string' ? [run] : [];
  });
}

/** The run's state after these news. */
export function applyNews(state: RunState | null, news: RunNews): RunState | null {
  switch (news.type) {
    case 'snapshot':
      return news.state;
    case 'batch':
      return news.events.reduce<RunState | null>(evolve, state);
    case 'heartbeat':
      return state;
    default:
      return news satisfies never;
  }
}

function standsStill({ status }: RunState): boolean {
  return status.name === 'ended' || status.name === 'paused' || status.name === 'interrupted';
}

function isBusy(state: RunState): boolean {
  return state.tasks.some(({ status }) => status.name === 'running' || status.name === 'retrying');
}
