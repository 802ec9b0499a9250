import { fault, type RunEvent } from '@soma/schemas/event';
import { evolve, type RunState, type TaskState, type TaskStatus } from '@soma/schemas/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRun, aTask } from '../testing/run-state.ts';
import { decide } from './decide.ts';
import { due } from './due.ts';
import type { TaskCommand } from './task-command.ts';

const content = { hash: 'b'.repeat(64), size: 2, mediaType: 'application/json', inline: '{}' };
const failed: TaskStatus = { name: 'failed', fault: fault('TOOL_FAILED') };
const verified: TaskStatus = { name: 'verified' };
const skipped: TaskStatus = { name: 'skipped', note: { code: 'input-missing', data: {} } };

function ended(tasks: readonly TaskState[]): RunState {
  const at = '2026-01-01T00:00:00.000Z';
  const note = { code: 'x', data: {} };
  return aRun(tasks, { status: { name: 'ended', state: 'failed', note, fault: null, at }, endings: 1 });
}

function after(state: RunState, command: TaskCommand): RunState | string {
  const decided = decide(state, command);
  if (!decided.ok) return decided.fault.code;
  return decided.events.reduce<RunState>((before, event: RunEvent) => {
    const recorded = { id: 'e', stream: 'run/r1', version: 1 as const, time: '2026-01-01T00:00:01.000Z' };
    return (
      evolve(before, { ...recorded, ...event, sequence: before.sequence + 1, scope: state.scope }) ?? before
    );
  }, state);
}

function names(state: RunState | string): unknown {
  return typeof state === 'string' ? state : state.tasks.map(({ status }) => status.name);
}

describe('doing a task again', () => {
  it('takes an ended run up anew: what needs it is due too, and finished work beside it is kept', () => {
    const run = ended([
      aTask('a', [], verified),
      aTask('b', ['a'], failed),
      aTask('c', ['b'], skipped),
      aTask('d', ['a'], verified),
    ]);
    const next = after(run, { type: 'retry-task', task: 'b' });
    expect(names(next)).toEqual(['verified', 'queued', 'queued', 'verified']);
    if (typeof next === 'string') throw new Error(next);
    expect(next.status.name).toBe('running');
    const now = { now: '2026-01-01T00:00:02.000Z', busy: new Set<string>(), limit: 4 };
    expect(due(next, now)).toEqual([{ type: 'start-attempt', task: 'b', attempt: 2 }]);
  });

  it('takes up whatever a stop cut off as well', () => {
    const run = ended([aTask('a', [], { name: 'stopped' }), aTask('b', [], { name: 'stopped' })]);
    expect(names(after(run, { type: 'retry-task', task: 'a' }))).toEqual(['queued', 'queued']);
  });

  it('is refused for a task that is not over, unknown, or needed by one at work', () => {
    const run = aRun([aTask('a', [], verified), aTask('b', ['a'], { name: 'running' }), aTask('c', ['b'])]);
    const retry = (task: string) => after(run, { type: 'retry-task', task });
    expect([retry('a'), retry('b'), retry('c'), retry('x')]).toEqual([
      'TASK_BUSY',
      'TASK_NOT_OVER',
      'TASK_NOT_OVER',
      'TASK_UNKNOWN',
    ]);
  });

  it('withdraws from the counts exactly what the tasks had counted for', () => {
    const claim = {
      id: 'q',
      kind: 'quoted' as const,
      text: 't',
      citation: { path: 'a', line: 1, quote: 'a' },
    };
    const good = { claim, verdict: { checked: true as const, fileHash: 'a'.repeat(64) } };
    const bad = { claim, verdict: { checked: false as const, why: 'line-differs' as const, found: null } };
    const run = ended([
      { ...aTask('a', [], verified), evidence: [good, good] },
      { ...aTask('b', ['a'], { name: 'unverified' }), evidence: [good, bad] },
    ]);
    const decided = decide(run, { type: 'retry-task', task: 'b' });
    expect(decided).toMatchObject({
      events: [{ data: { tasks: ['b'], withdrawn: { verified: 0, claims: 2, checked: 1 } } }],
    });
    expect(decide(run, { type: 'retry-task', task: 'a' })).toMatchObject({
      events: [{ data: { tasks: ['a', 'b'], withdrawn: { verified: 1, claims: 4, checked: 3 } } }],
    });
  });

  it('never leaves a task over whose input is due again', () => {
    const statuses: TaskStatus[] = [verified, failed, skipped, { name: 'stopped' }];
    const graph = fc.array(fc.tuple(fc.array(fc.nat(9), { maxLength: 3 }), fc.nat(3)), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(graph, fc.nat(9), (drawn, pick) => {
        const tasks = drawn.map(([needs, status], index) => {
          const before = [...new Set(needs)].filter((at) => at < index).map((at) => `t${at}`);
          return aTask(`t${index}`, before, statuses[status]);
        });
        const next = after(ended(tasks), { type: 'retry-task', task: `t${pick % tasks.length}` });
        if (typeof next === 'string') return;
        const queued = next.tasks.filter(({ status }) => status.name === 'queued').map(({ id }) => id);
        for (const { id, after: needs } of next.tasks)
          if (needs.some((need) => queued.includes(need))) expect(queued).toContain(id);
      }),
    );
  });
});

describe('a task that has not begun', () => {
  it('can be left out, and what needs it is left out with it', () => {
    const run = aRun([aTask('a'), aTask('b', ['a'])]);
    const next = after(run, { type: 'skip-task', task: 'a' });
    expect(names(next)).toEqual(['skipped', 'queued']);
    if (typeof next === 'string') throw new Error(next);
    const now = { now: '2026-01-01T00:00:02.000Z', busy: new Set<string>(), limit: 4 };
    expect(due(next, now)).toEqual([{ type: 'skip-task', task: 'b', because: 'a' }]);
  });

  it('can be given other arguments, which stay with it through its attempts', () => {
    const next = after(aRun([aTask('a')]), { type: 'edit-task', task: 'a', arguments: content });
    if (typeof next === 'string') throw new Error(next);
    expect(next.tasks[0]?.edited).toEqual(content);
  });

  it('is the only kind that can: one that runs, is over or unknown, and one of an ended run, are refused', () => {
    const run = aRun([aTask('a', [], { name: 'running' }), aTask('b', [], verified)]);
    const edit = (state: RunState, task: string) =>
      after(state, { type: 'edit-task', task, arguments: content });
    expect([edit(run, 'a'), edit(run, 'b'), edit(run, 'x'), edit(ended([aTask('a')]), 'a')]).toEqual([
      'TASK_NOT_PENDING',
      'TASK_NOT_PENDING',
      'TASK_UNKNOWN',
      'RUN_ENDED',
    ]);
  });
});
