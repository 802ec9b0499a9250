import type { Recording } from '@soma/schemas/contract';
import {
  type DomainEvent,
  type FolderRef,
  fault,
  isRunEvent,
  type Permission,
  type RecordedEvent,
  type Scope,
} from '@soma/schemas/event';
import {
  EMPTY_WORKSPACE,
  evolveWorkspace,
  type WorkspaceState,
  workspaceStream,
} from '@soma/schemas/workspace';
import type { Clock, EventStore } from '../port/index.ts';

/** The workspace's folders and canvases: their fold, kept up to date, and the way to change it. */
export interface Workspace {
  state(): WorkspaceState;
  /** Where a run's folder is now: it may have been pointed elsewhere since the goal was submitted. */
  pathOf(folder: FolderRef): string;
  /** What people allowed for a folder and have not revoked, none of it past its date. */
  permissionsOf(folder: FolderRef): readonly Permission[];
  /** Records the event that `change` answers for the newest state, or refuses with its fault. `id` is the caller's command id. */
  record(scope: Scope, id: string, event: DomainEvent): Promise<Recording>;
}

export async function openWorkspace(store: EventStore, clock: Clock, scope: Scope): Promise<Workspace> {
  const stream = workspaceStream(scope.workspace);
  let state = await load(store, scope, stream);
  let queue: Promise<unknown> = Promise.resolve();
  store.watch(scope, (events) => {
    state = fold(
      state,
      events.filter((event) => event.stream === stream && event.sequence > state.sequence),
    );
  });

  async function commit(actor: Scope, id: string, event: DomainEvent): Promise<Recording> {
    const appends = [
      { stream, expected: state.sequence, events: [{ ...event, id: `${id}.0`, time: clock.now() }] },
    ];
    const result = await store.commit({ scope: actor, appends, fence: null });
    if (result.ok) return { ok: true, stream, sequence: result.events.at(-1)?.sequence ?? state.sequence };
    if ('fault' in result) return { ok: false, fault: result.fault };
    state = await load(store, scope, stream);
    return { ok: false, fault: fault('LEASE_LOST', { stream }, { when: 'now' }) };
  }

  return {
    permissionsOf: ({ id }) =>
      state.permissions.filter(({ folder, until }) => folder === id && until > clock.now()),
    pathOf: ({ id, path }) => state.folders.find((folder) => folder.id === id)?.path ?? path,
    state: () => state,
    record: (actor, id, event) => {
      const next = queue.then(() => commit(actor, id, event));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}

async function load(store: EventStore, scope: Scope, stream: string): Promise<WorkspaceState> {
  let state = EMPTY_WORKSPACE;
  for (;;) {
    const page = await store.read({ scope, stream, after: state.sequence, limit: 1000 });
    state = fold(state, page.events);
    if (page.events.length === 0) return state;
  }
}

function fold(state: WorkspaceState, events: readonly RecordedEvent[]): WorkspaceState {
  return events.filter((event) => !isRunEvent(event)).reduce(evolveWorkspace, state);
}
