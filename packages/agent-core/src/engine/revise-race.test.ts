import { fault } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
import type { RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aTool, done, EngineBench, lineIn, plannerOf } from '../testing/engine-bench.ts';
import { type Engine, readRun } from './index.ts';

let bench: EngineBench;

beforeEach(async () => {
  bench = await EngineBench.open();
});
afterEach(() => bench.close());

const claims = [{ id: 'line', kind: 'quoted', each: '[1]', text: 't', path: 'p', line: 'l', quote: 'q' }];
const task = { tool: 'read_line', claims, checks: ['quoted'] };
const PLAN = PackagedPlan.parse({
  ...{ schema: 'packaged-plan.v1', name: 'one-line', version: '1.0.0', title: 'One line' },
  ...{ description: 'Reads a line.', examples: ['one line'], rights: ['read'] },
  tasks: [
    { ...task, id: 'first', title: 'First', arguments: { line: 1 }, otherwise: ['other'] },
    { ...task, id: 'other', title: 'Other', arguments: { line: 2 } },
  ],
});

it('a task that a person wants done again, in the moment in which another was to come in its place, is done again', async () => {
  let fails = true;
  const reads = aTool({ name: 'read_line' }, async (input) => {
    const line = lineIn(input);
    if (line === 1 && fails) return { ok: false, fault: fault('TOOL_FAILED', { tool: 'read_line' }) };
    return done({ line, quote: ['alpha', 'beta'][line - 1] ?? '' });
  });
  let engine: Engine | null = null;
  const board = {
    placeRun: async ({ tasks }: { readonly tasks: readonly { readonly id: string }[] }) => {
      if (tasks.length === 1) return;
      fails = false;
      const again = { type: 'retry-task', task: 'first' } as const;
      const answer = await engine?.command('r1', again, { id: 'again', scope: bench.scope });
      expect(answer).toMatchObject({ ok: true });
    },
    caption: async () => undefined,
    runNode: (run: string) => `run-${run}`,
    undo: async () => false,
  };
  engine = bench.engine({ planner: plannerOf(PLAN), board }, [reads]);
  await bench.submit(engine);
  const state = await bench.until(['verified', 'failed', 'stuck', 'unverified']);
  expect(state.tasks.map(({ id, attempt, status }) => [id, attempt, status.name])).toEqual([
    ['first', 2, 'verified'],
  ]);
  const types = (await readRun(bench.store.ledger, bench.scope, { run: 'r1' })).map(({ type }) => type);
  expect(types).not.toContain('plan.revised');
});

it('what a person says in the moment in which the plan is revised stays in the plan, which is revised all the same', async () => {
  const reply = { id: 'reply', title: 'Reply', tool: 'read_line', arguments: { line: 2 }, optional: true };
  const more = PackagedPlan.parse({ ...PLAN, tasks: [...PLAN.tasks, reply] });
  const reads = aTool({ name: 'read_line' }, async (input) => {
    const line = lineIn(input);
    if (line === 1) return { ok: false, fault: fault('TOOL_FAILED', { tool: 'read_line' }) };
    return done({ line, quote: ['alpha', 'beta'][line - 1] ?? '' });
  });
  const { content } = bench.store;
  const source = await content.put(bench.scope, JSON.stringify(more), 'application/yaml');
  const text = await content.put(bench.scope, 'Hello', 'text/plain');
  const known = plannerOf(PLAN);
  const planner = {
    ...known,
    read: async (given: string) =>
      given.includes('"reply"')
        ? { ok: true as const, plan: more, source: given, hash: source.hash }
        : known.read(given),
  };
  let engine: Engine | null = null;
  let said = false;
  const board = {
    placeRun: async ({ tasks, plan }: Pick<RunState, 'tasks' | 'plan'>) => {
      if (tasks.length === 1 || said || plan === null) return;
      said = true;
      const added = [{ id: 'reply', title: 'Reply', tool: 'read_line', after: [], checks: [] }];
      const revision = {
        ...{ task: null, attempt: null, note: { code: 'person-says', data: {} }, source },
        ...{ plan: { ...plan.ref, hash: source.hash }, dropped: [], added, changed: [], weakened: [] },
        withdrawn: { claims: 0, checked: 0 },
      };
      const message = { message: 'm', text, task: 'reply' };
      const saying = { type: 'say' as const, planHash: plan.source.hash, message, revision };
      expect(await engine?.command('r1', saying, { id: 'say', scope: bench.scope })).toMatchObject({
        ok: true,
      });
    },
    caption: async () => undefined,
    runNode: (run: string) => `run-${run}`,
    undo: async () => false,
  };
  engine = bench.engine({ planner, board }, [reads]);
  await bench.submit(engine);
  const state = await bench.until(['verified', 'failed', 'stuck', 'unverified']);
  expect(state.plan?.source.hash).toBe(source.hash);
  expect(state.tasks.map(({ id, status }) => [id, status.name])).toEqual([
    ['first', 'dropped'],
    ['other', 'verified'],
    ['reply', 'empty'],
  ]);
});
