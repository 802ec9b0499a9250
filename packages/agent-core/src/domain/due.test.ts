import { fault } from '@soma/schemas/event';
import type { CallState, RunState, TaskState, TaskStatus } from '@soma/schemas/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRun, aTask } from '../testing/run-state.ts';
import { type Due, type DueContext, due, waitName } from './due.ts';

const NOW = '2026-01-01T00:00:10.000Z';

function at(busy: readonly string[] = [], limit = 4): DueContext {
  return { now: NOW, busy: new Set(busy), limit };
}

describe('what is due', () => {
  it('is a plan first, then its approval, each once', () => {
    const noPlan = aRun([], { plan: null, status: { name: 'planning' } });
    expect(due(noPlan, at())).toEqual([{ type: 'propose-plan' }]);
    expect(due(noPlan, at(['plan']))).toEqual([]);
    const run = aRun([aTask('a')], { status: { name: 'planning' } });
    const proposed = { ...run, plan: run.plan && { ...run.plan, approved: false } };
    expect(due(proposed, at())).toEqual([{ type: 'approve-plan' }]);
  });

  it('is nothing while the run is paused, interrupted or ended', () => {
    const statuses: RunState['status'][] = [
      { name: 'paused', reason: 'person', fault: null, at: '2026-11-21T08:00:00.000Z' },
      { name: 'interrupted', exit: 'unclean', at: NOW },
      { name: 'ended', state: 'stopped', note: { code: 'x', data: {} }, fault: null, at: NOW },
    ];
    for (const status of statuses) expect(due(aRun([aTask('a')], { status }), at())).toEqual([]);
  });

  it('is every task whose inputs are there, older first, up to the limit', () => {
    const run = aRun([
      aTask('a', [], { name: 'verified' }),
      aTask('b', ['a']),
      aTask('c', ['a']),
      aTask('d', ['b']),
    ]);
    expect(due(run, at([], 2))).toEqual([
      { type: 'start-attempt', task: 'b', attempt: 1 },
      { type: 'start-attempt', task: 'c', attempt: 1 },
    ]);
    expect(due(run, at(['b'], 2))).toEqual([{ type: 'start-attempt', task: 'c', attempt: 1 }]);
    expect(due(run, at(['b'], 1))).toEqual([]);
  });

  it('is to go on with an attempt a crash cut off', () => {
    expect(due(aRun([aTask('a', [], { name: 'running' })]), at())).toEqual([
      { type: 'continue-attempt', task: 'a' },
    ]);
  });

  it('is to wait until a retry’s time has come, then to try again', () => {
    const problem = fault('TOOL_TIMEOUT');
    const later = '2026-01-01T00:00:11.000Z';
    const waiting = aRun([aTask('a', [], { name: 'retrying', retryAt: later, fault: problem })]);
    expect(due(waiting, at())).toEqual([{ type: 'wait', until: later }]);
    const ready = aRun([aTask('a', [], { name: 'retrying', retryAt: NOW, fault: problem })]);
    expect(due(ready, at())).toEqual([{ type: 'start-attempt', task: 'a', attempt: 2 }]);
  });

  it('is the end as stuck where a task was tried as often as may help', () => {
    const spent = fault('TOOL_TIMEOUT', {}, { when: 'now' });
    const run = aRun([
      aTask('a', [], { name: 'failed', fault: spent }),
      aTask('b', [], { name: 'verified' }),
    ]);
    expect(endOf(run)).toBe('stuck');
  });

  it('is the end as stuck once the deadline has passed, whatever is still open, and a wait for it before', () => {
    const late = aRun([aTask('a')], { deadline: NOW });
    expect(due(late, at(['a']))).toMatchObject([{ type: 'end', state: 'stuck' }]);
    const later = '2026-01-01T00:01:00.000Z';
    const early = aRun([aTask('a')], { deadline: later });
    expect(due(early, at())).toEqual([
      { type: 'start-attempt', task: 'a', attempt: 1 },
      { type: 'wait', until: later },
    ]);
    // Waiting for it keeps nothing from starting and no run from ending.
    expect(due(early, at([waitName(later)], 1))).toMatchObject([{ type: 'start-attempt' }, { type: 'wait' }]);
    const over = aRun([aTask('a', [], { name: 'verified' })], { deadline: later });
    expect(due(over, at([waitName(later)]))).toMatchObject([{ type: 'end' }]);
  });

  it('is to skip what needs a failed task', () => {
    const run = aRun([aTask('a', [], { name: 'failed', fault: fault('TOOL_FAILED') }), aTask('b', ['a'])]);
    expect(due(run, at())).toEqual([{ type: 'skip-task', task: 'b', because: 'a' }]);
  });

  it('is nothing for a task that waits for a person', () => {
    expect(due(aRun([aTask('a', [], { name: 'waiting', approval: 'x' })]), at())).toEqual([]);
  });

  it('is the end when all is over: verified only with evidence', () => {
    const claim = {
      id: 'q',
      kind: 'quoted' as const,
      text: 't',
      citation: { path: 'a', line: 1, quote: 'a' },
    };
    const proven: TaskState = {
      ...aTask('a', [], { name: 'verified' }),
      evidence: [{ claim, verdict: { checked: true, fileHash: 'a'.repeat(64) } }],
    };
    expect(endOf(aRun([proven]))).toBe('verified');
    expect(endOf(aRun([proven, aTask('b', [], { name: 'empty' })]))).toBe('verified');
    expect(endOf(aRun([aTask('b', [], { name: 'empty' })]))).toBe('unverified');
    expect(endOf(aRun([proven, aTask('b', [], { name: 'unverified' })]))).toBe('unverified');
    expect(endOf(aRun([proven, aTask('b', [], { name: 'failed', fault: fault('TOOL_FAILED') })]))).toBe(
      'failed',
    );
  });

  it('never names a busy task, never goes past the limit, and finishes every graph without a cycle', () => {
    fc.assert(
      fc.property(graphs(), fc.integer({ min: 1, max: 5 }), (graph, limit) => {
        let tasks = graph;
        for (let round = 0; round <= graph.length; round += 1) {
          const items = due(aRun(tasks), at([], limit));
          const starts = items.filter((item) => item.type === 'start-attempt').map((item) => item.task);
          expect(starts.length).toBeLessThanOrEqual(limit);
          expect(new Set(starts).size).toBe(starts.length);
          const half = starts.slice(0, 1);
          for (const item of due(aRun(tasks), at(half, limit)))
            if ('task' in item) expect(half).not.toContain(item.task);
          if (items.some((item) => item.type === 'end')) return;
          tasks = tasks.map((task) =>
            starts.includes(task.id) ? { ...task, status: { name: 'verified' as const } } : task,
          );
        }
        expect(tasks.every((task) => task.status.name === 'verified')).toBe(true);
      }),
    );
  });

  it('is first what a failed attempt left to be taken back, one after the other, and no end before that', () => {
    const problem = fault('TOOL_FAILED');
    const compensate = [
      { call: 'r1.a.1.commit', tool: 'back' },
      { call: 'r1.a.1.execute', tool: 'back' },
    ];
    const failed = { ...aTask('a', [], { name: 'failed', fault: problem }), compensate };
    const calls: RunState['calls'] = {};
    for (const owed of compensate) {
      expect(due(aRun([failed], { calls }), at())).toEqual([{ type: 'compensate', task: 'a', ...owed }]);
      expect(due(aRun([failed], { calls }), at(['a']))).toEqual([]);
      // Done again, it begins only when nothing of the attempt before is owed.
      const again = { ...failed, status: { name: 'queued' as const } };
      expect(due(aRun([again], { calls }), at())).toEqual([{ type: 'compensate', task: 'a', ...owed }]);
      calls[`${owed.call}-back`] = aCall(`${owed.call}-back`, { name: 'failed', fault: problem, tookMs: 1 });
    }
    expect(due(aRun([failed], { calls }), at())).toMatchObject([{ type: 'end', state: 'failed' }]);
  });

  it('is an unproven end that names what a person left out, and what for that alone could not begin', () => {
    const byPerson: TaskStatus = { name: 'skipped', note: { code: 'skipped-by-person', data: {} } };
    const missing = (task: string): TaskStatus => ({
      name: 'skipped',
      note: { code: 'input-missing', data: { task } },
    });
    const leftOut = [
      aTask('a', [], { name: 'verified' }),
      aTask('b', [], byPerson),
      aTask('c', ['b'], missing('b')),
      aTask('d', ['c'], missing('c')),
    ];
    const data = { count: 3, tasks: ['b', 'c', 'd'], more: 0 };
    expect(due(aRun(leftOut), at())).toEqual([
      { type: 'end', state: 'unverified', note: { code: 'tasks-left-out', data } },
    ]);
    const failed = aTask('e', [], { name: 'failed', fault: fault('TOOL_FAILED') });
    const other = aTask('f', ['e'], missing('e'));
    const both = due(aRun([...leftOut, failed, other]), at());
    expect(both).toMatchObject([{ type: 'end', note: { data: { count: 2 } } }]);
    expect(both).not.toMatchObject([{ state: 'unverified' }]);
    const unproven = due(aRun([...leftOut, aTask('g', [], { name: 'unverified' })]), at());
    expect(unproven).toMatchObject([{ state: 'unverified', note: { code: 'tasks-unverified' } }]);
    const many = Array.from({ length: 7 }, (_, index) => aTask(`t${index}`, [], byPerson));
    expect(due(aRun(many), at())).toMatchObject([{ note: { data: { count: 7, more: 2 } } }]);
  });

  it('is nothing of a task whose taking back a person is asked about', () => {
    const problem = fault('TOOL_FAILED');
    const [call, id] = ['r1.a.1.execute', 'r1.a.1.execute-back'];
    const compensate = [{ call, tool: 'back' }];
    const failed = { ...aTask('a', [], { name: 'failed', fault: problem }), compensate };
    const back = aCall(id, { name: 'undecided' });
    const { task, attempt, tool, arguments: args, rule, startedAt: requestedAt } = back;
    const asked = {
      id: 'q',
      call: id,
      task,
      attempt,
      tool,
      arguments: args,
      rule,
      requestedAt,
      answer: null,
    };
    const calls = { [id]: back };
    expect(due(aRun([failed, aTask('b', ['a'])], { calls, approvals: { q: asked } }), at())).toEqual([
      { type: 'skip-task', task: 'b', because: 'a' },
    ]);
    expect(due(aRun([failed], { calls, approvals: {} }), at())).toMatchObject([{ type: 'compensate', call }]);
  });
});

function aCall(id: string, outcome: CallState['outcome']): CallState {
  const hash = 'a'.repeat(64);
  return {
    ...{ id, task: 'a', attempt: 1, tool: 'back', verdict: 'ask', rule: 'r', policyHash: hash, decidedMs: 0 },
    arguments: { hash, size: 2, mediaType: 'application/json', inline: '{}' },
    ...{ startedAt: NOW, outcome },
  };
}

function endOf(run: RunState): string | undefined {
  const item: Due | undefined = due(run, at())[0];
  return item?.type === 'end' ? item.state : undefined;
}

/** Random graphs in which a task needs only tasks before it, so that there is no cycle. */
function graphs(): fc.Arbitrary<TaskState[]> {
  return fc.array(fc.array(fc.nat(19), { maxLength: 4 }), { minLength: 1, maxLength: 20 }).map((needs) =>
    needs.map((before, index) =>
      aTask(
        `t${index}`,
        [...new Set(before)].filter((b) => b < index).map((b) => `t${b}`),
      ),
    ),
  );
}
