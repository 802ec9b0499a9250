import { fault } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
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
