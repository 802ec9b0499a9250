import { createORPCClient } from '@orpc/client';
import { type ContractRouterClient, oc } from '@orpc/contract';
import { answer, callLink, contract, type Duplex } from '@soma/schemas/contract';
import { z } from 'zod';

/** What a headless host answers on its socket file beside the contract. */
export const serveContract = {
  serve: {
    /** A new address of the app for a browser; it lets one browser in, once. */
    address: oc.input(z.object({})).output(answer({ url: z.string() })),
  },
};

const socketContract = { ...contract, ...serveContract };

/** Everything that can be called over the socket file. */
export type SocketCalls = ContractRouterClient<typeof socketContract>;

export function socketCalls(duplex: Duplex): SocketCalls {
  return createORPCClient(callLink(duplex));
}
