import { FaultError } from '@soma/schemas/event';
import type { OpenAI } from 'openai';
import {
  type Asked,
  bounded,
  type Failure,
  failureOf,
  json,
  keyFault,
  type Seen,
  unreachable,
  Watch,
} from '../model-turn/index.ts';
import { openCall } from './call.ts';
import type { OpenAIPlace } from './place.ts';

/** Bytes of a list of models or of vectors. */
const ANSWER_BYTES = 64 * 1024 * 1024;

/** How a request that is answered at once is made, and how long it may take. */
export interface Plain {
  readonly signal: AbortSignal;
  readonly totalMs: number;
  readonly send: (client: OpenAI, signal: AbortSignal) => { asResponse(): Promise<Response> };
}

/** The JSON that an endpoint answers. Rejects with a FaultError, or with the signal's reason when that aborts. */
export async function askPlainly(place: OpenAIPlace, { signal, totalMs, send }: Plain): Promise<unknown> {
  signal.throwIfAborted();
  const watch = new Watch(place.clock, { firstMs: totalMs, silentMs: totalMs, totalMs }, signal);
  try {
    return await Promise.race([
      answerTo(place, { send, signal: watch.signal }),
      watch.end.then((why) => {
        if (why === 'stopped') throw signal.reason;
        const data = { host: place.host, reason: 'total', limitMs: totalMs };
        throw new FaultError('MODEL_TIMEOUT', data, { when: 'now' });
      }),
    ]);
  } finally {
    watch.close();
  }
}

async function answerTo(
  place: OpenAIPlace,
  { send, signal }: Pick<Plain, 'send' | 'signal'>,
): Promise<unknown> {
  const { endpoint, address, host, model, clock } = place;
  const key = await place.key();
  const asked: Asked = { host, model, key };
  const unfit = keyFault(key, endpoint.key);
  if (unfit !== null) throw new FaultError(unfit, { host });
  signal.throwIfAborted();
  const seen: Seen = { refused: null, broken: null };
  const response = await send(openCall({ address, key }, seen), signal)
    .asResponse()
    .catch((error: unknown) => {
      if (seen.refused !== null) throw thrown(failureOf(seen.refused, asked, clock));
      throw thrown(unreachable(seen.broken ?? error, asked));
    });
  const body = await bounded(response.body, ANSWER_BYTES);
  const value = json(body);
  if (value !== undefined) return value;
  const page = /^\s*</.test(body);
  throw new FaultError(
    'MODEL_ANSWER_INVALID',
    { host, reason: page ? 'html' : 'not_json' },
    { when: page ? 'never' : 'now' },
  );
}

function thrown({ fault: { code, data, retry } }: Failure): FaultError {
  return new FaultError(code, data, retry);
}
