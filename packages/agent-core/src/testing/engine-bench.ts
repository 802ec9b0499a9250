import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Claim, type Fault, fault, type Json } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
import { fold, phaseOf, type RunState } from '@soma/schemas/run';
import { z } from 'zod';
import { createRulePolicy } from '../adapter/rules/index.ts';
import { createIds, systemClock, systemHasher } from '../adapter/system/index.ts';
import { folderReader } from '../adapter/tool-folder/index.ts';
import { Engine, type EngineParts, readRun, SEGMENT_EVENTS, Turns } from '../engine/index.ts';
import type { Tool, ToolContext, ToolDescription, ToolResult } from '../port/index.ts';
import { ALWAYS_THERE, FREE_PURSE } from './free-purse.ts';
import { aScope, type LocalStore, openLocalStore, temporaryFolder } from './local-store.ts';

const ids = createIds(systemClock);

/** A tool of a test's own, with real effects only through the function it is given. */
export function aTool(
  change: Partial<ToolDescription> & { name: string },
  call: (input: Json, context: ToolContext) => Promise<ToolResult>,
): Tool {
  const limits = { timeoutMs: 5000, outputLimitBytes: 100_000, inputSchema: {}, outputSchema: {} };
  const description: ToolDescription = {
    description: 'For the test.',
    risk: 'read',
    idempotency: 'idempotent',
    ...limits,
    ...change,
  };
  return { describe: () => description, call, probe: async () => 'unknown' };
}

export function done(output: Json): ToolResult {
  return { ok: true, output, note: { code: 'done-for-test', data: {} } };
}

/** The line a call or a result speaks of. */
export function lineIn(value: Json): number {
  return z.object({ line: z.number() }).parse(value).line;
}

const claims = [{ id: 'line', kind: 'quoted', each: '[1]', text: 't', path: 'p', line: 'l', quote: 'q' }];
const task = { tool: 'read_line', claims, checks: ['quoted'] };

/** Two tasks, one after the other, each quoting a line of the bench's one file; the second publishes a card. */
const PLAN = PackagedPlan.parse({
  schema: 'packaged-plan.v1',
  name: 'two-lines',
  version: '1.0.0',
  title: 'Quote two lines',
  description: 'Reads one file twice.',
  examples: ['two lines'],
  rights: ['read', 'board'],
  tasks: [
    { ...task, id: 'first', title: 'First', arguments: { line: 1 } },
    {
      ...task,
      id: 'second',
      title: 'Second',
      arguments: { line: 2 },
      after: ['first'],
      artifact: { title: 'Lines', icon: 'file' },
    },
  ],
});

