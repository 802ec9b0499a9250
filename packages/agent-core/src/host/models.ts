import { implement } from '@orpc/server';
import { contract, type ModelState } from '@soma/schemas/contract';
import { type Fault, fault, type Scope } from '@soma/schemas/event';
import type { ModelStore } from '../port/index.ts';
import { faultAsValue, meta, refused } from './answers.ts';
import type { CallContext, HostParts } from './parts.ts';

type Answered = { ok: true; model: ModelState } | { ok: false; fault: Fault };

/** Models that come and go at a person's word. A host without a store of models has none and gets none. */
export function createModelRouter({ models }: HostParts) {
  const os = implement(contract.model).$context<CallContext>();
  const ask = async (call: (store: ModelStore) => Promise<ModelState>): Promise<Answered> => {
    if (models === undefined) return refused(fault('MODEL_ABSENT'));
    return faultAsValue(async () => ({ ok: true, model: await call(models.store) }));
  };
  const caused = (context: CallContext, id: string): Scope => meta(context, id).scope;
  return {
    list: os.list.handler(({ context }) => ({
      ok: true,
      models: [...(models?.store.states(context.scope) ?? [])],
    })),
    fetch: os.fetch.handler(({ input: { id, model }, context }) =>
      ask((store) => store.obtain({ scope: caused(context, id), model, path: null })),
    ),
    add: os.add.handler(({ input: { id, model, path }, context }) =>
      ask((store) => store.obtain({ scope: caused(context, id), model, path })),
    ),
    stop: os.stop.handler(({ input: { id, model }, context }) =>
      ask((store) => store.stop(caused(context, id), model)),
    ),
    remove: os.remove.handler(({ input: { id, model }, context }) =>
      ask((store) => store.remove(caused(context, id), model)),
    ),
  };
}
