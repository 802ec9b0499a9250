import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Claim, type Fault, fault, type Json, type Note } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
import { fold, phaseOf, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRulePolicy } from '../adapter/rules/index.ts';
import { createIds, systemClock, systemHasher } from '../adapter/system/index.ts';
import type { EventStore, Tool, ToolContext, ToolDescription, ToolResult } from '../port/index.ts';
import { aScope, type LocalStore, openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { Engine, type EngineParts, readRun } from './index.ts';

const scope = aScope();
const ids = createIds(systemClock);

/** A tool of the test's own, with real effects only through the function it is given. */
function aTool(
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

function done(output: Json, code = 'done-for-test'): ToolResult {
  const note: Note = { code, data: {} };
  return { ok: true, output, note };
}

interface Bench {
  readonly store: LocalStore;
  readonly calls: string[];
  readonly troubles: (Fault | null)[];
  engine(change?: Partial<EngineParts>, extra?: readonly Tool[]): Engine;
}

const claims = [{ id: 'line', kind: 'quoted', each: '[1]', text: 't', path: 'p', line: 'l', quote: 'q' }];
const PLAN = PackagedPlan.parse({
  schema: 'packaged-plan.v1',
  name: 'two-lines',
  version: '1.0.0',
  title: 'Quote two lines',
  description: 'Reads one file twice.',
  examples: ['two lines'],
  rights: ['read', 'board'],
  tasks: [
    { id: 'first', title: 'First', tool: 'read_line', arguments: { line: 1 }, claims, checks: ['quoted'] },
    {
      id: 'second',
      title: 'Second',
      tool: 'read_line',
      arguments: { line: 2 },
      after: ['first'],
      claims,
      checks: ['quoted'],
      artifact: { title: 'Lines', icon: 'file' },
    },
  ],
});

let home: ReturnType<typeof temporaryFolder>;
let bench: Bench;
let engines: Engine[] = [];

beforeEach(async () => {
  home = temporaryFolder();
  const folder = join(home.path, 'folder.txt');
  writeFileSync(folder, 'alpha\nbeta\n');
  const store = await openLocalStore(join(home.path, 'data'));
  const calls: string[] = [];
  const troubles: (Fault | null)[] = [];
  const lineOf = (line: number) => readFileSync(folder, 'utf8').split('\n')[line - 1] ?? '';
  const readLine = aTool({ name: 'read_line' }, async (input) => {
    const { line } = PlanArguments(input);
    calls.push(`read ${line}`);
    return done({ line, quote: lineOf(line) });
  });
  const addCards = aTool({ name: 'canvas_add_cards', risk: 'board' }, async (_input, context) => {
    calls.push(`card ${context.key}`);
    return done({ applied: true });
  });
  const base = (extra: readonly Tool[]): EngineParts => ({
    store: store.ledger,
    runs: store.ledger.runs,
    content: store.content,
    policy: createRulePolicy(systemHasher),
    tools: new Map([readLine, addCards, ...extra].map((tool) => [tool.describe().name, tool])),
    clock: systemClock,
    ids,
    hasher: systemHasher,
    planner: {
      choose: async ({ requested }) =>
        requested === 'none'
          ? { ok: false, fault: fault('PLAN_NOT_MATCHED') }
          : readPlan(JSON.stringify(PLAN)),
      read: async (source) => readPlan(source),
      arguments: async (task) => ({ ok: true, value: task.arguments }),
      claims: async (_task, { result }) => ({ ok: true, value: [claimOf(result)] }),
      artifact: async ({ artifact }) => ({
        ok: true,
        value: artifact === undefined ? null : { ...artifact, lines: [], graph: null },
      }),
    },
    verifier: {
      verify: async (claims) =>
        claims.map((claim) => {
          const same = lineOf(claim.citation.line) === claim.citation.quote;
          const fileHash = createHash('sha256').update(readFileSync(folder)).digest('hex');
          return {
            claim,
            verdict: same
              ? { checked: true, fileHash }
              : { checked: false, why: 'line-differs', found: null },
          };
        }),
    },
    board: {
      placeRun: async () => undefined,
      caption: async () => undefined,
      runNode: (run) => `run-${run}`,
    },
    scope: aScope({ actor: [{ kind: 'system', id: 'host' }] }),
    holder: ids.next(),
    soleWriter: false,
    parallelTasks: 2,
    folderOf: (state) => state.folder.path,
    onDelta: () => undefined,
    onTrouble: (trouble) => void troubles.push(trouble),
  });
  const engine = (change?: Partial<EngineParts>, extra: readonly Tool[] = []) => {
    const made = new Engine({ ...base(extra), ...change });
    engines.push(made);
    return made;
  };
  bench = { store, calls, troubles, engine };
});

afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close('hand-over')));
  engines = [];
  bench.store.close();
  home.remove();
});

