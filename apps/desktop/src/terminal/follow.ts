import { type RunNews, watchRun } from '@soma/schemas/contract';
import { evolve, openApprovals, type RunState } from '@soma/schemas/run';
import type { OpenApproval } from './approval.ts';
import type { Link } from './link.ts';

/** How following a run came to its end: it ended, or it needs a person. */
export interface Followed {
  readonly state: RunState;
  readonly outcome: 'ended' | 'waits';
}

export interface Follower {
  /** Called with each new state of the run. */
  onState(before: RunState | null, after: RunState): void;
  /** Asks a person about each of these, until the signal aborts; false when nobody is there to ask. */
  ask(open: readonly OpenApproval[], signal: AbortSignal): Promise<boolean>;
}

/** Watches a run until it ends or can go on only with a person. Rejects with the signal's reason when that aborts. */
export async function followRun(
  link: Link,
  { run, signal }: { run: string; signal: AbortSignal },
  follower: Follower,
): Promise<Followed> {
  const over = new AbortController();
  const watching = AbortSignal.any([signal, over.signal]);
  let state: RunState | null = null;
  let asking: Promise<void> | null = null;
  let outcome: Followed['outcome'] = 'waits';
  // The answer to a command may come before the news of what it did: what was answered still looks open then.
  const asked = new Set<string>();

  const look = (now: RunState) => {
    if (now.status.name === 'ended') outcome = 'ended';
    if (standsStill(now)) return over.abort();
    const open = openApprovals(now).filter(({ id }) => !asked.has(id));
    if (open.length === 0 || isBusy(now) || asking !== null) return;
    for (const { id } of open) asked.add(id);
    const about = open.map((approval) => ({ approval, call: now.calls[approval.call] }));
    asking = follower.ask(about, watching).then(
      (couldAsk) => {
        asking = null;
        if (!couldAsk) over.abort();
        else if (state !== null) look(state);
      },
      () => over.abort(),
    );
  };
  await watchRun(link, { id: run, after: null, signal: watching }, (news) => {
    const before: RunState | null = state;
    state = applyNews(before, news);
    if (state === null || state === before) return;
    follower.onState(before, state);
    look(state);
  });
  signal.throwIfAborted();
  if (state === null) throw new Error('a watch ended before it began');
  return { state, outcome };
}

function applyNews(state: RunState | null, news: RunNews): RunState | null {
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
