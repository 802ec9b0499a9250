import type { Claim } from '@soma/schemas/event';
import { phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTool, done, EngineBench } from '../testing/engine-bench.ts';
import { readRun } from './index.ts';

let bench: EngineBench;

beforeEach(async () => {
  bench = await EngineBench.open();
});

afterEach(() => bench.close());

describe('a run', () => {
  it('takes each task through eight states and ends verified with its evidence', async () => {
    const engine = bench.engine();
    await bench.submit(engine);
    const state = await bench.until(['verified', 'unverified', 'failed']);
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
    await bench.submit(engine);
    await bench.until(['verified']);
    const types = (await readRun(bench.store.ledger, bench.scope, { run: 'r1' })).map((event) => event.type);
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
    await bench.submit(bench.engine({ verifier: lying }));
    const state = await bench.until(['verified', 'unverified', 'failed']);
    expect(phaseOf(state)).toBe('unverified');
    expect(state.artifacts).toEqual([]);
    expect(state.tasks.map((task) => task.steps.commit.status)).toEqual(['later', 'later']);
  });

  it('ends failed, with the reason, when no plan fits the goal', async () => {
    await bench.submit(bench.engine(), 'r1', { plan: 'none' });
    const state = await bench.until(['failed']);
    expect(state.status).toMatchObject({ name: 'ended', fault: { code: 'PLAN_NOT_MATCHED' } });
  });

  it('fails a task whose tool throws or answers too much, and skips what needed it', async () => {
    const throwing = aTool({ name: 'read_line' }, async () => Promise.reject(new RangeError('secret text')));
    await bench.submit(bench.engine({}, [throwing]));
    const state = await bench.until(['failed']);
    expect(state.tasks.map((task) => task.status.name)).toEqual(['failed', 'skipped']);
    expect(JSON.stringify(state)).not.toContain('secret text');
    const huge = aTool({ name: 'read_line', outputLimitBytes: 10 }, async () =>
      done({ line: 1, quote: 'x'.repeat(100) }),
    );
    await bench.submit(bench.engine({}, [huge]), 'r2');
    expect((await bench.until(['failed'], 'r2')).tasks[0]?.status).toMatchObject({
      fault: { code: 'TOOL_OUTPUT_TOO_LARGE' },
    });
  });

  it('tries a call again that took too long, and gives up after the third attempt', async () => {
    const slow = aTool({ name: 'read_line', timeoutMs: 20 }, () => new Promise(() => undefined));
    await bench.submit(bench.engine({}, [slow]));
    const state = await bench.until(['stuck']);
    expect(state.tasks[0]).toMatchObject({
      attempt: 3,
      status: { name: 'failed', fault: { code: 'TOOL_TIMEOUT' } },
    });
  });
});
