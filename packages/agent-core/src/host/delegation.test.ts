import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import { openApprovals, phaseOf, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  childIn,
  childrenOf,
  DELEGATING_PLANS,
  ended,
  killAtStop,
  killDelegating,
  runsOf,
  writeDocs,
} from '../testing/delegate-scenario.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { callsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';
import { loadRun } from './run-news.ts';

let home: ReturnType<typeof temporaryFolder>;
let opened: TestHost;
let calls: HostCalls;
const folder = () => join(home.path, 'folder');
const open = async () => {
  opened = await openTestHost(join(home.path, 'data'), DELEGATING_PLANS);
  await opened.host.start();
  calls = callsOf(opened);
};
beforeEach(async () => {
  home = temporaryFolder();
  writeDocs(folder());
  await open();
});
afterEach(async () => {
  await opened.close();
  home.remove();
});

const having = { run: 'having', goal: 'have it said', plan: 'have-it-said' };
const start = (asked: { run: string; goal: string; plan: string; approve?: 'all' | 'ask' }) =>
  submitGoal(calls, { ...asked, folder: folder() });
async function stateOf(run: string): Promise<RunState> {
  const state = await loadRun(opened.log, aScope(), run);
  if (state === null) throw new Error(`there is no run ${run}`);
  return state;
}
async function approve(run: string): Promise<void> {
  const [asked] = openApprovals(await stateOf(run));
  if (asked === undefined) throw new Error('nothing is asked');
  const answer = { id: 'answer', run, approval: asked.id, argumentsHash: asked.arguments.hash } as const;
  const answered = await calls.approval.answer({ ...answer, answer: 'approved', reach: { scope: 'once' } });
  expect(answered.ok).toBe(true);
}

