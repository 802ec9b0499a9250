import { implement } from '@orpc/server';
import { contract } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import type { AddedModels, ModelFinder } from '../port/index.ts';
import { faultAsValue, meta } from './answers.ts';
import type { ChatDesk } from './chat-desk.ts';
import type { CallContext } from './parts.ts';

export interface ChatRouterParts {
  readonly desk: ChatDesk;
  readonly added: AddedModels;
  readonly finder: ModelFinder;
}

/** Models that people add. A host without a place for them has none and takes none. */
export function createChatRouter(parts: ChatRouterParts | null) {
  const os = implement(contract.chat).$context<CallContext>();
  const whole = <Answer>(work: (parts: ChatRouterParts) => Promise<Answer>) =>
    faultAsValue(async () => {
      if (parts === null) throw new FaultError('MODEL_NOT_ADDED');
      return work(parts);
    });
  /** Does something to a model and answers all of them. */
  const changed = (
    { context, input }: { context: CallContext; input: { id: string; added: string } },
    work: (parts: ChatRouterParts, scope: CallContext['scope']) => Promise<void> | void,
  ) =>
    whole(async (here) => {
      const { scope } = meta(context, input.id);
      await work(here, scope);
      return { ok: true as const, models: here.desk.states(scope) };
    });
  return {
    list: os.list.handler(({ context }) => ({ ok: true, models: parts?.desk.states(context.scope) ?? [] })),
    endpoints: os.endpoints.handler(() => {
      const { endpoints = [], keychain = 'none' } = parts?.finder.endpoints() ?? {};
      return { ok: true, endpoints: [...endpoints], keychain };
    }),
    nearby: os.nearby.handler(async ({ context, signal }) => ({
      ok: true,
      servers: [...((await parts?.finder.nearby(context.scope, signalOf(signal))) ?? [])],
    })),
    offered: os.offered.handler(({ input, context, signal }) =>
      whole(async ({ finder }) => {
        const asked = { ...input, scope: context.scope, signal: signalOf(signal) };
        return { ok: true as const, models: [...(await finder.offered(asked))] };
      }),
    ),
    add: os.add.handler(({ input: { id, model }, context }) =>
      whole(async ({ added }) => {
        const { scope } = meta(context, id);
        return { ok: true as const, model: await added.add({ scope, id, model }) };
      }),
    ),
    giveKey: os.giveKey.handler(({ input, context }) => {
      const { key, keep } = input;
      return changed({ input, context }, ({ added }, scope) =>
        added.change(scope, input.added, { type: 'key', key, keep }),
      );
    }),
    prefer: os.prefer.handler(({ input, context }) =>
      changed({ input, context }, ({ added }, scope) => added.change(scope, input.added, { type: 'prefer' })),
    ),
    remove: os.remove.handler(({ input, context }) =>
      changed({ input, context }, ({ desk }, scope) => desk.remove(scope, input.added)),
    ),
    examine: os.examine.handler(({ input, context }) =>
      changed({ input, context }, ({ desk }, scope) => desk.examine(scope, input.added)),
    ),
    stopExam: os.stopExam.handler(({ input, context }) =>
      changed({ input, context }, ({ desk }, scope) => desk.stop(scope, input.added)),
    ),
  };
}

function signalOf(signal: AbortSignal | undefined): AbortSignal {
  return signal ?? new AbortController().signal;
}
