import type { ModelAway, ModelsAway } from '@soma/schemas/contract';
import { type Fault, fault, type Scope } from '@soma/schemas/event';
import { type TurnAnswer, UNKNOWN_USAGE } from '@soma/schemas/turn';
import {
  answered,
  asked,
  type Breaker,
  CLOSED,
  chosen,
  type Found,
  foundBy,
  mayAsk,
  type Reach,
} from '../domain/breaker.ts';
import type { Health } from '../engine/index.ts';
import type { AskRequest, ChatModel, ChatModels, Clock, EventStore, ModelProvider } from '../port/index.ts';

export interface ModelHealthParts {
  readonly clock: Clock;
  readonly store: EventStore;
  readonly scope: Scope;
  readonly models: ChatModels;
}

/** What a found state says of the endpoint, and of this one model at it. */
const SAYS: Readonly<Record<Found, { readonly endpoint: Reach; readonly model: Reach }>> = {
  away: { endpoint: 'away', model: 'unknown' },
  // Who takes no more of one model may take more of another.
  busy: { endpoint: 'reached', model: 'away' },
  reached: { endpoint: 'reached', model: 'reached' },
  unknown: { endpoint: 'unknown', model: 'unknown' },
};
/** Runs wait no more once one of these was recorded. */
const AT_REST: ReadonlySet<string> = new Set(['run.ended', 'run.paused', 'run.interrupted']);

/**
 * Sees by the answers of models which are there to be asked, and keeps turns from those that are not: a breaker for each endpoint, and one
 * for each model at it. In memory only.
 */
export class ModelHealth implements Health {
  readonly #parts: ModelHealthParts;
  readonly #breakers = new Map<string, Breaker>();
  /** Since when each breaker is not closed, RFC 3339. */
  readonly #since = new Map<string, string>();
  /** The models that each run waits for. */
  readonly #held = new Map<string, readonly ChatModel[]>();
  readonly #providers = new WeakMap<ModelProvider, ModelProvider>();
  readonly #listeners = new Set<() => void>();
  #list = 0;
  readonly #closed = new AbortController();
  readonly #stop: () => void;