function PlanArguments(input: Json): { line: number } {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw new Error('no arguments');
  return { line: Number(input['line']) };
}

function claimOf(result: Json): Claim {
  const { line } = PlanArguments(result);
  const quote =
    result !== null && typeof result === 'object' && !Array.isArray(result) ? String(result['quote']) : '';
  return {
    id: `line-${line}`,
    kind: 'quoted',
    text: `Line ${line}`,
    citation: { path: 'folder.txt', line, quote },
  };
}

function readPlan(source: string) {
  return {
    ok: true as const,
    plan: PackagedPlan.parse(JSON.parse(source)),
    source,
    hash: systemHasher.sha256(source),
  };
}

async function submit(
  engine: Engine,
  run = 'r1',
  change: { approve?: 'ask' | 'never' | 'all'; plan?: string } = {},
): Promise<void> {
  const goal = await bench.store.content.put(scope, 'two lines', 'text/plain');
  const data = {
    run,
    goal,
    folder: { id: 'f', path: home.path },
    canvas: 'c',
    plan: change.plan ?? null,
    slots: {},
  };
  const answer = await engine.submit({ ...data, approve: change.approve ?? 'ask' }, { id: run, scope });
  expect(answer.ok).toBe(true);
}

async function stateOf(run = 'r1'): Promise<RunState> {
  const state = fold(await readRun(bench.store.ledger, scope, { run }));
  if (state === null) throw new Error('no such run');
  return state;
}

