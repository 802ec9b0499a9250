import { type RunNews, watchRun } from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import { evolve, type RunState, type RunSummary } from '@soma/schemas/run';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ask, type HostLink } from './link.ts';

type Progress = Extract<Delta, { type: 'tool-progress' }>;

/** Most characters of an answer under way that are kept. */
const SAID_LIMIT = 1_000_000;

/** One run as it is now; null until its first news. */
export interface RunView {
  readonly state: RunState | null;
}

/** What is passing in a run, outside React: read it in a listener and write it to the page. */
export interface RunDeltas {
  /** How far each call is that is under way. */
  readonly latest: (call: string) => Progress | undefined;
  /** What a model has answered so far to a call that is under way, its last million characters at most; empty before it begins. */
  readonly said: (call: string) => string;
  /** Called at most once a frame with the calls that have news. Returns the function that ends it. */
  readonly subscribe: (listener: (calls: ReadonlySet<string>) => void) => () => void;
}

/** A run while it is followed. Every holder calls `release` once. */
export interface RunFeed {
  readonly view: StoreApi<RunView>;
  readonly deltas: RunDeltas;
}

/** The runs of a window: each is watched once however many look at it, and not at all when nobody does. */
export interface RunFeeds {
  /** The feed of a run, the same for everyone. Watches nothing by itself. */
  readonly of: (run: string) => RunFeed;
  /** Watches the run until the returned function is called. */
  readonly follow: (run: string) => () => void;
  /** Reads the run anew: what is done to a run after its end comes over no watch. */
  readonly refresh: (run: string) => Promise<void>;
  /** Watches those again that were seen to end and of which there is more. */
  readonly takeUp: (rows: readonly RunSummary[]) => void;
  /** Ends every watch. */
  readonly close: () => void;
}

interface Held extends RunFeed {
  readonly take: (deltas: readonly Delta[]) => void;
  holders: number;
  stop: AbortController | null;
}

export function createRunFeeds(link: HostLink): RunFeeds {
  const held = new Map<string, Held>();
  const of = (run: string): Held => {
    const known = held.get(run);
    if (known !== undefined) return known;
    const view = createStore<RunView>(() => ({ state: null }));
    const { take, ...deltas } = createDeltas();
    const fresh: Held = { view, deltas, take, holders: 0, stop: null };
    held.set(run, fresh);
    return fresh;
  };
  return {
    of,
    refresh: async (run) => {
      const answer = await ask(link, (calls) => calls.run.get({ run }));
      const { view } = of(run);
      const known = view.getState().state?.sequence ?? 0;
      if (answer.ok && answer.state.sequence > known) view.setState({ state: answer.state });
    },
    takeUp: (rows) => {
      for (const { run, sequence } of rows) {
        const feed = held.get(run);
        const state = feed?.view.getState().state;
        if (feed === undefined || state?.status.name !== 'ended' || sequence <= state.sequence) continue;
        feed.stop?.abort();
        feed.stop = watchOn(link, run, feed);
      }
    },
    close: () => {
      for (const { stop } of held.values()) stop?.abort();
    },
    follow: (run) => {
      const feed = of(run);
      feed.holders += 1;
      if (feed.stop === null) feed.stop = watch(link, run, feed);
      let following = true;
      return () => {
        if (!following) return;
        following = false;
        feed.holders -= 1;
        // A node that leaves the view and comes back a moment later does not open the watch twice.
        setTimeout(() => {
          if (feed.holders > 0) return;
          feed.stop?.abort();
          feed.stop = null;
        }, 2000);
      };
    },
  };
}

function watch(link: HostLink, id: string, feed: Held): AbortController | null {
  // Nothing follows the end of a run, unless a task of it is done again: see `takeUp`.
  return feed.view.getState().state?.status.name === 'ended' ? null : watchOn(link, id, feed);
}

function watchOn(link: HostLink, id: string, feed: Held): AbortController {
  const state = feed.view.getState().state;
  const stop = new AbortController();
  void watchRun(link, { id, after: state?.sequence ?? null, signal: stop.signal }, (news) => {
    feed.view.setState((view) => withRunNews(view, news));
    if (news.type === 'batch') feed.take(news.deltas);
    if (feed.view.getState().state?.status.name === 'ended') stop.abort();
  }).catch(() => {
    if (feed.stop === stop) feed.stop = null;
  });
  return stop;
}

/** The view after one piece of news, by the one fold. What did not change keeps its identity. */
export function withRunNews(view: RunView, news: RunNews): RunView {
  switch (news.type) {
    case 'snapshot':
      return { state: news.state };
    case 'batch': {
      const state = news.events.reduce(evolve, view.state);
      return state === view.state ? view : { state };
    }
    case 'heartbeat':
      return view;
    default:
      return news satisfies never;
  }
}

/** Keeps how far each call is, and what its model says, and tells of them at most once a frame. */
export function createDeltas(): RunDeltas & { readonly take: (deltas: readonly Delta[]) => void } {
  const latest = new Map<string, Progress>();
  const said = new Map<string, string>();
  const listeners = new Set<(calls: ReadonlySet<string>) => void>();
  let changed = new Set<string>();
  const flush = () => {
    const calls = changed;
    changed = new Set();
    for (const listener of listeners) listener(calls);
  };
  return {
    latest: (call) => latest.get(call),
    said: (call) => said.get(call) ?? '',
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    take: (deltas) => {
      if (deltas.length === 0) return;
      if (changed.size === 0) requestAnimationFrame(flush);
      for (const delta of deltas) {
        if (delta.type === 'tool-progress') latest.set(delta.call, delta);
        else if (delta.delta.type === 'text')
          said.set(delta.call, `${said.get(delta.call) ?? ''}${delta.delta.text}`.slice(-SAID_LIMIT));
        changed.add(delta.call);
      }
    },
  };
}
