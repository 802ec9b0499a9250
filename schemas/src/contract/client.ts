import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { callLink } from './call-link.ts';
import type { contract, RunNews, WorkspaceNews } from './contract.ts';
import type { Duplex } from './duplex.ts';

/** The contract as typed calls. */
export type HostCalls = ContractRouterClient<typeof contract>;

/** Calls over one pipe. When the pipe closes, calls under way reject and watches end. */
export function hostCalls(duplex: Duplex): HostCalls {
  return createORPCClient(callLink(duplex));
}

/** The pipe as it is now, and word of a new one. A window has one for its life; a browser tab reconnects. */
export interface Connection {
  readonly current: () => HostCalls;
  /** Resolves when there is a pipe again after the one that was lost. */
  readonly restored: (signal: AbortSignal) => Promise<void>;
}

/** Watches one run until the signal aborts, and reopens from the last sequence seen when the pipe was lost. */
export async function watchRun(
  connection: Connection,
  run: { id: string; after: number | null; signal: AbortSignal },
  listener: (news: RunNews) => void,
): Promise<void> {
  let after = run.after;
  await keepWatching(connection, run.signal, async (calls, signal) => {
    for await (const news of await calls.run.watch({ run: run.id, after }, { signal })) {
      after = sequenceOf(news) ?? after;
      listener(news);
    }
  });
}

/** Watches the workspace until the signal aborts; each new pipe starts with a snapshot again. */
export async function watchWorkspace(
  connection: Connection,
  signal: AbortSignal,
  listener: (news: WorkspaceNews) => void,
): Promise<void> {
  await keepWatching(connection, signal, async (calls, inner) => {
    for await (const news of await calls.workspace.watch({}, { signal: inner })) listener(news);
  });
}

function sequenceOf(news: RunNews): number | null {
  switch (news.type) {
    case 'snapshot':
      return news.state.sequence;
    case 'batch':
      return news.events.at(-1)?.sequence ?? null;
    case 'heartbeat':
      return null;
    default:
      return news satisfies never;
  }
}

async function keepWatching(
  connection: Connection,
  signal: AbortSignal,
  watch: (calls: HostCalls, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    // A signal of its own for each pipe: a watch that was lost with its pipe has nobody to tell that it is over.
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener('abort', end);
    try {
      await watch(connection.current(), attempt.signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isLost(error)) throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
    await connection.restored(signal);
  }
}

function isLost(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || /abort|clos/i.test(error.message));
}