describe('a run that starts another', { timeout: 60_000 }, () => {
  it('quotes what the other found, from its own folder, after rereading it', async () => {
    await start({ run: 'asking', goal: 'ask the docs', plan: 'ask-the-docs' });
    const state = await ended(opened, 'asking');
    expect(phaseOf(state)).toBe('verified');
    const [evidence] = state.tasks[0]?.evidence ?? [];
    expect(evidence).toMatchObject({
      claim: {
        text: 'In docs: The retry timeout is 250 ms.',
        citation: { path: 'docs/guide.md', line: 3, quote: 'The retry timeout is 250 ms.' },
      },
      verdict: { checked: true },
    });
    const child = await stateOf((await childIn(opened, 'asking', 'verified')).run);
    expect(child).toMatchObject({
      parent: { run: 'asking', call: 'asking.ask.1.execute' },
      canvas: state.canvas,
      folder: { path: join(folder(), 'docs') },
      plan: { ref: { name: 'find-in-folder' } },
    });
    expect(child.scope.actor).toEqual([...state.scope.actor, { kind: 'agent', id: 'asking' }]);
    const [made] = Object.values(state.calls);
    expect(made).toMatchObject({ tool: 'delegate_goal', verdict: 'allow', rule: 'delegate-call-by-call' });
    const result =
      made?.outcome.name === 'completed'
        ? await opened.store.content.get(aScope(), made.outcome.result)
        : null;
    expect(JSON.parse(result ?? 'null')).toMatchObject({
      ...{ run: child.id, state: 'verified', plan: 'find-in-folder', folder: 'docs', claimsLeftOut: 0 },
      usage: { calls: Object.keys(child.calls).length, tokens: { in: 0, out: 0 } },
    });
  });

  it('hands down its deadline, its priority, how it asks, and that nothing remembered is used', async () => {
    const granted = await calls.folder.grant({ id: 'f', path: folder() });
    await calls.canvas.create({ id: 'c', title: 'C', folder: null });
    const deadline = new Date(Date.now() + 3_600_000).toISOString();
    const how = { priority: 'high', deadline, fresh: true, approve: 'all' } as const;
    const goal = { id: 'having', text: 'have it said', plan: 'have-it-said', slots: {}, canvas: 'c' };
    const asked = { ...goal, ...how, folder: granted.ok ? granted.folder : '' };
    expect((await calls.goal.submit(asked)).ok).toBe(true);
    expect(phaseOf(await ended(opened, 'having'))).not.toBe('failed');
    expect(await stateOf((await childIn(opened, 'having', 'verified')).run)).toMatchObject(how);
  });

  it('ends as stuck at its deadline, and so does the other', async () => {
    const granted = await calls.folder.grant({ id: 'f', path: folder() });
    await calls.canvas.create({ id: 'c', title: 'C', folder: null });
    const deadline = new Date(Date.now() + 2000).toISOString();
    const goal = { id: 'having', text: 'have it said', plan: 'have-it-said', slots: {}, canvas: 'c' };
    await calls.goal.submit({ ...goal, deadline, approve: 'ask', folder: granted.ok ? granted.folder : '' });
    expect(phaseOf(await ended(opened, 'having'))).toBe('stuck');
    const [child] = await childrenOf(opened, 'having');
    const state = await ended(opened, child?.run ?? '');
    expect(['stuck', 'stopped']).toContain(phaseOf(state));
  });

  it('stops the other when it is stopped, and those further down', async () => {
    await start({ run: 'further', goal: 'have it had', plan: 'have-it-had' });
    const middle = await childIn(opened, 'further', 'running');
    const last = await childIn(opened, middle.run, 'waiting');
    expect((await calls.run.stop({ id: 'stop', run: 'further' })).ok).toBe(true);
    await childIn(opened, 'further', 'stopped');
    await childIn(opened, middle.run, 'stopped');
    const { status } = await stateOf(last.run);
    expect(status).toMatchObject({ note: { code: 'stopped-with-parent', data: { run: middle.run } } });
  });

  it('stops the other when it is stopped before anything goes on after a start', async () => {
    await start(having);
    await childIn(opened, 'having', 'waiting');
    await opened.close();
    await open();
    await childIn(opened, 'having', 'interrupted');
    expect((await calls.run.stop({ id: 'stop', run: 'having' })).ok).toBe(true);
    await childIn(opened, 'having', 'stopped');
  });

  it('pauses the other and takes it up with itself, and it is one run', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    await calls.run.pause({ id: 'pause', run: 'having' });
    await childIn(opened, 'having', 'paused');
    await calls.run.resume({ id: 'resume', run: 'having' });
    await childIn(opened, 'having', 'waiting');
    await approve(child.run);
    await ended(opened, 'having');
    expect(await childrenOf(opened, 'having')).toMatchObject([{ run: child.run, phase: 'verified' }]);
  });

  it('tells whoever watches it that the other waits for a person', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    for await (const news of await calls.run.watch({ run: 'having', after: null })) {
      if (news.type !== 'batch') continue;
      const delta = news.deltas.at(-1);
      const last = delta?.type === 'tool-progress' ? delta.progress : undefined;
      if (last?.note.data['phase'] !== 'waiting') continue;
      const told = { code: 'delegate-goes-on', data: { run: child.run, phase: 'waiting' } };
      expect(last).toEqual({ note: told, done: 0, total: 1 });
      break;
    }
  });

  it('leaves the other as it is where a person paused it', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    await calls.run.pause({ id: 'pause-child', run: child.run });
    await calls.run.pause({ id: 'pause', run: 'having' });
    await calls.run.resume({ id: 'resume', run: 'having' });
    await start({ run: 'asking', goal: 'ask the docs', plan: 'ask-the-docs' });
    await ended(opened, 'asking');
    expect((await stateOf(child.run)).status.name).toBe('paused');
    await calls.run.resume({ id: 'resume-child', run: child.run });
    await approve(child.run);
    await ended(opened, 'having');
  });

  it('goes on with the other after a hand-over, and nobody is asked', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    const active = await opened.host.close('hand-over');
    expect([...active].sort()).toEqual([child.run, 'having'].sort());
    await opened.close();
    opened = await openTestHost(join(home.path, 'data'), DELEGATING_PLANS);
    await opened.host.start(active);
    calls = callsOf(opened);
    await childIn(opened, 'having', 'waiting');
    await approve(child.run);
    await ended(opened, 'having');
    expect(await childrenOf(opened, 'having')).toHaveLength(1);
  });

  it('has no result where the other was stopped, and done again starts a new one', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    await calls.run.stop({ id: 'stop', run: child.run });
    const failed = await ended(opened, 'having');
    expect(failed.tasks[0]?.status).toMatchObject({
      fault: { code: 'DELEGATE_ENDED', data: { run: child.run, plan: 'say-hello', why: 'stopped' } },
    });
    await calls.run.retryTask({ id: 'again', run: 'having', task: 'have' });
    await expect.poll(async () => (await childrenOf(opened, 'having')).length).toBe(2);
  });

  it.each([
    ['powerless', 'DELEGATE_RIGHTS'],
    ['ask-outside', 'PATH_OUTSIDE'],
  ])('by the plan %s is refused: %s, and no run was started', async (plan, code) => {
    await start({ run: 'refused', goal: 'go', plan });
    expect((await ended(opened, 'refused')).tasks[0]?.status).toMatchObject({ fault: { code } });
    expect(await runsOf(opened)).toHaveLength(1);
  });

  it('may have three more below one another, and no fourth', async () => {
    await start({ run: 'endless', goal: 'go', plan: 'endless' });
    await ended(opened, 'endless');
    const runs = await runsOf(opened);
    expect(runs).toHaveLength(4);
    const deepest = await stateOf(runs[0]?.run ?? '');
    expect(deepest.tasks[0]?.status).toMatchObject({
      fault: { code: 'DELEGATE_TOO_DEEP', data: { limit: 3 } },
    });
    expect(deepest.scope.actor.map(({ kind }) => kind)).toEqual(['person', 'agent', 'agent', 'agent']);
  });

  it('holds no turn that another needs, however many wait at once', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `asking-${index}`);
    for (const run of names) await start({ run, goal: 'ask the docs', plan: 'ask-the-docs' });
    for (const run of names) expect(phaseOf(await ended(opened, run))).toBe('verified');
  });

  it('has a branch of which neither it nor the other hears', async () => {
    await start(having);
    const child = await childIn(opened, 'having', 'waiting');
    const { sequence } = await stateOf(child.run);
    const branched = { id: 'branch', run: child.run, sequence, approve: 'ask', paused: true } as const;
    expect((await calls.run.fork(branched)).ok).toBe(true);
    expect((await stateOf('branch')).parent).toBeNull();
    const at = (await stateOf('having')).sequence;
    await calls.run.fork({ id: 'other', run: 'having', sequence: at, approve: 'ask', paused: true });
    await calls.run.stop({ id: 'stop', run: 'other' });
    await settled(opened, 'other');
    expect((await stateOf(child.run)).status.name).toBe('running');
  });
});

describe('a process that is killed', { timeout: 60_000 }, () => {
  // At every third commit, before, while and after it is written: delegation-kill.long.test.ts.
  it('while one of its commits is written leaves both to be resumed as one', async () => {
    expect(await killDelegating('ledger.commit.written', 20)).toBe(true);
  });

  it('after the end of a run and before that of the one it waited for, leaves that one to be stopped at the next start', async () => {
    expect((await killAtStop()).phase).toBe('stopped');
  });
});
