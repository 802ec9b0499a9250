import { FaultError, type Scope } from '@soma/schemas/event';
import type { Clock } from '../../port/index.ts';
import { ENDPOINTS } from './endpoints.table.ts';
import { listModels } from './place.ts';

/** A model server that answers on this computer. Found is not trusted: whoever may listen there, a person is asked before text is sent. */
export interface Nearby {
  /** The endpoint whose usual place it is; another program may have taken it. */
  readonly endpoint: string;
  readonly address: string;
  readonly needsKey: boolean;
  /** Names that it lists; listed is not loaded. */
  readonly models: readonly string[];
}

export interface Looking {
  readonly scope: Scope;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where to look: the usual places on this computer, unless a test has its own. */
  readonly places?: readonly { readonly id: string; readonly address: string }[];
}

/** Those that a person starts on their own computer. */
const USUAL = ['ollama', 'lmstudio', 'llamacpp', 'vllm', 'jan'];
const LOOK_MS = 300;
/** Names that are kept of a list, and characters of one. */
const NAMES = 500;
const NAME = 200;

/**
 * Model servers on the loopback of this computer, all looked for at once. Each gets one request for its list, without a key; what answers
 * anything else than a list of models, or sends on elsewhere, is none.
 */
export async function findNearby({
  scope,
  clock,
  signal,
  places = usual(),
}: Looking): Promise<readonly Nearby[]> {
  const look = async ({ id, address }: { readonly id: string; readonly address: string }) => {
    const found = { endpoint: id, address };
    const secrets = { get: () => Promise.resolve(null) };
    const asked = { endpoint: 'other', address, secret: null, secrets, clock };
    try {
      const names = await listModels(asked, { scope, signal, totalMs: LOOK_MS });
      const models = names.filter((name) => name.length <= NAME).slice(0, NAMES);
      return [{ ...found, needsKey: false, models }];
    } catch (error) {
      const needsKey = error instanceof FaultError && error.fault.code === 'MODEL_KEY_REFUSED';
      return needsKey ? [{ ...found, needsKey, models: [] }] : [];
    }
  };
  const found = await Promise.all(places.filter(isLoopback).map(look));
  signal.throwIfAborted();
  return found.flat();
}

function usual() {
  return ENDPOINTS.filter(({ id }) => USUAL.includes(id));
}

function isLoopback({ address }: { readonly address: string }): boolean {
  return URL.canParse(address) && /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(new URL(address).hostname);
}
