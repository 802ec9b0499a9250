import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inRun, type Json, type RecordedEvent, type RecordedRunEvent } from '@soma/schemas/event';
import { z } from 'zod';
import { AgentFolder } from '../adapter/agent-files/index.ts';
import { PlanFolder } from '../adapter/plan-files/index.ts';
import { createRulePolicy } from '../adapter/rules/index.ts';
import { createIds, systemClock, systemHasher } from '../adapter/system/index.ts';
import { folderReader } from '../adapter/tool-folder/index.ts';
import { Engine, type EngineParts, SEGMENT_EVENTS, Turns } from '../engine/index.ts';
import { createAgents } from '../host/agents.ts';
import { createPlanner } from '../host/planner.ts';
import { createShelf } from '../host/shelf.ts';
import type { Tool } from '../port/index.ts';
import { verifyClaims } from '../verify/index.ts';
import { aTool, done } from './engine-bench.ts';
import { ALWAYS_THERE, FREE_PURSE } from './free-purse.ts';
import { aScope, type LocalStore, openLocalStore } from './local-store.ts';

export { aScope, openLocalStore } from './local-store.ts';

export interface MeasuredOptions {
  /** The data folder. */
  readonly data: string;
  /** The folder the runs are about. */
  readonly folder: string;
  /** Plan files, each whole; their tasks use the tools of `measuredTools`. */
  readonly plans: readonly string[];
  /** Calls under way at once, over all runs. */
  readonly parallelCalls: number;
  readonly tools: readonly Tool[];
}

/** Facts of one commit, and when they had been committed, in milliseconds of this process. */
export type OnCommit = (events: readonly RecordedRunEvent[], at: number) => void;

/**
 * The product's engine to be measured: its own ledger, content, memory, policy, planner and verifier in a data folder. No board: runs are
 * placed on no canvas, and nothing but the given tools is there to be called.
 */
export class MeasuredEngine {
  readonly engine: Engine;
  readonly store: LocalStore;
  readonly #folder: string;
  readonly #scope = aScope();
  readonly #ends = new Map<string, (end: string) => void>();
  readonly #listeners = new Set<OnCommit>();

  private constructor(store: LocalStore, options: MeasuredOptions) {
    this.store = store;
    this.#folder = options.folder;
    this.engine = new Engine(partsOf(store, options));
    store.ledger.watch(this.#scope, (events) => this.#note(events));
  }

  static async open(options: MeasuredOptions): Promise<MeasuredEngine> {
    return new MeasuredEngine(await openLocalStore(options.data), options);
  }

  /** Answers the function that ends the listening. */
  onCommit(listener: OnCommit): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Follows the plan to the run's end; throws when the run ends otherwise than with all its tasks done. `fresh`: without what is remembered. */
  async run(run: string, plan: string, fresh: boolean): Promise<void> {
    const ended = this.ended(run);
    const goal = await this.store.content.put(this.#scope, `follow ${plan}`, 'text/plain');
    const where = { run, goal, folder: { id: 'measured', path: this.#folder }, canvas: 'none' };
    const answer = await this.engine.submit(
      { ...where, plan, slots: {}, approve: 'never', fresh },
      { id: run, scope: this.#scope },
    );
    if (!answer.ok) throw new Error(answer.fault.code);
    await ended;
  }

  /** Resolves when the run ends with all its tasks done, and rejects when it ends otherwise. */
  async ended(run: string): Promise<void> {
    const code = await new Promise<string>((resolve) => this.#ends.set(run, resolve));
    if (code !== 'nothing-claimed') throw new Error(`the run ended as ${code}`);
  }

  async close(): Promise<void> {
    await this.engine.close('hand-over');
    await this.store.memory.close();
    this.store.close();
  }

  #note(events: readonly RecordedEvent[]): void {
    const at = performance.now();
    const ofRuns = events.map(inRun).filter((event) => event !== null);
    for (const listener of this.#listeners) listener(ofRuns, at);
    for (const event of ofRuns) {
      if (event.type !== 'run.ended') continue;
      const run = event.stream.slice('run/'.length);
      this.#ends.get(run)?.(event.data.note.code);
      this.#ends.delete(run);
    }
  }
}

const Input = z.object({ bytes: z.number().int().min(0) });

/**
 * Tools that do nothing but answer with a text of as many characters as they are asked for. `read_nothing` is a reading tool, whose results are
 * remembered; `act_nothing` is one with an effect. `delayOf` says how long, in milliseconds, a call takes, by its key.
 */
export function measuredTools(delayOf: (key: string) => number = () => 0): readonly Tool[] {
  const risks = { read_nothing: 'read', act_nothing: 'board' } as const;
  return Object.entries(risks).map(([name, risk]) =>
    aTool({ name, risk, timeoutMs: 60_000, outputLimitBytes: 200_000 }, async (input, { key, signal }) => {
      const ms = delayOf(key);
      if (ms > 0) await pause(ms, undefined, { signal });
      return done({ text: textOf(input, key) });
    }),
  );
}

/** Nowhere the same, so that nothing is stored once for two. */
function textOf(input: Json, key: string): string {
  return `${key} `.padEnd(Input.parse(input).bytes, 'lorem ipsum dolor sit amet ');
}

function partsOf(store: LocalStore, options: MeasuredOptions): EngineParts {
  const ids = createIds(systemClock);
  const { data, plans, parallelCalls } = options;
  const tools = new Map(options.tools.map((tool) => [tool.describe().name, tool]));
  const described = new Map([...tools].map(([name, tool]) => [name, tool.describe()]));
  const agents = createAgents({
    ...{ tools: described, hasher: systemHasher, sources: [] },
    files: new AgentFolder({ folder: join(data, 'agents') }),
  });
  const shelf = createShelf({
    ...{ tools: described, agents, hasher: systemHasher, sources: plans },
    files: new PlanFolder({ folder: join(data, 'plans'), clock: systemClock }),
  });
  return {
    ...{ store: store.ledger, runs: store.ledger.runs, content: store.content, memory: store.memory },
    ...{ clock: systemClock, ids, hasher: systemHasher, policy: createRulePolicy(systemHasher), tools },
    planner: createPlanner({ shelf, agents, hasher: systemHasher, meaning: null, models: () => [] }),
    models: { list: () => [] },
    health: ALWAYS_THERE,
    purse: FREE_PURSE,
    verifier: {
      verify: (claims, { run, ...where }) =>
        verifyClaims(claims, { ...where, executions: { store: join(data, 'commands'), run } }),
    },
    board: {
      placeRun: async () => undefined,
      caption: async () => undefined,
      runNode: (run) => `run-${run}`,
      undo: async () => false,
    },
    ...{ fingerprint: folderReader.fingerprint, version: '0.0.0', soleWriter: true, parallelTasks: 4 },
    segmentEvents: SEGMENT_EVENTS,
    scope: aScope({ actor: [{ kind: 'system', id: 'host' }] }),
    holder: ids.next(),
    turns: new Turns(parallelCalls),
    folderOf: (state) => state.folder.path,
    permissionsOf: () => [],
    onDelta: () => undefined,
    onTrouble: (trouble) => {
      if (trouble !== null) throw new Error(trouble.code);
    },
  };
}
