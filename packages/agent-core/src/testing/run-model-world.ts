import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { type Content, fault, inRun, type Json } from '@soma/schemas/event';
import { evolve, type RunState } from '@soma/schemas/run';
import { z } from 'zod';
import { systemHasher } from '../adapter/system/index.ts';
import { Engine, type EngineParts, SEGMENT_EVENTS, Turns } from '../engine/index.ts';
import type {
  Ids,
  Lease,
  PolicyDecision,
  Tool,
  ToolContext,
  ToolDescription,
  ToolResult,
} from '../port/index.ts';
import { ControllableClock } from './controllable-clock.ts';
import { ALWAYS_THERE, FREE_PURSE } from './free-purse.ts';
import { aScope, type LocalStore } from './local-store.ts';
import { type Random, seeded } from './random.ts';
import {
  answer,
  HASH,
  kinds,
  NAMES,
  type Outcome,
  plannerOf,
  risks,
  TAKE_BACK,
  type ToolName,
  verifier,
} from './run-model-parts.ts';

// A world for engines in which everything that may happen is chosen by a seed: what tools come to, what the policy says, which answers
// are lost, when the process dies. Ledger, contents, memory and the file the tools write to are the real ones.

/** One effect as the tools' target has it. `seen` is how far the run's log had come. */
export const Effect = z.object({
  ...{ run: z.string(), task: z.string(), call: z.string(), key: z.string() },
  ...{ tool: z.string(), seen: z.number() },
});
export type Effect = z.infer<typeof Effect>;

/** What becomes of a use of a port: nothing special, done but the answer is lost, not done, done twice, or the process dies with it. */
export type Strike = 'none' | 'lost' | 'broken' | 'twice' | 'late' | 'kill-before' | 'kill-after';

/** A call of a tool that has begun and not ended. */
export interface Gate {
  readonly context: ToolContext;
  end(outcome: Outcome): void;
}

interface Calling {
  readonly kind: ToolName;
  readonly tool: string;
  readonly context: ToolContext;
}

interface Generation {
  readonly number: number;
  dead: boolean;
}

export interface ModelWorldOptions {
  readonly store: LocalStore;
  /** The file the tools write to. */
  readonly target: string;
  readonly seed: number;
  /** Chooses the other ways of plans; null for plans that are never revised. */
  readonly others: Random | null;
  /** What becomes of the next use of a port, `store.commit` for one. */
  readonly strike: (name: string) => Strike;
}

/** Uses of ports after which a world counts as running in circles. */
const MOST_USES = 4000;

export class ModelWorld {
  readonly clock = new ControllableClock();
  readonly random: Random;
  readonly scope;
  readonly gates = new Set<Gate>();
  /** Every second world divides the logs of its runs, and few of them alike. */
  readonly segmentEvents: number;
  /** Of every run, by its stream, as its log has it. */
  readonly states = new Map<string, RunState | null>();
  /** Harmless from now on: every tool does what it should, the policy allows. */
  benign = false;
  uses = 0;
  readonly #options: ModelWorldOptions;
  readonly #seen = new Map<string, number>();
  readonly #forget: () => void;
  #pending = 0;
  #ids = 0;
  #generation: Generation = { number: 0, dead: true };
  #engine: Engine | null = null;
  readonly #late: (() => void)[] = [];

