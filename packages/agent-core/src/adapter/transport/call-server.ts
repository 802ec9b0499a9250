import type { AnyRouter, Context } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import { ServerPeer, type ServerPeerHandleRequestFn } from '@orpc/standard-server-peer';
import type { FlowDuplex } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { z } from 'zod';
import { type Report, refusing } from './faults.ts';

/** Largest text message taken from a client, in characters; the contract's largest input is far below. */
export const LARGEST_CALL = 1024 * 1024;

/** Calls and watches one pipe may have under way at once. */
const MOST_CALLS = 1000;

/** What oRPC sends: an id, a kind (a call has none), and what is asked. Anything else is not from a client of ours. */
const WireMessage = z.object({
  i: z.string().min(1).max(100),
  t: z.union([z.literal(3), z.literal(4)]).optional(),
  p: z
    .object({
      u: z.string().startsWith('/').max(2000).optional(),
      m: z.literal('POST').optional(),
      h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    })
    .loose()
    .optional(),
});

export interface CallServer<Given extends Context> {
  /** Serves calls over the pipe until it closes. A message that is no call closes it; document frames pass by. */
  connect(pipe: FlowDuplex, context: Given): void;
  /** Pipes that are open now. */
  readonly connections: () => number;
}

/**
 * Serves a router over any number of pipes; a call that it does not have is answered with `otherwise`, where one is given. Whoever reads slowly holds up its own watches and nobody else: an event is taken
 * from a watch only when the pipe has room for it.
 */
export function createCallServer<Given extends Context>(
  router: AnyRouter,
  report: Report,
  otherwise?: Fault,
): CallServer<Given> {
  const unknown =
    otherwise === undefined
      ? { status: 404, headers: {}, body: null }
      : { status: 200, headers: {}, body: { json: { ok: false, fault: otherwise } } };
  const handler = new StandardRPCHandler<Given>(router, { clientInterceptors: [refusing(report)] });
  let open = 0;
  return {
    connections: () => open,
    connect: (pipe, context) => {
      const serve: ServerPeerHandleRequestFn = async (request) => {
        const lazy = { ...request, body: () => Promise.resolve(request.body) };
        const { response } = await handler.handle(lazy, { context });
        return response ?? unknown;
      };
      // One after the other, so that what waits for a slow reader is one message of each watch and no more.
      let sent = Promise.resolve();
      const peer = new ServerPeer((message) => {
        if (typeof message !== 'string') throw new TypeError('the contract carries text only');
        sent = sent.then(() => pipe.ready()).then(() => pipe.send(message));
        return sent;
      });
      open += 1;
      pipe.onClose(() => {
        open -= 1;
        peer.close();
      });
      pipe.onMessage((message) => {
        if (typeof message !== 'string') return;
        if (isCall(message) && peer.length < MOST_CALLS) void answer(peer, message, serve);
        else pipe.close();
      });
    },
  };
}

/** Whatever a call throws was answered on the pipe already; what is left is a pipe that closed meanwhile. */
async function answer(peer: ServerPeer, message: string, serve: ServerPeerHandleRequestFn): Promise<void> {
  await peer.message(message, serve).catch(() => undefined);
}

function isCall(message: string): boolean {
  if (message.length > LARGEST_CALL) return false;
  try {
    const read = WireMessage.safeParse(JSON.parse(message));
    return read.success && (read.data.t !== undefined || read.data.p?.u !== undefined);
  } catch {
    return false;
  }
}