/** Engines on the real ledger and content store, over one file of two lines. */
export class EngineBench {
  readonly scope = aScope();
  readonly calls: string[] = [];
  readonly troubles: (Fault | null)[] = [];
  readonly store: LocalStore;
  /** The folder the runs are about. */
  readonly folder: string;
  readonly #home: ReturnType<typeof temporaryFolder>;
  readonly verifier: EngineParts['verifier'] = {
    verify: async (claims) => claims.map((claim) => this.#check(claim)),
  };
  readonly #engines: Engine[] = [];

  private constructor(home: ReturnType<typeof temporaryFolder>, store: LocalStore) {
    this.#home = home;
    this.folder = join(home.path, 'work');
    this.store = store;
  }

  static async open(): Promise<EngineBench> {
    const home = temporaryFolder();
    mkdirSync(join(home.path, 'work'));
    writeFileSync(join(home.path, 'work', 'folder.txt'), 'alpha\nbeta\n');
    return new EngineBench(home, await openLocalStore(join(home.path, 'data')));
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close('hand-over')));
    this.store.close();
    this.#home.remove();
  }

  /** `extra` tools stand in the place of the bench's own of the same name. */
  engine(change?: Partial<EngineParts>, extra: readonly Tool[] = []): Engine {
    const made = new Engine({ ...this.#parts(extra), ...change });
    this.#engines.push(made);
    return made;
  }

  /** Submits the goal and throws when it was refused. */
  async submit(
    engine: Engine,
    run = 'r1',
    change: { approve?: 'ask' | 'never' | 'all'; plan?: string; fresh?: boolean } = {},
  ): Promise<void> {
    const goal = await this.store.content.put(this.scope, 'two lines', 'text/plain');
    const where = { run, goal, folder: { id: 'f', path: this.folder }, canvas: 'c' };
    const how = {
      plan: change.plan ?? null,
      slots: {},
      approve: change.approve ?? 'ask',
      fresh: change.fresh ?? false,
    };
    const answer = await engine.submit({ ...where, ...how }, { id: run, scope: this.scope });
    if (!answer.ok) throw new Error(answer.fault.code);
  }

  async stateOf(run = 'r1'): Promise<RunState> {
    const state = fold(await readRun(this.store.ledger, this.scope, { run }));
    if (state === null) throw new Error('no such run');
    return state;
  }

  /** Waits until the run's phase is one of these; throws after five seconds. */
  async until(phases: readonly string[], run = 'r1'): Promise<RunState> {
    for (let tries = 0; tries < 500; tries += 1) {
      const state = await this.stateOf(run);
      if (phases.includes(phaseOf(state))) return state;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`the run is still ${phaseOf(await this.stateOf(run))}`);
  }

  #file(): string {
    return join(this.folder, 'folder.txt');
  }

  #lineOf(line: number): string {
    return readFileSync(this.#file(), 'utf8').split('\n')[line - 1] ?? '';
  }

  #tools(extra: readonly Tool[]): ReadonlyMap<string, Tool> {
    const readLine = aTool({ name: 'read_line' }, async (input) => {
      const line = lineIn(input);
      this.calls.push(`read ${line}`);
      return done({ line, quote: this.#lineOf(line) });
    });
    const addCards = aTool({ name: 'canvas_add_cards', risk: 'board' }, async (_input, context) => {
      this.calls.push(`card ${context.key}`);
      return done({ applied: true });
    });
    return new Map([readLine, addCards, ...extra].map((tool) => [tool.describe().name, tool]));
  }

  #parts(extra: readonly Tool[]): EngineParts {
    return {
      ...{ store: this.store.ledger, runs: this.store.ledger.runs, content: this.store.content },
      ...{ clock: systemClock, ids, hasher: systemHasher, policy: createRulePolicy(systemHasher) },
      tools: this.#tools(extra),
      planner,
      verifier: this.verifier,
      board: {
        placeRun: async () => undefined,
        caption: async () => undefined,
        runNode: (run) => `run-${run}`,
        undo: async () => false,
      },
      models: { list: () => [] },
      health: ALWAYS_THERE,
      purse: FREE_PURSE,
      ...{ memory: this.store.memory, fingerprint: folderReader.fingerprint, version: '0.0.0' },
      scope: aScope({ actor: [{ kind: 'system', id: 'host' }] }),
      holder: ids.next(),
      soleWriter: false,
      parallelTasks: 2,
      segmentEvents: SEGMENT_EVENTS,
      turns: new Turns(8),
      folderOf: (state) => state.folder.path,
      permissionsOf: () => [],
      onDelta: () => undefined,
      onTrouble: (trouble) => void this.troubles.push(trouble),
    };
  }

  #check(claim: Claim): Awaited<ReturnType<EngineParts['verifier']['verify']>>[number] {
    if (this.#lineOf(claim.citation.line) !== claim.citation.quote) {
      return { claim, verdict: { checked: false, why: 'line-differs', found: null } };
    }
    const fileHash = createHash('sha256').update(readFileSync(this.#file())).digest('hex');
    return { claim, verdict: { checked: true, fileHash } };
  }
}

/** Follows this plan whatever is asked for; each task claims the line that it read. */
export function plannerOf(plan: PackagedPlan): EngineParts['planner'] {
  return { ...planner, choose: async () => readPlan(JSON.stringify(plan)) };
}

const planner: EngineParts['planner'] = {
  choose: async ({ requested }) =>
    requested === 'none' ? { ok: false, fault: fault('PLAN_NOT_MATCHED') } : readPlan(JSON.stringify(PLAN)),
  read: async (source) => readPlan(source),
  needed: async () => ({ ok: true, value: true }),
  enough: async () => ({ ok: true, value: true }),
  arguments: async (template) => ({ ok: true, value: template.arguments }),
  next: async () => ({ ok: true, value: [] }),
  extend: async (plan, tasks) => readPlan(JSON.stringify({ ...plan, tasks: [...plan.tasks, ...tasks] })),
  claims: async (_template, { result }) => ({ ok: true, value: [claimOf(result)] }),
  artifact: async ({ artifact }) => ({
    ok: true,
    value: artifact === undefined ? null : bare(artifact),
  }),
};

function readPlan(source: string) {
  const plan = PackagedPlan.parse(JSON.parse(source));
  return { ok: true as const, plan, source, hash: systemHasher.sha256(source) };
}

function claimOf(result: Json): Claim {
  const { line, quote } = z.object({ line: z.number(), quote: z.string() }).parse(result);
  const citation = { path: 'folder.txt', line, quote };
  return { id: `line-${line}`, kind: 'quoted', text: `Line ${line}`, citation };
}

function bare({ title, icon }: { title: string; icon: string }) {
  return { title, icon, lines: [], graph: null, chart: null, offers: [] };
}
