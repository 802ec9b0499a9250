import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { HostCalls } from '@soma/schemas/contract';
import { CallPreview } from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { killAndTakeBack, STUMBLING } from '../testing/take-back-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;

beforeEach(async () => {
  folder = sampleFolder({ 'a.txt': 'a\n' });
  data = temporaryFolder();
  host = await openTestHost(data.path, [STUMBLING.writes, STUMBLING.draws]);
  calls = callsOf(host);
});
afterEach(async () => {
  await host.close();
  data.remove();
  folder.remove();
});

async function run(name: string, approve: 'ask' | 'all'): Promise<RunState> {
  await submitGoal(calls, { run: 'r', folder: folder.path, goal: name, plan: name, approve });
  return settled(host, 'r');
}

async function answer(asking: RunState, given: 'approved' | 'rejected'): Promise<RunState> {
  const [asked] = openApprovals(asking);
  if (asked === undefined) throw new Error('nothing is asked');
  const argumentsHash = asked.arguments.hash;
  const id = asked.id.replaceAll('.', '-');
  await calls.approval.answer({ id, run: 'r', approval: asked.id, argumentsHash, answer: given });
  return settled(host, 'r');
}

const path = 'new/file.txt';
const ACT = 'r.act.1.execute';
const BACK = `${ACT}-back`;

describe('what a task did that failed for good afterwards', () => {
  it('is taken back from files by a call of its own, on record as such, and nothing is left to undo', async () => {
    const state = await run('write-and-stumble', 'all');
    expect(existsSync(folder.at(path))).toBe(false);
    expect(state.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(state.tasks[0]).toMatchObject({ status: { name: 'failed' }, calls: [ACT, BACK] });
    expect(state.tasks[0]?.compensate).toEqual([{ call: ACT, tool: 'take_back_changes' }]);
    expect(state.calls[BACK]).toMatchObject({
      tool: 'take_back_changes',
      compensates: ACT,
      outcome: { name: 'completed' },
    });
    expect(await calls.run.undoFiles({ id: 'u', run: 'r', paths: null })).toMatchObject({
      ok: false,
      fault: { code: 'NOTHING_TO_CHANGE' },
    });
  });

  it('is taken back only when a person says so, who is shown exactly what that does', async () => {
    const first = await answer(await run('write-and-stumble', 'ask'), 'approved');
    expect(readFileSync(folder.at(path), 'utf8')).toBe('made\n');
    expect(openApprovals(first)).toMatchObject([{ call: BACK, tool: 'take_back_changes' }]);
    expect(first.tasks[0]?.status.name).toBe('failed');
    const shown = first.calls[BACK]?.preview;
    if (shown === undefined) throw new Error('nothing is shown');
    const preview = CallPreview.parse(JSON.parse((await host.store.content.get(first.scope, shown)) ?? ''));
    expect(preview).toMatchObject({ kind: 'files', changes: { files: [{ path, kind: 'deleted' }] } });
    const last = await answer(first, 'rejected');
    expect(last.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(last.calls[BACK]?.outcome).toEqual({ name: 'refused' });
    expect(readFileSync(folder.at(path), 'utf8')).toBe('made\n');
    // What was left can still be undone by hand.
    expect(await calls.run.undoFiles({ id: 'u', run: 'r', paths: null })).toMatchObject({ ok: true });
    expect(existsSync(folder.at(path))).toBe(false);
  });

  it('stays where somebody has written since, with the reason', async () => {
    const first = await answer(await run('write-and-stumble', 'ask'), 'approved');
    writeFileSync(folder.at(path), 'mine\n');
    const last = await answer(first, 'approved');
    expect(last.calls[BACK]?.outcome).toMatchObject({ name: 'failed', fault: { code: 'FILE_CHANGED' } });
    expect(last.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(readFileSync(folder.at(path), 'utf8')).toBe('mine\n');
  });

  it('is still owed after the application was closed, and asked about once', async () => {
    const first = await answer(await run('write-and-stumble', 'ask'), 'approved');
    await host.close();
    host = await openTestHost(data.path, [STUMBLING.writes, STUMBLING.draws]);
    calls = callsOf(host);
    expect(await calls.run.resume({ id: 'resume', run: 'r' })).toMatchObject({ ok: true });
    expect(openApprovals(await settled(host, 'r'))).toEqual(openApprovals(first));
    const last = await answer(await settled(host, 'r'), 'approved');
    expect(last.calls[BACK]?.outcome.name).toBe('completed');
    expect(existsSync(folder.at(path))).toBe(false);
    const asked = (await eventsOf(host, 'r')).filter(({ type }) => type === 'approval.requested');
    expect(asked).toHaveLength(2);
  });

  it('is taken back before the task is done again', async () => {
    const first = await answer(await run('write-and-stumble', 'ask'), 'approved');
    expect(await calls.run.retryTask({ id: 'again', run: 'r', task: 'act' })).toMatchObject({ ok: true });
    const held = await settled(host, 'r');
    expect(openApprovals(held)).toEqual(openApprovals(first));
    expect(held.tasks[0]).toMatchObject({ status: { name: 'queued' }, attempt: 1 });
    const second = await answer(held, 'approved');
    expect(existsSync(folder.at(path))).toBe(false);
    expect(openApprovals(second)).toMatchObject([{ call: 'r.act.2.execute', attempt: 2 }]);
  });

  it('is taken off the board without a question, with the card it is shown by', async () => {
    const state = await run('draw-and-stumble', 'ask');
    expect(state.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(state.calls[BACK]).toMatchObject({ tool: 'canvas_take_back', outcome: { name: 'completed' } });
    expect(state.artifacts).toEqual([]);
    const { nodes } = await host.hub.snapshot({ scope: state.scope, document: state.canvas });
    expect(nodes.filter(({ kind }) => kind === 'artifact')).toEqual([]);
  });

  it('is not a branch’s to take back', async () => {
    const first = await answer(await run('write-and-stumble', 'ask'), 'approved');
    const at = { sequence: first.sequence, approve: 'ask', paused: false } as const;
    expect(await calls.run.fork({ id: 'f', run: 'r', ...at })).toMatchObject({ ok: true });
    const branch = await settled(host, 'f');
    expect(branch.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(Object.keys(branch.calls)).toEqual([ACT]);
    expect(readFileSync(folder.at(path), 'utf8')).toBe('made\n');
  });

  it.each([
    ['files.change.after', 2],
    ['files.sync.after', 2],
    ['ledger.commit.written', 14],
  ] as const)('is taken back once when the process is killed at %s, passing %i', async (name, hit) => {
    expect(await killAndTakeBack(name, hit)).toBe(true);
  });
});