/** Waits until the run's phase is one of these; fails after five seconds. */
async function until(phases: readonly string[], run = 'r1'): Promise<RunState> {
  for (let tries = 0; tries < 500; tries += 1) {
    const state = await stateOf(run);
    if (phases.includes(phaseOf(state))) return state;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the run is still ${phaseOf(await stateOf(run))}`);
}

describe('a run', () => {
  it('takes each task through eight states and ends verified with its evidence', async () => {
    const engine = bench.engine();
    await submit(engine);
    const state = await until(['verified', 'unverified', 'failed']);
    expect(phaseOf(state)).toBe('verified');
    for (const task of state.tasks) {
      expect(
        Object.values(task.steps).every((step) => step.status === 'done' || step.status === 'skipped'),
      ).toBe(true);
      expect(task.steps.recall.status).toBe('skipped');
      expect(task.evidence.map(({ verdict }) => verdict.checked)).toEqual([true]);
    }
    expect(state.artifacts.map(({ title }) => title)).toEqual(['Lines']);
    expect(bench.calls).toEqual(['read 1', 'read 2', 'card r1.second.1.commit']);
    expect(engine.hasActiveRuns()).toBe(false);
  });

  it('records each decision before the call and each result with its step', async () => {
    const engine = bench.engine();
    await submit(engine);
    await until(['verified']);
    const types = (await readRun(bench.store.ledger, scope, { run: 'r1' })).map((event) => event.type);
    const decided = types.indexOf('tool-call.decided');
    expect(types.slice(decided, decided + 3)).toEqual([
      'tool-call.decided',
      'tool-call.completed',
      'step.completed',
    ]);
  });

  it('ends unverified when a claim does not hold, and publishes nothing for that task', async () => {
    const lying = {
      verify: async (claims: readonly Claim[]) =>
        claims.map((claim) => ({
          claim,
          verdict: { checked: false as const, why: 'line-differs' as const, found: 'x' },
        })),
    };
    await submit(bench.engine({ verifier: lying }));
    const state = await until(['verified', 'unverified', 'failed']);
    expect(phaseOf(state)).toBe('unverified');
    expect(state.artifacts).toEqual([]);
    expect(state.tasks.map((task) => task.steps.commit.status)).toEqual(['later', 'later']);
  });

  it('ends failed, with the reason, when no plan fits the goal', async () => {
    await submit(bench.engine(), 'r1', { plan: 'none' });
    const state = await until(['failed']);
    expect(state.status).toMatchObject({ name: 'ended', fault: { code: 'PLAN_NOT_MATCHED' } });
  });

  it('fails a task whose tool throws or answers too much, and skips what needed it', async () => {
    const throwing = aTool({ name: 'read_line' }, async () => Promise.reject(new RangeError('secret text')));
    await submit(bench.engine({}, [throwing]));
    const state = await until(['failed']);
    expect(state.tasks.map((task) => task.status.name)).toEqual(['failed', 'skipped']);
    expect(JSON.stringify(state)).not.toContain('secret text');
    const huge = aTool({ name: 'read_line', outputLimitBytes: 10 }, async () =>
      done({ line: 1, quote: 'x'.repeat(100) }),
    );
    await submit(bench.engine({}, [huge]), 'r2');
    expect((await until(['failed'], 'r2')).tasks[0]?.status).toMatchObject({
      fault: { code: 'TOOL_OUTPUT_TOO_LARGE' },
    });
  });

  it('tries a call again that took too long, and gives up after the third attempt', async () => {
    const slow = aTool({ name: 'read_line', timeoutMs: 20 }, () => new Promise(() => undefined));
    await submit(bench.engine({}, [slow]));
    const state = await until(['failed']);
    expect(state.tasks[0]).toMatchObject({
      attempt: 3,
      status: { name: 'failed', fault: { code: 'TOOL_TIMEOUT' } },
    });
  });
});

describe('commands on a run', () => {
  const held = () =>
    aTool(
      { name: 'read_line' },
      (_input, context) =>
        new Promise((resolve) => {
          context.signal.addEventListener('abort', () => resolve({ ok: false, fault: fault('TOOL_FAILED') }));
        }),
    );

  async function working(run = 'r1'): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      const [first] = (await stateOf(run)).tasks;
      if (first?.calls.length === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the run does not work');
  }

  it('pause within 100 ms, abort the call, and resume it under the same key', async () => {
    const engine = bench.engine({}, [held()]);
    await submit(engine);
    await working();
    const started = performance.now();
    const paused = await engine.command(
      'r1',
      { type: 'pause', reason: 'person', fault: null },
      { id: 'p', scope },
    );
    expect(paused.ok).toBe(true);
    expect(performance.now() - started).toBeLessThan(100);
    expect(phaseOf(await stateOf())).toBe('paused');
    await engine.close('closing');
    const again = bench.engine();
    await again.command('r1', { type: 'resume', approve: null, handedOver: false }, { id: 'q', scope });
    const state = await until(['verified']);
    expect(state.tasks[0]?.attempt).toBe(1);
    expect(bench.calls[0]).toBe('read 1');
  });

  it('stop for good: what was open is stopped, and nothing starts any more', async () => {
    const engine = bench.engine({}, [held()]);
    await submit(engine);
    await working();
    await engine.command('r1', { type: 'stop' }, { id: 's', scope });
    const state = await until(['stopped']);
    expect(state.tasks.map((task) => task.status.name)).toEqual(['stopped', 'stopped']);
    const refused = await engine.command(
      'r1',
      { type: 'pause', reason: 'person', fault: null },
      { id: 't', scope },
    );
    expect(refused).toMatchObject({ ok: false, fault: { code: 'RUN_ENDED' } });
  });

  it('are answered the same when sent again with the same id', async () => {
    const engine = bench.engine();
    await submit(engine);
    const state = await until(['verified']);
    const goal = state.goal;
    const data = {
      run: 'r1',
      goal,
      folder: state.folder,
      canvas: 'c',
      plan: null,
      slots: {},
      approve: 'ask',
    } as const;
    expect(await engine.submit(data, { id: 'r1', scope })).toMatchObject({ ok: true, sequence: 1 });
    expect(await engine.submit(data, { id: 'other', scope })).toMatchObject({
      ok: false,
      fault: { code: 'ID_REUSED' },
    });
  });

  it('wait for a person where the policy asks, and go on with exactly what was shown', async () => {
    const writing = aTool({ name: 'read_line', risk: 'write' }, async (input) =>
      done({
        line: PlanArguments(input).line,
        quote: ['alpha', 'beta'][PlanArguments(input).line - 1] ?? '',
      }),
    );
    const engine = bench.engine({}, [writing]);
    await submit(engine);
    const waiting = await until(['waiting']);
    const [asked] = Object.values(waiting.approvals);
    if (asked === undefined) throw new Error('nothing was asked');
    const answer = {
      type: 'answer',
      approval: asked.id,
      argumentsHash: asked.arguments.hash,
      answer: 'approved',
      by: 'person',
    } as const;
    expect((await engine.command('r1', answer, { id: 'a', scope })).ok).toBe(true);
    const second = await until(['waiting', 'verified']);
    expect(second.tasks[0]?.status.name).toBe('verified');
    const [, next] = Object.values(second.approvals);
    if (next === undefined) throw new Error('the second call was not asked');
    await engine.command(
      'r1',
      { ...answer, approval: next.id, argumentsHash: next.arguments.hash, answer: 'rejected' },
      { id: 'b', scope },
    );
    expect((await until(['failed'])).tasks[1]?.status).toMatchObject({
      name: 'failed',
      fault: { code: 'POLICY_DENIED' },
    });
  });
});

describe('leases', () => {
  it('let only one of two engines write a run', async () => {
    const stuck = aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const holder = bench.engine({}, [stuck]);
    await submit(holder, 'r2');
    const other = bench.engine();
    expect(await other.command('r2', { type: 'stop' }, { id: 'x', scope })).toMatchObject({
      ok: false,
      fault: { code: 'LEASE_LOST' },
    });
    await holder.close('hand-over');
    expect((await other.command('r2', { type: 'stop' }, { id: 'y', scope })).ok).toBe(true);
  });
});

describe('a start after an exit', () => {
  it('asks once for a run the last process left, clean or not, and not for one a person paused', async () => {
    const stuck = () => aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const first = bench.engine({}, [stuck()]);
    await submit(first, 'closed');
    await submit(first, 'paused');
    await first.command('paused', { type: 'pause', reason: 'person', fault: null }, { id: 'p', scope });
    await first.close('closing');
    const second = bench.engine();
    await second.adopt([]);
    expect((await stateOf('closed')).status).toMatchObject({ name: 'interrupted', exit: 'clean' });
    expect(phaseOf(await stateOf('paused'))).toBe('paused');
    await second.close('closing');
    const third = bench.engine();
    await third.adopt([]);
    const events = await readRun(bench.store.ledger, scope, { run: 'closed' });
    expect(events.filter((event) => event.type === 'run.interrupted')).toHaveLength(1);
  });

  it('goes on without asking with what a leaving host handed over', async () => {
    const stuck = aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const first = bench.engine({}, [stuck]);
    await submit(first);
    await until(['running']);
    const handed = await first.close('hand-over');
    expect(handed).toEqual(['r1']);
    const second = bench.engine();
    await second.adopt(handed);
    expect(phaseOf(await until(['verified']))).toBe('verified');
  });
});

describe('a full disk', () => {
  it('is reported, loses nothing, and the run goes on when there is room again', async () => {
    let full = false;
    const real = bench.store.ledger;
    const limited: EventStore = {
      commit: async (commit) => {
        if (!full) return real.commit(commit);
        full = false;
        return { ok: false, fault: fault('DISK_FULL', {}, { when: 'now' }) };
      },
      read: (request) => real.read(request),
      watch: (of, listener) => real.watch(of, listener),
      lease: (request) => real.lease(request),
    };
    const hurried = {
      ...systemClock,
      sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(Math.min(ms, 20), signal),
    };
    const engine = bench.engine({ store: limited, clock: hurried });
    const late = submit(engine);
    await late;
    full = true;
    const state = await until(['verified']);
    expect(phaseOf(state)).toBe('verified');
    expect(bench.troubles.map((trouble) => trouble?.code ?? null)).toEqual(['DISK_FULL', null]);
  });
});
