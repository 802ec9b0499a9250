import type { AddedModel, EndpointView, ExamResult, KeyPlace, KnownOfModel } from '@soma/schemas/contract';
import { UNKNOWN_ABILITIES } from '@soma/schemas/turn';
import { isLoopback } from './address.ts';
import type { AddedRecord } from './record.ts';

/** Servers that run models themselves; what others on this computer do with a text, a gateway for one, is not to be seen from here. */
const RUNS_ITSELF: ReadonlySet<string> = new Set(['ollama', 'lmstudio', 'llamacpp', 'vllm', 'jan']);
/** A name by which such a server passes a model on to somebody else's computer. */
const ELSEWHERE = /[:-]cloud$/;
const UNKNOWN: KnownOfModel = {
  ...{ price: { input: null, output: null, cached: null }, contextTokens: null, outputTokens: null },
  ...{ abilities: UNKNOWN_ABILITIES, licence: null, source: null },
};
/** Nobody charges for what a person's own computer does. */
const FREE = { input: 0, output: 0, cached: 0 };

/** What stands around a record. */
export interface Around {
  readonly endpoints: readonly EndpointView[];
  /** What was read of a model at an endpoint; null where nothing was. */
  readonly known: (endpoint: string, model: string) => KnownOfModel | null;
  /** Where the key of this model lies; *none* also where it is gone. */
  readonly place: KeyPlace;
  readonly result: ExamResult | null;
}

/** A record as people see it. */
export function viewOf({ where, id, addedAt, key }: AddedRecord, around: Around): AddedModel {
  const { endpoints, known, place, result } = around;
  const { model } = where;
  const shown = { id, model, addedAt, exam: { running: null, result } };
  if (where.from === 'file') {
    const { path, bytes, sha256, contextTokens, licence } = where;
    const source = licence === null ? null : { name: path, read: addedAt.slice(0, 10) };
    return {
      ...{ ...shown, endpoint: 'local', endpointName: '', address: null, local: true },
      ...{ file: { path, bytes, sha256 }, key: 'none' },
      known: { ...UNKNOWN, price: FREE, contextTokens, licence, source },
    };
  }
  const { endpoint, address } = where;
  const local = RUNS_ITSELF.has(endpoint) && isLoopback(address) && !ELSEWHERE.test(model);
  const told = known(endpoint, model) ?? UNKNOWN;
  return {
    ...{ ...shown, endpoint, address, local, file: null },
    endpointName: endpoints.find((one) => one.id === endpoint)?.name ?? '',
    known: local ? { ...told, price: FREE } : told,
    key: key === 'none' ? 'none' : place === 'none' ? 'gone' : place,
  };
}
