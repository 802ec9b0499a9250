import { FaultError } from '@soma/schemas/event';
import type { EmbedRequest } from '../../port/index.ts';
import { at, count, list } from '../model-turn/index.ts';
import { askAt, type OpenAIPlace } from './place.ts';

/** Texts that are asked for at once: what small servers take, too. */
const BATCH = 64;
const LIMIT_MS = 120_000;

/** Vectors of length 1. Each batch is one request. */
export async function embedAll(
  place: OpenAIPlace,
  { texts, signal }: Pick<EmbedRequest, 'texts' | 'signal'>,
): Promise<readonly Float32Array[]> {
  signal.throwIfAborted();
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const input = texts.slice(from, from + BATCH);
    const body = await askAt(place, {
      signal,
      totalMs: LIMIT_MS,
      send: (client, ended) =>
        client.embeddings.create({ model: place.model, input, encoding_format: 'float' }, { signal: ended }),
    });
    vectors.push(...vectorsIn(body, { count: input.length, host: place.host }));
  }
  if (new Set(vectors.map(({ length }) => length)).size > 1) throw strange(place.host);
  return vectors;
}

function vectorsIn(body: unknown, wanted: { readonly count: number; readonly host: string }): Float32Array[] {
  const rows = list(at(body, 'data')).map((row, order) => ({
    index: count(at(row, 'index')) ?? order,
    vector: vectorOf(at(row, 'embedding')),
  }));
  const sorted = rows.toSorted((one, other) => one.index - other.index);
  const vectors = sorted.flatMap(({ index, vector }, order) =>
    index === order && vector !== null ? [vector] : [],
  );
  if (vectors.length !== wanted.count || rows.length !== wanted.count) throw strange(wanted.host);
  return vectors;
}

function vectorOf(value: unknown): Float32Array | null {
  const values = list(value);
  const numbers = values.flatMap((one) => (typeof one === 'number' && Number.isFinite(one) ? [one] : []));
  const length = Math.hypot(...numbers);
  if (numbers.length !== values.length || length === 0) return null;
  return Float32Array.from(numbers, (number) => number / length);
}

function strange(host: string): FaultError {
  return new FaultError('MODEL_ANSWER_INVALID', { host, reason: 'vectors' }, { when: 'now' });
}
