import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { answer } from './answer.ts';
import { callLink } from './call-link.ts';
import { contract } from './contract.ts';
import type { Duplex } from './duplex.ts';

/** What only a desktop can do for its window. Served on the window's own port beside the contract, and nowhere else. */
export const platformContract = {
  platform: {
    /** Asks for a folder in the system's own dialog. `path` is null when the person chose none. */
    pickFolder: oc.input(z.object({})).output(answer({ path: z.string().nullable() })),
    /** Asks for one file in the system's own dialog. `path` is null when the person chose none. */
    pickFile: oc.input(z.object({})).output(answer({ path: z.string().nullable() })),
    /**
     * Shows a notification of the system, one a tag at a time. Answers once the person has dealt with it: `opened` when it was pressed,
     * and then the window is in front again.
     */
    notify: oc
      .input(z.object({ tag: z.string().max(300), title: z.string().max(200), body: z.string().max(1000) }))
      .output(answer({ opened: z.boolean() })),
    /**
     * Opens the data folder again, and where a damaged database and all its backups hold nothing good, begins with an empty one: the damaged
     * files are kept in `quarantine` under the time of this. Taken also while every other call is refused with that damage.
     */
    beginAnew: oc.input(z.object({})).output(answer({})),
  },
};

/** All that a desktop window can call: the contract and what only a desktop can do. */
export const desktopContract = { ...contract, ...platformContract };
export type DesktopCalls = ContractRouterClient<typeof desktopContract>;

/** Calls of a desktop window over its one pipe. */
export function desktopCalls(duplex: Duplex): DesktopCalls {
  return createORPCClient(callLink(duplex));
}
