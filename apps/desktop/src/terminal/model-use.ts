import { parseArgs } from 'node:util';
import { KeyKeeper, ModelName } from '@soma/schemas/contract';
import { only, type WrongUse, wrong } from './wrong-use.ts';

/** What a person typed about models. `added` is one of the models they added: its id, or its name where that is of one only. */
export type ModelUse =
  | { readonly verb: 'model'; readonly what: 'list' | 'nearby'; readonly json: boolean }
  | { readonly verb: 'model'; readonly what: 'fetch'; readonly model: ModelName }
  /** `model` is one that is fetched, or one that was added. */
  | { readonly verb: 'model'; readonly what: 'remove'; readonly model: string }
  /** A chat model's GGUF file, or else the file of the one that is fetched. */
  | { readonly verb: 'model'; readonly what: 'add'; readonly model: ModelName; readonly file: string }
  | ({ readonly verb: 'model'; readonly what: 'connect' } & Connecting)
  | { readonly verb: 'model'; readonly what: 'test'; readonly added: string; readonly json: boolean }
  | { readonly verb: 'model'; readonly what: 'prefer'; readonly added: string }
  | { readonly verb: 'model'; readonly what: 'key'; readonly added: string; readonly keep: KeyKeeper | null };

/** A model at an endpoint. */
export interface Connecting {
  readonly model: string;
  readonly endpoint: string;
  /** Null is the endpoint's usual one. */
  readonly address: string | null;
  /** A key is asked for although the endpoint may need none. */
  readonly key: boolean;
  /** Null: the keychain where there is one, else for this session. */
  readonly keep: KeyKeeper | null;
}

// There is one to be fetched so far.
const FETCHED: ModelName = 'all-MiniLM-L6-v2';

export function readModelUse(args: string[]): ModelUse | WrongUse {
  const [what = 'list', ...rest] = args[0]?.startsWith('--') === true ? ['list', ...args] : args;
  switch (what) {
    case 'list':
    case 'nearby': {
      const { values } = parseArgs({ args: rest, options: { json: { type: 'boolean' } } });
      return { verb: 'model', what, json: values.json ?? false };
    }
    case 'fetch':
      return readFetch(rest);
    case 'remove': {
      const { positionals } = parseArgs({ args: rest, allowPositionals: true });
      const [model = FETCHED, ...more] = positionals;
      return more.length > 0 ? wrong('model', {}) : { verb: 'model', what, model };
    }
    case 'add':
      return readAdd(rest);
    case 'test':
    case 'prefer':
    case 'key':
      return readAdded(what, rest);
    default:
      return wrong('model', {});
  }
}

function readFetch(args: string[]): ModelUse | WrongUse {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const [given = FETCHED, ...more] = positionals;
  if (values.json !== undefined || more.length > 0) return wrong('model', {});
  const model = ModelName.safeParse(given);
  return model.success
    ? { verb: 'model', what: 'fetch', model: model.data }
    : wrong('model-unknown', { given });
}

function readAdd(args: string[]): ModelUse | WrongUse {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ endpoint: { type: 'string' }, address: { type: 'string' } },
      ...{ keep: { type: 'string' }, key: { type: 'boolean' } },
    },
  });
  const one = only(positionals);
  const { endpoint, address = null, key = false } = values;
  const isConnecting = [endpoint, values.address, values.keep, values.key].some(
    (value) => value !== undefined,
  );
  if (one === null) return wrong('model', {});
  if (!isConnecting) return { verb: 'model', what: 'add', model: FETCHED, file: one };
  const keep = keeperOf(values.keep);
  if (keep === undefined) return wrong('keep', { given: values.keep ?? '' });
  // An address alone is of somebody that the product does not know by name.
  return { verb: 'model', what: 'connect', model: one, endpoint: endpoint ?? 'other', address, key, keep };
}

function readAdded(what: 'test' | 'prefer' | 'key', args: string[]): ModelUse | WrongUse {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, keep: { type: 'string' } },
  });
  const added = only(positionals);
  const keep = keeperOf(values.keep);
  if (added === null || (values.json !== undefined && what !== 'test')) return wrong('model', {});
  if (values.keep !== undefined && what !== 'key') return wrong('model', {});
  if (keep === undefined) return wrong('keep', { given: values.keep ?? '' });
  switch (what) {
    case 'test':
      return { verb: 'model', what, added, json: values.json ?? false };
    case 'prefer':
      return { verb: 'model', what, added };
    case 'key':
      return { verb: 'model', what, added, keep };
    default:
      return what satisfies never;
  }
}

/** Null where nobody said; undefined where it is neither. */
function keeperOf(given: string | undefined): KeyKeeper | null | undefined {
  if (given === undefined) return null;
  const keeper = KeyKeeper.safeParse(given);
  return keeper.success ? keeper.data : undefined;
}
