import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@soma/schemas/event';
import { createLocalModel, type LocalModel, MINILM } from '../adapter/model-local/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { modelChild } from './model-runs.ts';

/** Nobody in particular. */
export const testScope: Scope = {
  ...{ tenant: 'local', workspace: 'local', actor: [{ kind: 'system', id: 'test' }] },
  ...{ traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`, causation: null },
};

/** The real model in a process of its own, or the code of why it cannot be had here. */
export type RealModel =
  | { readonly ok: true; readonly provider: LocalModel['provider']; close(): Promise<void> }
  | { readonly ok: false; readonly code: string };

/**
 * MiniLM as the product gets it, by the person's own pip, kept between tests in the cache folder of whoever runs them and fetched only
 * when it is not there yet.
 */
export async function openRealModel(): Promise<RealModel> {
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const dataFolder = join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'soma-tests');
  const model = createLocalModel({ dataFolder, environment, clock: systemClock, start: modelChild });
  const code = await obtained(model).catch((error: unknown) => String(error));
  if (code === null) return { ok: true, provider: model.provider, close: () => model.close() };
  await model.close();
  return { ok: false, code };
}

/** Null once it is ready. */
async function obtained({ store }: LocalModel): Promise<string | null> {
  const stateOf = () => store.states(testScope).find(({ model }) => model === MINILM.model);
  if (stateOf()?.state !== 'ready') await store.obtain({ scope: testScope, model: MINILM.model, path: null });
  await new Promise<void>((resolve) => {
    const look = () => {
      const state = stateOf()?.state;
      if (state === 'ready' || state === 'failed' || state === 'absent') resolve();
    };
    store.watch(look);
    look();
  });
  const known = stateOf();
  return known?.state === 'ready' ? null : (known?.fault?.code ?? 'MODEL_ABSENT');
}
