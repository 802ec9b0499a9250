import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import type { Agents } from './agents.ts';
import { refused } from './answers.ts';
import type { CallContext } from './parts.ts';

/** Agents: what there is, and whether a file is one. */
export function createAgentRouter(agents: Agents) {
  const os = implement(contract.agent).$context<CallContext>();
  return {
    check: os.check.handler(({ input }) => {
      const loaded = agents.load(input.source);
      return loaded.ok
        ? { ok: true, agent: loaded.agent.name, faults: [] }
        : { ok: true, agent: null, faults: [...loaded.faults] };
    }),
    list: os.list.handler(async () => {
      await agents.refresh();
      const trouble = agents.trouble();
      return trouble === null ? { ok: true, agents: agents.list() } : refused(trouble);
    }),
  };
}
