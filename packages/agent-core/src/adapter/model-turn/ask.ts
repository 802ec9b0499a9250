import type { TurnDelta } from '@soma/schemas/delta';
import { type FaultCode, fault, type Json } from '@soma/schemas/event';
import type { AssistantMessage, Turn, TurnAnswer, TurnFinish, TurnUsage } from '@soma/schemas/turn';
import type { AskRequest, Clock } from '../../port/index.ts';
import { type Asked, errorIn, type Failure, failureOf, unreachable } from './fault-of.ts';
import { keyFault, type Refusal, type Seen } from './request.ts';
import { EventReader } from './stream.ts';
import { type Ended, Watch } from './watch.ts';

/** Characters of one line beyond those of the answer itself: what a chunk says around its text. */
const LINE_SLACK = 1_000_000;

/** The tool of a call that never said which. */
export const NAMELESS = 'unknown';

/** A model at an endpoint, and how its key is come by. */
export interface Place {
  readonly host: string;
  readonly model: string;
  readonly need: 'needed' | 'optional';
  readonly key: () => Promise<string | null>;
  readonly clock: Clock;
}

/** One answer as it is put together from what its protocol sends. */
export interface Answering {
  /** There is an answer, empty or not. */
  readonly hasChoice: boolean;
  /** The model has said that it stopped. */
  readonly isFinished: boolean;
  /** Its protocol has said that no more comes. */
  readonly isOver: boolean;
  readonly finish: TurnFinish;
  readonly message: AssistantMessage;
  readonly usage: TurnUsage;
  readonly model: string | null;
  /** Characters of all parts together. */
  readonly size: number;
  /** Takes one event, or a whole answer. False where it is neither. */
  take(value: unknown): boolean;
}

/** What a request is made of. */
export interface Sending {
  readonly turn: Turn;
  readonly key: string | null;
  readonly seen: Seen;
  readonly signal: AbortSignal;
}

/** How an endpoint is spoken to. */
export interface Protocol {
  readonly answer: (turn: string, onDelta: (delta: TurnDelta) => void) => Answering;
  /** Sends one request, and none after it whatever comes of it; `seen` is told what it met. */
  readonly send: (sending: Sending) => Promise<Response>;
}

/** One turn at an endpoint: one request, whatever comes of it. */
export async function askOnce(
  place: Place,
  protocol: Protocol,
  { turn, signal, onDelta }: AskRequest,
): Promise<TurnAnswer> {
  const watch = new Watch(place.clock, turn.limits, signal);
  let open = true;
  const answer = protocol.answer(turn.id, (delta) => {
    if (open) onDelta?.(delta);
  });
  const asking = new Asking(place, { turn, answer, watch, send: protocol.send });
  try {
    const failure = await Promise.race([
      asking.run().catch((error: unknown) => asking.broken(error)),
      watch.end.then((why) => asking.ended(why)),
    ]);
    const { message, usage, finish, model } = answer;
    if (failure === null) return { ok: true, message, finish, usage, model };
    const charged = isCounted(usage) ? 'yes' : failure.charged;
    return { ok: false, fault: failure.fault, message: named(message), usage, charged };
  } finally {
    open = false;
    watch.close(asking.rest);
  }
}

/** Where tokens were counted, somebody may charge for them. */
function isCounted({ input, output }: TurnUsage): boolean {
  return input !== null || output !== null;
}

/** A call that was cut off before its tool had a name is no call. */
function named({ role, parts }: AssistantMessage): AssistantMessage {
  return { role, parts: parts.filter((part) => part.type !== 'tool-call' || part.tool !== NAMELESS) };
}

interface Work {
  readonly turn: Turn;
  readonly answer: Answering;
  readonly watch: Watch;
  readonly send: Protocol['send'];
}

type Ending = { readonly charged?: Failure['charged']; readonly when?: 'now' | 'never' };

class Asking {
  readonly #place: Place;
  readonly #work: Work;
  #asked: Asked;
  #phase: 'before' | 'sent' | 'answered' | 'begun' = 'before';
  #failure: Failure | null = null;
  /** The endpoint has said that there is no more. */
  #done = false;
  /** The last bytes of an answer that is over. */
  rest: Promise<unknown> | null = null;

  constructor(place: Place, work: Work) {
    this.#place = place;
    this.#work = work;
    this.#asked = { host: place.host, model: place.model, key: null };
  }

