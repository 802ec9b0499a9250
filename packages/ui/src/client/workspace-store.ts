import {
  type AddedModel,
  type ModelState,
  type ModelsAway,
  type WorkspaceNews,
  watchWorkspace,
} from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import type { RunSummary } from '@soma/schemas/run';
import { EMPTY_WORKSPACE, type WorkspaceState } from '@soma/schemas/workspace';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HostLink } from './link.ts';

/** All that is known of the workspace now. */
export interface WorkspaceView {
  /** False until the first snapshot: nothing is known to be absent before. */
  readonly loaded: boolean;
  readonly workspace: WorkspaceState;
  /** Runs known here, newest first: the recent ones, and every one that changed since. */
  readonly runs: readonly RunSummary[];
  /** Runs that this window saw cut off, also once they go on. */
  readonly cutOff: ReadonlySet<string>;
  /** What troubles the whole host now. */
  readonly faults: readonly Fault[];
  /** Every model and where it stands. */
  readonly models: readonly ModelState[];
  /** The models that people added, in the order in which they are taken. */
  readonly chat: readonly AddedModel[];
  /** Which of these are away, and how many goals wait for one. */
  readonly away: ModelsAway;
}

const EMPTY: WorkspaceView = {
  loaded: false,
  workspace: EMPTY_WORKSPACE,
  runs: [],
  cutOff: new Set(),
  faults: [],
  models: [],
  chat: [],
  away: { models: [], goals: 0 },
};

/** Follows the workspace until the signal aborts. */
export function followWorkspace(link: HostLink, signal: AbortSignal): StoreApi<WorkspaceView> {
  const store = createStore<WorkspaceView>(() => EMPTY);
  const take = (news: WorkspaceNews) => store.setState((view) => withNews(view, news));
  // What is no lost pipe is a fault of the host, and the host has told it.
  void watchWorkspace(link, signal, take).catch(() => undefined);
  return store;
}

/** Resolves with the first snapshot, or when it has been waited for long enough. */
export function firstNews(store: StoreApi<WorkspaceView>, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    const stop = store.subscribe(({ loaded }) => {
      if (loaded) end();
    });
    if (store.getState().loaded) end();
  });
}

/** The view after one piece of news. */
export function withNews(view: WorkspaceView, news: WorkspaceNews): WorkspaceView {
  switch (news.type) {
    case 'snapshot':
      return {
        loaded: true,
        workspace: news.workspace,
        ...withRuns(view, news.runs),
        faults: news.faults,
        models: news.models,
        chat: news.chat,
        away: news.away,
      };
    case 'workspace':
      return { ...view, workspace: news.workspace };
    case 'runs':
      return { ...view, ...withRuns(view, news.runs) };
    case 'faults':
      return { ...view, faults: news.faults };
    case 'models':
      return { ...view, models: news.models };
    case 'chat':
      return { ...view, chat: news.chat };
    case 'away':
      return { ...view, away: news.away };
    case 'heartbeat':
      return view;
    default:
      return news satisfies never;
  }
}

function withRuns(
  { runs: known, cutOff }: WorkspaceView,
  changed: readonly RunSummary[],
): Pick<WorkspaceView, 'runs' | 'cutOff'> {
  const found = changed.filter(({ run, phase }) => phase === 'interrupted' && !cutOff.has(run));
  const rows = new Map(known.map((row) => [row.run, row]));
  for (const row of changed) rows.set(row.run, row);
  return {
    runs: [...rows.values()].sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1)),
    cutOff: found.length === 0 ? cutOff : new Set([...cutOff, ...found.map(({ run }) => run)]),
  };
}
