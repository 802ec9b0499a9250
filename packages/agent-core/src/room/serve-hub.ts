import { fault } from '@soma/schemas/event';
import { z } from 'zod';
import type { Hub } from '../port/index.ts';
import { faultOf } from './audience.ts';
import { type FromHub, type HubPort, requests, ToHub, type Verb } from './wire.ts';

/** A hub that can be told to finish: to let its windows go and store what they sent. */
export interface ClosableHub extends Hub {
  close(): Promise<void>;
}

interface Window {
  readonly take: (frame: Uint8Array) => void;
  readonly disconnect: () => void;
}

async function perform(hub: ClosableHub, verb: Verb, request: unknown): Promise<unknown> {
  switch (verb) {
    case 'mutate':
      return hub.mutate(requests.mutate.parse(request));
    case 'probe':
      return hub.probe(requests.probe.parse(request));
    case 'undoAll':
      return hub.undoAll(requests.undoAll.parse(request));
    case 'snapshot':
      return hub.snapshot(requests.snapshot.parse(request));
    case 'beat':
      return null;
    case 'close':
      await hub.close();
      return null;
  }
}

function refusalOf(error: unknown) {
  if (!(error instanceof z.ZodError)) return faultOf(error);
  const [issue] = error.issues;
  return fault('INVALID_INPUT', { path: issue?.path.join('.') ?? '', problem: issue?.code ?? 'custom' });
}

/** Serves a hub to whoever holds the other end of the channel. When that end goes, its windows are let go. */
export function serveHub(port: HubPort, hub: ClosableHub): void {
  const windows = new Map<number, Window>();
  const say = (message: FromHub): void => port.postMessage(message);

  const connect = ({ connection, scope, author }: Extract<ToHub, { type: 'connect' }>): void => {
    const listeners = new Set<(frame: Uint8Array) => void>();
    windows.get(connection)?.disconnect();
    const disconnect = hub.connect(
      {
        send: (frame) => say({ type: 'frame', connection, frame }),
        onFrame: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      { scope, author },
    );
    windows.set(connection, {
      disconnect,
      take: (frame) => {
        for (const listener of listeners) listener(frame);
      },
    });
  };

  const take = (message: ToHub): void => {
    switch (message.type) {
      case 'connect':
        connect(message);
        return;
      case 'disconnect':
        windows.get(message.connection)?.disconnect();
        windows.delete(message.connection);
        return;
      case 'frame':
        windows.get(message.connection)?.take(message.frame);
        return;
      case 'ask':
        perform(hub, message.verb, message.request).then(
          (value) => say({ type: 'answer', call: message.call, value }),
          (error: unknown) => say({ type: 'refusal', call: message.call, fault: refusalOf(error) }),
        );
        return;
    }
  };

  port.onMessage((message) => {
    const parsed = ToHub.safeParse(message);
    if (parsed.success) take(parsed.data);
  });
  port.onClose(() => {
    for (const { disconnect } of windows.values()) disconnect();
    windows.clear();
  });
}
