import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, FlowDuplex } from '@soma/schemas/contract';
import { Fault, FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { findHost } from '../composition/find-host.ts';
import { type SocketCalls, socketCalls } from '../serve/contract.ts';

/** How long, in milliseconds, a host that is starting or taking over is waited for. */
const PATIENCE_MS = 30_000;
const TRY_EVERY_MS = 50;

/** The terminal's way to a host: the one that runs, or one started for it in the background. */
export interface Link extends Connection {
  readonly current: () => SocketCalls;
  close(): void;
}

export interface LinkOptions {
  readonly dataFolder: string;
  /** Absolute path of the built `serve`. */
  readonly serve: string;
  /** Whether a host started for it may begin with an empty ledger where the damaged one holds nothing good. */
  readonly beginAnew: boolean;
}

/** What `serve` says to whoever started it, once. */
export const Started = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('fault'), fault: Fault }),
]);

/** Throws FaultError when a host could not start, and HOST_UNREACHABLE when one runs but does not answer. */
export async function openLink(options: LinkOptions): Promise<Link> {
  let pipe = await reach(options);
  let calls = socketCalls(pipe);
  return {
    current: () => calls,
    restored: async (signal) => {
      pipe.close();
      const next = await reach(options);
      if (signal.aborted) return next.close();
      pipe = next;
      calls = socketCalls(next);
    },
    close: () => pipe.close(),
  };
}

async function reach(options: LinkOptions): Promise<FlowDuplex> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const found = (await findHost(options.dataFolder)) ?? (await startHost(options));
    if (found !== null) return found;
    await pause(TRY_EVERY_MS);
  }
  throw new FaultError('HOST_UNREACHABLE', { dataFolder: options.dataFolder }, { when: 'now' });
}

/** Starts a host in the background. Null when another process holds the data folder already: then that one is the host. */
async function startHost({ dataFolder, serve, beginAnew }: LinkOptions): Promise<FlowDuplex | null> {
  const child = fork(serve, ['--detached', ...(beginAnew ? ['--begin-anew'] : [])], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const said = once(child, 'message').then(([message]) => Started.parse(message));
  const ended = once(child, 'exit').then(() => null);
  const answer = await Promise.race([said, ended]);
  if (child.connected) child.disconnect();
  child.unref();
  if (answer?.type === 'fault') {
    const { code, data, retry } = answer.fault;
    throw new FaultError(code, data, retry);
  }
  return findHost(dataFolder);
}