  constructor(options: ModelWorldOptions) {
    this.#options = options;
    this.random = seeded(options.seed);
    this.segmentEvents = options.seed % 2 === 0 ? SEGMENT_EVENTS : 2 + (options.seed % 61);
    this.scope = aScope({ workspace: `seed-${options.seed}` });
    this.#forget = options.store.ledger.watch(this.scope, (events) => {
      for (const event of events) {
        const ofRun = inRun(event);
        if (ofRun === null) continue;
        const { stream, sequence } = ofRun;
        this.#seen.set(stream, sequence);
        this.states.set(stream, evolve(this.states.get(stream) ?? null, ofRun));
      }
    });
  }

  /** The engine at work; null after a kill. */
  get engine(): Engine | null {
    return this.#generation.dead ? null : this.#engine;
  }

  /** A process starts on what the last one left. */
  async begin(handedOver: readonly string[] = []): Promise<void> {
    this.#generation = { number: this.#generation.number + 1, dead: false };
    this.#engine = new Engine(this.#parts(this.#generation));
    const adopted = this.#engine.adopt(handedOver);
    // A host that cannot even list its runs does not start.
    adopted.catch(() => this.kill());
    await this.settle();
  }

  /** The process dies: nothing of it goes on. */
  kill(): void {
    this.#generation.dead = true;
    this.gates.clear();
    this.#late.splice(0);
  }

  end(): void {
    this.kill();
    this.#forget();
  }

  /** Waits until nothing moves without a gate or the clock. */
  async settle(): Promise<void> {
    for (let quiet = 0, uses = this.uses; quiet < 2; uses = this.uses) {
      await turn();
      quiet = this.#pending === 0 && uses === this.uses ? quiet + 1 : 0;
      if (this.uses > MOST_USES) throw new Error('the engine runs in circles');
    }
  }

  /** Lets the answers come that were held back. */
  deliver(): void {
    for (const answer of this.#late.splice(0)) answer();
  }

  effects(): Effect[] {
    const { target } = this.#options;
    if (!existsSync(target)) return [];
    const lines = readFileSync(target, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => Effect.parse(JSON.parse(line)));
  }

  put(value: Json): Promise<Content> {
    return this.#options.store.content.put(this.scope, JSON.stringify(value), 'application/json');
  }

  #parts(generation: Generation): EngineParts {
    const { ledger, content, memory } = this.#options.store;
    const port = <P extends object>(name: string, real: P): P => this.#port(name, real, generation);
    const store = port('store', ledger);
    const lease = async (request: Parameters<typeof ledger.lease>[0]) => {
      const granted: Lease | null = await store.lease(request);
      return granted === null ? null : port('lease', granted);
    };
    const board: EngineParts['board'] = {
      placeRun: async () => undefined,
      caption: async () => undefined,
      runNode: (run) => `run-${run}`,
      undo: async () => false,
    };
    return {
      store: {
        commit: (commit) => store.commit(commit),
        read: (request) => store.read(request),
        watch: (scope, listener) => ledger.watch(scope, listener),
        lease,
      },
      runs: port('runs', ledger.runs),
      content: port('content', content),
      memory: port('memory', memory),
      policy: port('policy', { evaluate: () => this.#judge() }),
      verifier: port('verifier', verifier),
      board: { ...port('board', board), runNode: (run) => board.runNode(run) },
      ...{
        clock: this.clock,
        ids: this.#idsOf(generation),
        hasher: systemHasher,
        planner: plannerOf(this.random, this.#options.others),
      },
      tools: this.#tools(generation),
      models: { list: () => [] },
      health: ALWAYS_THERE,
      purse: FREE_PURSE,
      fingerprint: async () => HASH,
      version: '0.0.0',
      scope: { ...this.scope, actor: [{ kind: 'system', id: 'host' }] },
      holder: `holder-${generation.number}`,
      soleWriter: true,
      turns: new Turns(4),
      parallelTasks: 2,
      segmentEvents: this.segmentEvents,
      folderOf: ({ folder }) => folder.path,
      permissionsOf: () => [],
      onDelta: () => undefined,
      onTrouble: () => undefined,
    };
  }

  /** The port as it is, but for what the seed strikes it with. */
  #port<P extends object>(name: string, real: P, generation: Generation): P {
    return new Proxy(real, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.#use(
            `${name}.${String(key)}`,
            generation,
            async (): Promise<unknown> => Reflect.apply(member, target, args),
          );
      },
    });
  }

  async #use<T>(name: string, generation: Generation, work: () => Promise<T>): Promise<T> {
    this.uses += 1;
    if (generation.dead || this.uses > MOST_USES) return nothing();
    const strike = this.#options.strike(name);
    if (strike === 'kill-before') this.kill();
    if (generation.dead) return nothing();
    if (strike === 'broken') throw new Error('not done');
    this.#pending += 1;
    try {
      const answer = strike === 'twice' ? await work().then(work) : await work();
      if (strike === 'kill-after') this.kill();
      if (generation.dead) return await this.#released(nothing<T>());
      if (strike === 'lost') throw new Error('done, and the answer is lost');
      if (strike !== 'late') return answer;
      return await this.#released(new Promise((resolve) => this.#late.push(() => resolve(answer))));
    } finally {
      this.#pending -= 1;
    }
  }

  /** Does not count as moving while it waits. */
  async #released<T>(waiting: Promise<T>): Promise<T> {
    this.#pending -= 1;
    try {
      return await waiting;
    } finally {
      this.#pending += 1;
    }
  }

  async #judge(): Promise<PolicyDecision> {
    const chance = this.benign ? 0 : this.random.below(100);
    if (chance >= 96) return this.#released(nothing());
    if (chance >= 93) throw new Error('no policy');
    const verdict = chance < 70 ? 'allow' : chance < 88 ? 'ask' : 'deny';
    return { verdict, rule: 'by-chance', policyHash: HASH };
  }

  #tools(generation: Generation): ReadonlyMap<string, Tool> {
    const tools = NAMES.map((name) => this.#tool(name, name, generation));
    return new Map(
      [...tools, ...['canvas_add_cards', TAKE_BACK].map((name) => this.#tool(name, 'put', generation))].map(
        (one) => [one.describe().name, one],
      ),
    );
  }

  #tool(name: string, kind: ToolName, generation: Generation): Tool {
    const description: ToolDescription = {
      ...{ name, description: 'For the model.', risk: risks[kind], idempotency: kinds[kind] },
      ...{ timeoutMs: 5000, outputLimitBytes: 10_000, inputSchema: {}, outputSchema: {} },
      // What was sent cannot be called back.
      ...((kind === 'put' || kind === 'make') && name !== TAKE_BACK && { compensation: TAKE_BACK }),
    };
    return {
      describe: () => description,
      call: (_input, context) =>
        this.#use(`tool.call`, generation, () => this.#gate({ kind, tool: name, context }, generation)),
      probe: (key) =>
        this.#use('tool.probe', generation, async () =>
          kind === 'make' ? (this.#has(key) ? 'happened' : 'not-happened') : 'unknown',
        ),
    };
  }

  #gate(called: Calling, generation: Generation): Promise<ToolResult> {
    const { tool, context } = called;
    return this.#released(
      new Promise<ToolResult>((resolve, reject) => {
        const act = () => {
          if (!generation.dead && !context.signal.aborted) this.#act(called);
        };
        const gate: Gate = {
          context,
          end: (outcome) => {
            this.gates.delete(gate);
            context.signal.removeEventListener('abort', onAbort);
            answer(outcome, { act, resolve, reject, random: this.random, now: this.clock.now() });
          },
        };
        const onAbort = () => {
          this.gates.delete(gate);
          if (!generation.dead && this.random.below(2) === 0) this.#act(called);
          resolve({ ok: false, fault: fault('TOOL_FAILED', { tool }) });
        };
        context.signal.addEventListener('abort', onAbort, { once: true });
        this.gates.add(gate);
      }),
    );
  }

  /** The effect: one line in a file that the engine knows nothing of. */
  #act({ kind, tool, context: { run, task, call, key } }: Calling): void {
    if (kind === 'read' || (kind === 'put' && this.#has(key))) return;
    const effect: Effect = { run, task, call, key, tool, seen: this.#seen.get(`run/${run}`) ?? 0 };
    appendFileSync(this.#options.target, `${JSON.stringify(effect)}\n`);
  }

  #has(key: string): boolean {
    return this.effects().some((effect) => effect.key === key);
  }

  #idsOf({ number }: Generation): Ids {
    const next = () => {
      this.#ids += 1;
      return `${number}-${String(this.#ids).padStart(6, '0')}`;
    };
    return { next, traceparent: () => this.scope.traceparent };
  }
}

function nothing<T>(): Promise<T> {
  return new Promise(() => undefined);
}
