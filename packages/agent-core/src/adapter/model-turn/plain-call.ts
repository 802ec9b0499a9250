import { FaultError } from '@soma/schemas/event';
import type { Place, Sending } from './ask.ts';
import { type Asked, type Failure, failureOf, unreachable } from './fault-of.ts';
import { json } from './read.ts';
import { bounded, keyFault, type Seen } from './request.ts';
import { Watch } from './watch.ts';

/** Bytes of a list of models or of vectors. */
const ANSWER_BYTES = 64 * 1024 * 1024;

/** How a request that is answered at once is made, and how long it may take. */
export interface Plain {
  readonly signal: AbortSignal;
  readonly totalMs: number;
  readonly send: (sending: Omit<Sending, 'turn'>) => Promise<Response>;
}

/** The JSON that an endpoint answers. Rejects with a FaultError, or with the signal's reason when that aborts. */
export async function askPlainly(place: Place, { signal, totalMs, send }: Plain): Promise<unknown> {
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

async function answerTo(place: Place, { send, signal }: Pick<Plain, 'send' | 'signal'>): Promise<unknown> {
  const { need, host, model, clock } = place;
  const key = await place.key();
  const asked: Asked = { host, model, key };
  const unfit = keyFault(key, need);
  if (unfit !== null) throw new FaultError(unfit, { host });
  signal.throwIfAborted();
  const seen: Seen = { refused: null, broken: null };
  const response = await send({ key, seen, signal }).catch((error: unknown) => {
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
