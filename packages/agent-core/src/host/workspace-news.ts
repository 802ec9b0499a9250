import type { ModelsAway, WorkspaceNews } from '@soma/schemas/contract';
import { type Fault, inRun, type Scope } from '@soma/schemas/event';
import type { RunSummary } from '@soma/schemas/run';
import type { Clock, EventStore, ModelStore, ReadModel } from '../port/index.ts';
import { createBell } from './bell.ts';
import type { ChatDesk } from './chat-desk.ts';
import type { ModelHealth } from './health.ts';
import { HEARTBEAT_MS } from './run-news.ts';
import type { Workspace } from './workspace.ts';

/** The list of runs changes at most this often on the wire, in milliseconds. */
const PACE_MS = 50;
/** Runs in the first snapshot; older ones come by the page. */
const RECENT_RUNS = 50;

export interface WorkspaceNewsParts {
  readonly store: EventStore;
  readonly runs: ReadModel;
  readonly clock: Clock;
  readonly workspace: Workspace;
  /** What troubles the whole host now, and word when that changes. */
  readonly faults: () => readonly Fault[];
  readonly onFaults: (listener: () => void) => () => void;
  readonly models: ModelStore | null;
  readonly chat: Pick<ChatDesk, 'states' | 'watch'> | null;
  readonly health: Pick<ModelHealth, 'away' | 'watch'>;
}

/** All of the workspace, then what changed in it. */
export async function* watchWorkspaceNews(
  parts: WorkspaceNewsParts,
  watch: { scope: Scope; signal: AbortSignal },
): AsyncGenerator<WorkspaceNews, void, void> {
  const { scope, signal } = watch;
  const bell = createBell(parts.clock);
  const { changed, stop } = listen(parts, scope, () => bell.ring());
  const chat = () => parts.chat?.states(scope) ?? [];
  const models = () => [...(parts.models?.states(scope) ?? [])];
  let told = parts.health.away(scope);
  try {
    const page = await parts.runs.page({ scope, cursor: null, limit: RECENT_RUNS, only: 'all' });
    yield {
      type: 'snapshot',
      workspace: parts.workspace.state(),
      runs: [...page.runs],
      faults: [...parts.faults()],
      models: models(),
      chat: chat(),
      away: told,
    };
    while (!signal.aborted) {
      if (!(await bell.wait(HEARTBEAT_MS, signal))) {
        if (!signal.aborted) yield { type: 'heartbeat' };
        continue;
      }
      // A reader may take its time over each piece of news, and what changes meanwhile is news again.
      const { faults, workspace, models: modelsToo, chat: chatToo, away } = changed;
      changed.faults = false;
      changed.workspace = false;
      changed.models = false;
      changed.chat = false;
      changed.away = false;
      if (faults) yield { type: 'faults', faults: [...parts.faults()] };
      if (workspace) yield { type: 'workspace', workspace: parts.workspace.state() };
      if (modelsToo) yield { type: 'models', models: models() };
      if (chatToo) yield { type: 'chat', chat: chat() };
      const now = away ? parts.health.away(scope) : told;
      if (!isSame(now, told)) yield { type: 'away', away: now };
      told = now;
      const names = [...changed.runs];
      changed.runs.clear();
      if (names.length > 0) yield { type: 'runs', runs: await summaries(parts.runs, scope, names) };
      await parts.clock.sleep(PACE_MS, signal).catch(() => undefined);
    }
  } finally {
    stop();
  }
}

/** What changed since it was last taken. */
interface Changed {
  readonly runs: Set<string>;
  workspace: boolean;
  faults: boolean;
  models: boolean;
  chat: boolean;
  away: boolean;
}

/** Notes what changes, and says so, until it is stopped. */
function listen(
  parts: WorkspaceNewsParts,
  scope: Scope,
  ring: () => void,
): { readonly changed: Changed; readonly stop: () => void } {
  const changed: Changed = {
    runs: new Set(),
    ...{ workspace: false, faults: false, models: false, chat: false, away: false },
  };
  const note = (name: 'faults' | 'models' | 'chat' | 'away') => () => {
    changed[name] = true;
    ring();
  };
  const stops = [
    parts.store.watch(scope, (events) => {
      for (const event of events) {
        const ofRun = inRun(event);
        if (event.type === 'segment.begun') changed.runs.add(event.data.run);
        else if (ofRun === null) changed.workspace = true;
        else changed.runs.add(ofRun.stream.slice('run/'.length));
      }
      ring();
    }),
    parts.onFaults(note('faults')),
    parts.models?.watch(note('models')),
    parts.chat?.watch(note('chat')),
    parts.health.watch(note('away')),
  ];
  return {
    changed,
    stop: () => {
      for (const end of stops) end?.();
    },
  };
}

async function summaries(runs: ReadModel, scope: Scope, names: readonly string[]): Promise<RunSummary[]> {
  const found = await Promise.all(names.map((name) => runs.get(scope, name)));
  return found.filter((row) => row !== null);
}

/** That another of the trials began or ended is no news. */
function isSame(one: ModelsAway, other: ModelsAway): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