  constructor(parts: ModelHealthParts) {
    this.#parts = parts;
    this.#stop = parts.store.watch(parts.scope, (events) => {
      for (const { type, stream } of events) if (AT_REST.has(type)) this.#release(stream.split('/')[1] ?? '');
    });
  }

  /** The person's models, each of which is not asked while it is away. */
  guarded(): ChatModels {
    const { models } = this.#parts;
    return {
      list: (scope) => models.list(scope).map((model) => ({ ...model, provider: this.#guard(model) })),
    };
  }

  /** Asks it whatever is known of it, and learns from its answer: a person wants to know. */
  seen(model: ChatModel): ModelProvider {
    const { provider } = model;
    return {
      describe: (scope) => provider.describe(scope),
      embed: (request) => provider.embed(request),
      ask: (request) => this.#ask(model, request),
    };
  }

  mayAsk(model: ChatModel): boolean {
    const now = this.#now();
    return keysOf(model).every((key) => mayAsk(this.#breaker(key), now));
  }

  choose(run: string, model: ChatModel): void {
    const now = this.#now();
    for (const key of keysOf(model)) this.#set(key, chosen(this.#breaker(key), now));
    if (!this.#isAway(model)) this.#release(run);
  }

  hold(run: string, models: readonly ChatModel[]): void {
    this.#held.set(run, models);
    this.#tell();
  }

  async wait(run: string, models: readonly ChatModel[], signal: AbortSignal): Promise<void> {
    this.hold(run, models);
    const list = this.#list;
    const isOver = () => signal.aborted || list !== this.#list || models.some((model) => this.mayAsk(model));
    while (!isOver()) await this.#changed(signal);
    if (signal.aborted) this.#release(run);
  }

  /** Which of the person's models are away, and how many goals wait for one. */
  away(scope: Scope): ModelsAway {
    const models = this.#parts.models.list(scope).filter((model) => this.#isAway(model));
    const waits = [...this.#held.values()].filter((held) => held.some((model) => this.#isAway(model)));
    // One that nobody waits for and that may be asked is seen to by whoever asks it next.
    const shown = models.filter((model) => waits.length > 0 || !this.mayAsk(model));
    return { models: shown.map((model) => this.#view(model)), goals: waits.length };
  }

  /** The person's models are others than before: whoever waits looks again which is asked. */
  look(): void {
    this.#list += 1;
    this.#tell();
  }

  /** Calls the listener whenever `away` may answer something else; answers how to end that. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop();
    this.#closed.abort();
  }

  #view({ id, model, address, ...rest }: ChatModel): ModelAway {
    const [endpoint, own] = keysOf({ id, model, address, ...rest });
    const isAway = this.#breaker(endpoint).name !== 'closed';
    return {
      ...{ id, model, host: hostOf(address), is: isAway ? 'unreachable' : 'busy' },
      since: this.#since.get(isAway ? endpoint : own) ?? this.#parts.clock.now(),
    };
  }

  #guard(model: ChatModel): ModelProvider {
    const known = this.#providers.get(model.provider);
    if (known !== undefined) return known;
    const { provider } = model;
    const guard: ModelProvider = {
      describe: (scope) => provider.describe(scope),
      embed: (request) => provider.embed(request),
      ask: (request) => this.#askIfThere(model, request),
    };
    this.#providers.set(model.provider, guard);
    return guard;
  }

  #askIfThere(model: ChatModel, request: AskRequest): Promise<TurnAnswer> {
    const now = this.#now();
    for (const key of keysOf(model)) {
      if (asked(this.#breaker(key), now) === null)
        return Promise.resolve(refusal(model, key === keysOf(model)[0]));
    }
    return this.#ask(model, request);
  }

  async #ask(model: ChatModel, request: AskRequest): Promise<TurnAnswer> {
    const now = this.#now();
    for (const key of keysOf(model)) this.#set(key, asked(this.#breaker(key), now) ?? this.#breaker(key));
    let begun = false;
    const onDelta: AskRequest['onDelta'] = (delta) => {
      if (!begun) this.#learn(model, 'reached', null);
      begun = true;
      request.onDelta?.(delta);
    };
    const answer = await model.provider.ask({ ...request, onDelta }).catch((error: unknown) => {
      this.#learn(model, 'unknown', null);
      throw error;
    });
    const found = answer.ok || begun ? 'reached' : foundBy(answer.fault);
    this.#learn(model, found, answer.ok ? null : this.#advised(answer.fault));
    return answer;
  }

  #learn(model: ChatModel, found: Found, advisedMs: number | null): void {
    const now = this.#now();
    const [endpoint, own] = keysOf(model);
    const says = SAYS[found];
    this.#set(endpoint, answered(this.#breaker(endpoint), { reach: says.endpoint, now, advisedMs }));
    this.#set(own, answered(this.#breaker(own), { reach: says.model, now, advisedMs }));
    if (found !== 'reached') return;
    for (const [run, models] of this.#held)
      if (models.every((held) => !this.#isAway(held))) this.#release(run);
  }

  #advised({ retry }: Fault): number | null {
    return retry.when === 'at'
      ? Math.max(0, Date.parse(retry.at) - Date.parse(this.#parts.clock.now()))
      : null;
  }

  #isAway(model: ChatModel): boolean {
    return keysOf(model).some((key) => this.#breaker(key).name !== 'closed');
  }

  #breaker(key: string): Breaker {
    return this.#breakers.get(key) ?? CLOSED;
  }

  #set(key: string, breaker: Breaker): void {
    const before = this.#breaker(key);
    if (before === breaker) return;
    this.#breakers.set(key, breaker);
    if (breaker.name === 'closed') this.#since.delete(key);
    else if (before.name === 'closed') this.#since.set(key, this.#parts.clock.now());
    // Whoever waits looks again when it may be asked, which nobody tells.
    if (breaker.name !== 'closed') this.#tellIn(breaker.until - this.#now());
    if (breaker.name !== 'closed' || before.name !== 'closed') this.#tell();
  }

  #tellIn(ms: number): void {
    const { clock } = this.#parts;
    const tell = () => this.#tell();
    clock.sleep(Math.max(1, ms), this.#closed.signal).then(tell, () => undefined);
  }

  #release(run: string): void {
    if (this.#held.delete(run)) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        stop();
        signal.removeEventListener('abort', over);
        resolve();
      };
      const stop = this.watch(over);
      signal.addEventListener('abort', over, { once: true });
    });
  }

  #now(): number {
    return this.#parts.clock.monotonicMs();
  }
}

/** The endpoint, and the model at it; what lies on this computer is an endpoint of its own. */
function keysOf({ id, address }: ChatModel): readonly [string, string] {
  const endpoint = address ?? `local ${id}`;
  return [endpoint, `${endpoint} ${id}`];
}

function hostOf(address: string | null): string | null {
  return address === null ? null : new URL(address).host;
}

/** What is answered in the place of one that is not asked. */
function refusal({ address, model }: ChatModel, isAway: boolean): TurnAnswer {
  const host = hostOf(address) ?? model;
  const why = isAway
    ? fault('MODEL_UNREACHABLE', { host, cause: 'resting' })
    : fault('MODEL_BUSY', { host, what: null });
  return {
    ...{ ok: false, fault: { ...why, retry: { when: 'now' } }, usage: UNKNOWN_USAGE, charged: 'no' },
    message: { role: 'assistant', parts: [] },
  };
}