  /** Null where the answer is whole. */
  async run(): Promise<Failure | null> {
    const { turn, watch, send } = this.#work;
    const key = await this.#place.key();
    this.#asked = { ...this.#asked, key };
    const unfit = keyFault(key, this.#place.need);
    if (unfit !== null) return this.#fail(unfit, {}, { charged: 'no' });
    watch.signal.throwIfAborted();
    const seen: Seen = { refused: null, broken: null };
    let response: Response;
    try {
      this.#phase = 'sent';
      response = await send({ turn, key, seen, signal: watch.signal });
    } catch (error) {
      if (seen.refused !== null) return this.#refused(seen.refused);
      return unreachable(seen.broken ?? error, this.#asked);
    }
    this.#phase = 'answered';
    return this.#read(response);
  }

  /** What threw is the connection. A model that had said that it stopped has answered. */
  broken(error: unknown): Failure | null {
    if (this.#phase === 'before' || this.#phase === 'sent') return unreachable(error, this.#asked);
    return this.#failure ?? (this.#isWhole ? null : this.#fail('MODEL_ANSWER_CUT', {}, { when: 'now' }));
  }

  /** What became of a turn that was ended from here. */
  ended(why: Ended): Failure | null {
    const { firstMs, silentMs, totalMs } = this.#work.turn.limits;
    const charged = this.#phase === 'before' ? 'no' : 'unknown';
    if (why === 'late-end') return null;
    if (why === 'stopped') return this.#fail('MODEL_TURN_STOPPED', {}, { charged });
    const limitMs = { first: firstMs, silent: silentMs, total: totalMs }[why];
    return this.#fail('MODEL_TIMEOUT', { reason: why, limitMs }, { charged, when: 'now' });
  }

  async #read(response: Response): Promise<Failure | null> {
    const { answer, watch, turn } = this.#work;
    const { characters } = turn.limits;
    const stream = new EventReader({
      onValue: (value, isWhole) => {
        this.#value(value, response.headers);
        if (isWhole) this.#done = true;
      },
      onDone: () => {
        this.#done = true;
      },
    });
    const body: ReadableStream<Uint8Array> | null = response.body;
    const reader = body?.getReader();
    while (reader !== undefined && !this.#done && this.#failure === null) {
      const part = await reader.read();
      if (part.done) {
        stream.end();
        break;
      }
      watch.beat();
      stream.push(part.value);
      if (stream.isPage) return this.#invalid('html');
      if (answer.size > characters || stream.waiting > characters + LINE_SLACK)
        return this.#fail('MODEL_ANSWER_ENDLESS', { limit: characters });
    }
    if (this.#failure !== null) return this.#failure;
    if (this.#done && reader !== undefined) this.rest = reader.read();
    if (this.#isWhole) return null;
    if (stream.isStrange) return this.#invalid('not_json');
    if (answer.hasChoice) return this.#fail('MODEL_ANSWER_CUT', {}, { when: 'now' });
    return this.#invalid(this.#phase === 'begun' ? 'no_choice' : 'empty');
  }

  get #isWhole(): boolean {
    const { answer } = this.#work;
    return answer.isFinished || (this.#done && answer.hasChoice);
  }

  #value(value: unknown, headers: Headers): void {
    const { answer, watch } = this.#work;
    if (this.#failure !== null || watch.ended !== null) return;
    if (this.#phase !== 'begun') watch.begun();
    this.#phase = 'begun';
    if (value === undefined) this.#failure = this.#invalid('not_json');
    else if (errorIn(value) !== null)
      this.#failure = failureOf({ status: null, headers, body: value }, this.#asked, this.#place.clock);
    else if (!answer.take(value)) this.#failure = this.#invalid('shape');
    else if (answer.isFinished) watch.finished();
    if (answer.isOver) this.#done = true;
  }

  /** A page with a status that has no meaning of its own comes from no model's server. */
  #refused(refusal: Refusal): Failure {
    const { page, status } = refusal;
    if (page && status >= 400 && status < 500 && ![401, 403, 407, 429].includes(status))
      return this.#invalid('html');
    return failureOf(refusal, this.#asked, this.#place.clock);
  }

  /** A page was no model's work; whatever else is strange may have been one's, and may come right. */
  #invalid(reason: 'html' | 'not_json' | 'shape' | 'no_choice' | 'empty'): Failure {
    const page = reason === 'html';
    const ending: Ending = page ? { charged: 'no' } : { when: 'now' };
    return this.#fail('MODEL_ANSWER_INVALID', { reason }, ending);
  }

  #fail(
    code: FaultCode,
    data: Record<string, Json>,
    { charged = 'unknown', when = 'never' }: Ending = {},
  ): Failure {
    return { fault: fault(code, { host: this.#place.host, ...data }, { when }), charged };
  }
}
