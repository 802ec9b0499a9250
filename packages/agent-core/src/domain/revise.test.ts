import { fault } from '@soma/schemas/event';
import type { ApprovalState, CallState, RunState, TaskState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { aRun, aTask } from '../testing/run-state.ts';
import { decide } from './decide.ts';
import { due } from './due.ts';
import { mayRevise, revisionOf } from './revise.ts';

const NOW = '2026-01-01T00:00:10.000Z';
const HASH = 'a'.repeat(64);
const content = { hash: HASH, size: 2, mediaType: 'application/json', inline: '{}' };
const FAILED = { name: 'failed', fault: fault('TOOL_FAILED', { tool: 't' }) } as const;

function named(run: RunState, busy: readonly string[] = []) {
  const items = due(run, { now: NOW, busy: new Set(busy), limit: 4 });
  return items.map((item) => ('task' in item ? `${item.type} ${item.task}` : item.type));
}

function withOthers(task: TaskState, otherwise: readonly string[] = ['b']): TaskState {
  return { ...task, otherwise: [...otherwise], calls: ['call'] };
}

function aCall(change: Partial<CallState>): CallState {
  const decided = { rule: 'any', policyHash: HASH, decidedMs: 0, verdict: 'allow' } as const;
  return {
    ...{ id: 'call', task: 'a', attempt: 1, tool: 't', arguments: content, startedAt: NOW, risk: 'write' },
    ...decided,
    outcome: { name: 'completed', result: content, note: { code: 'x', data: {} }, tookMs: 1 },
    ...change,
  };
}

function aQuestion(answer: ApprovalState['answer']): ApprovalState {
  const asked = { task: 'a', attempt: 1, tool: 't', arguments: content, rule: 'any', requestedAt: NOW };
  return { id: 'q', call: 'a.revision', about: 'revision', ...asked, answer };
}

describe('a plan with another way', () => {
  it.each([
    ['failed for good', FAILED],
    ['could not be proven', { name: 'unverified' } as const],
  ])('is revised when its task %s, before anything that needs it begins or is left out', (_, status) => {
    const run = aRun([withOthers(aTask('a', [], status)), aTask('c', ['a']), aTask('d')]);
    expect(named(run)).toEqual(['revise a', 'start-attempt d']);
    expect(named(run, ['a', 'd'])).toEqual([]);
  });

  it('stays where the task was refused, or nobody knows what it did', () => {
    for (const code of ['POLICY_DENIED', 'TOOL_OUTCOME_UNKNOWN'] as const) {
      const run = aRun([
        withOthers(aTask('a', [], { name: 'failed', fault: fault(code) })),
        aTask('c', ['a']),
      ]);
      expect(named(run)).toEqual(['skip-task c']);
    }
  });

  it('keeps what needs its task from being left out while what the task did is taken back', () => {
    const compensate = [{ call: 'call', tool: 'back' }];
    const task = { ...withOthers(aTask('a', [], FAILED)), compensate };
    const run = (calls: RunState['calls']) => aRun([task, aTask('c', ['a'])], { calls });
    expect(named(run({ call: aCall({}) }))).toEqual(['compensate a']);
    expect(named(run({ call: aCall({}) }), ['a'])).toEqual([]);
    const back = aCall({ id: 'call-back', compensates: 'call' });
    expect(named(run({ call: aCall({}), 'call-back': back }))).toEqual(['revise a']);
  });

  it('stays while anything the task did stands, and is revised once that was taken back', () => {
    const task = withOthers(aTask('a', [], FAILED));
    const calls = { call: aCall({}) };
    expect(mayRevise(aRun([task], { calls }), task)).toBe(false);
    const back = aCall({ id: 'call-back', compensates: 'call' });
    expect(mayRevise(aRun([task], { calls: { ...calls, 'call-back': back } }), task)).toBe(true);
    const owing = { ...task, compensate: [{ call: 'call', tool: 'back' }] };
    expect(named(aRun([owing], { calls }))).toEqual(['compensate a']);
    const refused = aCall({ id: 'call-back', compensates: 'call', outcome: { name: 'refused' } });
    const kept = aRun([owing], { calls: { ...calls, 'call-back': refused } });
    expect(named(kept)).toEqual(['end']);
    expect(mayRevise(aRun([task], { calls: { call: aCall({ risk: 'read' }) } }), task)).toBe(true);
  });

  it('takes each other way once', () => {
    const run = aRun([withOthers(aTask('a', [], FAILED)), aTask('b', [], { name: 'verified' })]);
    expect(named(run)).toEqual(['end']);
  });

  it('waits whole while a person is asked, goes on when they allow it, and ends as before when they do not', () => {
    const tasks = [withOthers(aTask('a', [], FAILED)), aTask('d')];
    const asking = aRun(tasks, { approvals: { q: aQuestion(null) } });
    expect(named(asking)).toEqual([]);
    const by = { by: 'person', scope: 'once', at: NOW } as const;
    const allowed = { q: aQuestion({ answer: 'approved', ...by }) };
    expect(named(aRun(tasks, { approvals: allowed }))).toEqual(['revise a', 'start-attempt d']);
    const refused = { q: aQuestion({ answer: 'rejected', ...by }) };
    expect(named(aRun(tasks, { approvals: refused }))).toEqual(['start-attempt d']);
    expect(
      due(aRun(tasks.slice(0, 1), { approvals: refused }), { now: NOW, busy: new Set(), limit: 4 }),
    ).toMatchObject([{ type: 'end', state: 'failed' }]);
  });

  it('is not revised by a flag given later, but kept by one; and a question that is moot is taken back', () => {
    const run = aRun([withOthers(aTask('a', [], FAILED))], { approvals: { q: aQuestion(null) } });
    const resumed = (approve: 'all' | 'never') => {
      const decided = decide(run, { type: 'resume', approve, handedOver: false });
      return decided.ok ? decided.events.map(({ type }) => type) : [];
    };
    expect(resumed('all')).toEqual(['run.resumed']);
    expect(resumed('never')).toEqual(['run.resumed', 'approval.answered']);
    const again = decide(run, { type: 'retry-task', task: 'a' });
    expect(again.ok && again.events).toMatchObject([{ data: { tasks: ['a'], withdrawn: { questions: 1 } } }]);
    const wide = (scope: 'run' | 'folder') => {
      const answer = { approval: 'q', argumentsHash: HASH, answer: 'approved', by: 'person' } as const;
      return decide(run, { type: 'answer', ...answer, scope });
    };
    expect(wide('run')).toMatchObject({ ok: true, events: [{ data: { scope: 'once' } }] });
    expect(wide('folder')).toMatchObject({ ok: false, fault: { code: 'INVALID_INPUT' } });
  });
});

describe('a task that was given up', () => {
  const dropped = aTask('a', ['x'], { name: 'dropped', note: { code: 'any', data: {} } });
  const run = aRun([aTask('x', [], { name: 'verified' }), dropped, aTask('b', ['x'], { name: 'verified' })]);

  it('is not begun again, not even with what it needed', () => {
    expect(decide(run, { type: 'retry-task', task: 'a' })).toMatchObject({ fault: { code: 'TASK_DROPPED' } });
    const again = decide(run, { type: 'retry-task', task: 'x' });
    expect(again.ok && again.events).toMatchObject([{ data: { tasks: ['x', 'b'] } }]);
  });

  it('is over, and of no account at the end', () => {
    expect(due(run, { now: NOW, busy: new Set(), limit: 4 })).toMatchObject([
      { type: 'end', note: { code: 'nothing-claimed' } },
    ]);
  });
});

describe('a revision', () => {
  const planned = (id: string, after: readonly string[], checks: readonly 'quoted'[] = ['quoted']) => ({
    ...{ id, title: id, tool: 't', after: [...after], checks: [...checks] },
  });
  const task: TaskState = { ...withOthers(aTask('a', [], FAILED)), checks: ['quoted', 'recounted'] };
  const note = { code: 'any', data: {} };

  it('lets what has not begun need the last of what comes in its place, and leaves what is finished alone', () => {
    const run = aRun([
      aTask('x'),
      task,
      aTask('c', ['x', 'a']),
      aTask('d', ['a'], { name: 'skipped', note }),
    ]);
    const added = [planned('b', []), planned('e', ['b'])];
    expect(revisionOf(run, task, { added, note })).toMatchObject({
      dropped: ['a'],
      added,
      changed: [{ task: 'c', after: ['x', 'e'] }],
    });
  });

  it('names the checks that nothing in its place makes', () => {
    const run = aRun([task]);
    expect(revisionOf(run, task, { added: [planned('b', [])], note }).weakened).toEqual([
      { task: 'a', checks: ['recounted'] },
    ]);
    const whole = [planned('b', []), { ...planned('e', []), checks: ['recounted' as const] }];
    expect(revisionOf(run, task, { added: whole, note }).weakened).toEqual([]);
  });
});
