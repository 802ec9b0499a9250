import { CanvasClient } from '@soma/schemas/canvas';
import {
  type Connection,
  type DesktopCalls,
  type Duplex,
  desktopCalls,
  framePort,
  type Refused,
} from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Opens a pipe to the host; rejects when there is none. */
export type Connect = () => Promise<Duplex>;

/** Whether the host can be reached now. */
export interface Reach {
  readonly connected: boolean;
}

/** The window's way to its host: calls and documents over one pipe, which is opened anew whenever it breaks. */
export interface HostLink extends Connection {
  /** The calls over the pipe of now; those of `platform` only where the host is a desktop's. */
  readonly current: () => DesktopCalls;
  readonly canvases: CanvasClient;
  readonly reach: StoreApi<Reach>;
  readonly close: () => void;
}

/** Between two attempts to reach the host again, in milliseconds. */
const PAUSE = { first: 200, longest: 5000 } as const;

/** How long a call waits for the host to come back before it is refused, in milliseconds. */
const PATIENCE_MS = 15_000;

/** Opens the first pipe; rejects when the host cannot be reached at all. */
export async function openLink(connect: Connect): Promise<HostLink> {
  const reach = createStore<Reach>(() => ({ connected: true }));
  let pipe = await connect();
  let calls = desktopCalls(pipe);
  let closed = false;
  const canvases = new CanvasClient({ port: framePort(pipe), now: () => performance.now() });

  const follow = () => pipe.onClose(() => void renew());
  const renew = async () => {
    if (closed) return;
    reach.setState({ connected: false });
    canvases.disconnect();
    for (let pause: number = PAUSE.first; !closed; pause = Math.min(pause * 2, PAUSE.longest)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const opened = closed ? null : await connect().catch(() => null);
      if (opened === null) continue;
      pipe = opened;
      calls = desktopCalls(pipe);
      canvases.connect(framePort(pipe));
      reach.setState({ connected: true });
      follow();
      return;
    }
  };
  follow();

  return {
    canvases,
    reach,
    current: () => calls,
    restored: (signal) => untilReached(reach, signal),
    close: () => {
      closed = true;
      reach.setState({ connected: false });
      canvases.disconnect();
      pipe.close();
    },
  };
}

/** Resolves once there is a pipe, or when the signal aborts. A pipe's close is told a moment after what was on it has failed. */
async function untilReached(reach: StoreApi<Reach>, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise<void>((resolve) => {
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = reach.subscribe(({ connected }) => {
      if (connected) end();
    });
    signal.addEventListener('abort', end);
    if (reach.getState().connected || signal.aborted) end();
  });
}

/**
 * Makes one call. When the pipe breaks under it, it is sent once more over the next one: ids are the caller's, so a command
 * that was recorded already is answered the same. What cannot be sent is refused with HOST_UNREACHABLE.
 */
export async function ask<Answer>(
  link: HostLink,
  make: (calls: DesktopCalls) => Promise<Answer>,
): Promise<Answer | Refused> {
  for (const last of [false, true]) {
    try {
      return await make(link.current());
    } catch {
      // The pipe's close is told a moment after the call's rejection.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (last || link.reach.getState().connected) break;
      await link.restored(AbortSignal.timeout(PATIENCE_MS));
    }
  }
  return { ok: false, fault: fault('HOST_UNREACHABLE', {}, { when: 'now' }) };
}
