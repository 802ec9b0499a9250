import { type HostCalls, PROTOCOL } from '@soma/schemas/contract';
import { type Fault, fault } from '@soma/schemas/event';
import { createTranslator } from '@soma/schemas/message';
import { QueryClient } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import type { StoreApi } from 'zustand/vanilla';
import type { Platform, PlatformOf } from '../platform.ts';
import { createHistories, type Histories } from './history.ts';
import { ask, type Connect, type HostLink, openLink } from './link.ts';
import { createRunFeeds, type RunFeeds } from './run-store.ts';
import { createTravel, type TravelStore } from './travel.ts';
import { createViewStore, type ViewStore } from './view-store.ts';
import { followWorkspace, type WorkspaceView } from './workspace-store.ts';

type Described = Awaited<ReturnType<HostCalls['host']['describe']>>;

/** What the host says of itself. */
export type HostFacts = Omit<Extract<Described, { ok: true }>, 'ok'>;

/** Everything a window works with; one a window. */
export interface Client {
  readonly link: HostLink;
  readonly host: HostFacts;
  readonly platform: Platform;
  readonly translator: i18n;
  readonly queries: QueryClient;
  readonly workspace: StoreApi<WorkspaceView>;
  readonly runs: RunFeeds;
  readonly view: ViewStore;
  /** Events of runs that were looked back at. */
  readonly histories: Histories;
  /** Where in a run's past this window looks. */
  readonly travel: TravelStore;
  readonly close: () => void;
}

export interface ClientOptions {
  readonly connect: Connect;
  readonly platform: PlatformOf;
  /** Where the window's look is remembered; null forgets it. */
  readonly storage: Storage | null;
}

/** The client, or why there is none; the translator is there either way, to say so. */
export type Opened =
  | { readonly ok: true; readonly client: Client }
  | {
      readonly ok: false;
      readonly fault: Fault;
      readonly translator: i18n;
      /** Begins an empty log beside a damaged one that nothing can mend; null where that is not what is wrong, or cannot be done here. */
      readonly beginAnew: (() => Promise<void>) | null;
    };

/** Reaches the host, agrees on the protocol and begins to follow the workspace. */
export async function openClient(options: ClientOptions): Promise<Opened> {
  const linking = openLink(options.connect).catch(() => null);
  const translator = await createTranslator();
  const link = await linking;
  if (link === null) {
    const unreached = fault('HOST_UNREACHABLE', {}, { when: 'now' });
    return { ok: false, fault: unreached, translator, beginAnew: null };
  }
  const stop = new AbortController();
  // Asked for with the greeting: a second way there and back would be waited for before anything is shown.
  const workspace = followWorkspace(link, stop.signal);
  const described = await ask(link, (calls) => calls.host.describe({ protocol: PROTOCOL }));
  if (!described.ok) {
    stop.abort();
    const { beginAnew } = options.platform(link.current);
    const { code, data } = described.fault;
    const lost = code === 'DATABASE_DAMAGED' && typeof data['quarantine'] !== 'string';
    const refused = { ok: false, fault: described.fault, translator } as const;
    if (!lost || beginAnew === null) {
      link.close();
      return { ...refused, beginAnew: null };
    }
    return { ...refused, beginAnew: () => beginAnew().finally(() => link.close()) };
  }
  const { ok: _, ...host } = described;
  const runs = createRunFeeds(link);
  const histories = createHistories(link);
  workspace.subscribe(({ runs: rows }) => runs.takeUp(rows));
  const client: Client = {
    link,
    host,
    translator,
    platform: options.platform(link.current),
    queries: new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } }),
    workspace,
    runs,
    histories,
    travel: createTravel(histories, runs),
    view: createViewStore(options.storage),
    close: () => {
      stop.abort();
      runs.close();
      // The watches say goodbye over the pipe first.
      setTimeout(() => link.close(), 0);
    },
  };
  return { ok: true, client };
}
