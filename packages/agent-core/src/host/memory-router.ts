import { implement } from '@orpc/server';
import { contract, type Remembered } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import type { Verifier } from '../engine/index.ts';
import { faultAsValue, refused } from './answers.ts';
import type { CallContext, HostParts } from './parts.ts';
import type { Workspace } from './workspace.ts';

/** Memories answered at once. */
const LIMIT = 20;

export interface MemoryRouterParts {
  readonly host: HostParts;
  readonly workspace: Workspace;
  readonly verifier: Verifier;
}

/** What earlier runs left, for a person to look through and to drop. */
export function createMemoryRouter({ host: { memory }, workspace, verifier }: MemoryRouterParts) {
  const os = implement(contract.memory).$context<CallContext>();
  const pathOf = (folder: string) => workspace.state().folders.find(({ id }) => id === folder)?.path;
  return {
    recall: os.recall.handler(({ input, context, signal = new AbortController().signal }) =>
      faultAsValue(async () => {
        const folder = pathOf(input.folder);
        if (folder === undefined) return refused(fault('FOLDER_UNKNOWN', { folder: input.folder }));
        const by = { name: 'words', text: input.text } as const;
        const found = await memory.recall({ scope: context.scope, folder, by, limit: LIMIT });
        const memories: Remembered[] = [];
        for (const { run, task, at, claims } of found) {
          const made = claims.map(({ claim }) => claim);
          const checked = await verifier.verify(made, { folder, run, signal });
          const now = checked.map(({ claim, verdict }) => ({ claim, holds: verdict.checked }));
          memories.push({ run, task, at, claims: now });
        }
        return { ok: true as const, memories };
      }),
    ),
    forget: os.forget.handler(({ input, context }) =>
      faultAsValue(async () => {
        if (input.of === 'run') {
          return { ok: true as const, forgotten: await memory.forget(context.scope, { run: input.run }) };
        }
        const folder = pathOf(input.folder);
        if (folder === undefined) return refused(fault('FOLDER_UNKNOWN', { folder: input.folder }));
        return { ok: true as const, forgotten: await memory.forget(context.scope, { folder }) };
      }),
    ),
  };
}
