import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import type { RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { childrenOf, DELEGATING_PLANS, ended } from '../testing/delegate-scenario.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { callsOf, submitGoal } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';
import { loadRun } from './run-news.ts';

// A run has another change a file and goes on with it: the other's change lies under its own.

let home: ReturnType<typeof temporaryFolder>;
let opened: TestHost;
let calls: HostCalls;
let child: string;
const file = () => join(home.path, 'folder', 'docs', 'a.txt');
const other = () => join(home.path, 'folder', 'docs', 'b.txt');
const text = () => readFileSync(file(), 'utf8');
const undo = (run: string, paths: string[] | null = null, id = `undo-${run}`) =>
  calls.run.undoFiles({ id, run, paths });

beforeEach(async () => {
  home = temporaryFolder();
  mkdirSync(join(home.path, 'folder', 'docs'), { recursive: true });
  writeFileSync(file(), 'one\n');
  writeFileSync(other(), 'one\n');
  opened = await openTestHost(join(home.path, 'data'), DELEGATING_PLANS);
  await opened.host.start();
  calls = callsOf(opened);
  const goal = { run: 'writing', goal: 'write on', plan: 'write-on', approve: 'all' } as const;
  await submitGoal(calls, { ...goal, folder: join(home.path, 'folder') });
  await ended(opened, 'writing');
  child = (await childrenOf(opened, 'writing'))[0]?.run ?? '';
  expect(text()).toBe('three\n');
}, 60_000);
afterEach(async () => {
  await opened.close();
  home.remove();
});

async function stateOf(run: string): Promise<RunState> {
  const state = await loadRun(opened.log, aScope(), run);
  if (state === null) throw new Error(`there is no run ${run}`);
  return state;
}

it('undoing a run takes back what those it started did under its own changes, and each knows of its part', async () => {
  const undone = await undo('writing');
  expect(undone).toMatchObject({ ok: true, restored: ['docs/a.txt', 'docs/b.txt'], kept: [] });
  expect([text(), readFileSync(other(), 'utf8')]).toEqual(['one\n', 'one\n']);
  expect((await stateOf('writing')).undone).toEqual(['docs/a.txt', 'docs/b.txt']);
  expect((await stateOf(child)).undone).toEqual(['a.txt', 'b.txt']);
  const again = await undo('writing', null, 'again');
  expect(again).toMatchObject({ ok: false, fault: { code: 'NOTHING_TO_CHANGE' } });
}, 60_000);

it('a file that somebody has written since stays, and is named to each run that changed it', async () => {
  writeFileSync(file(), 'mine\n');
  const kept = [{ path: 'docs/a.txt', fault: { code: 'FILE_CHANGED' } }];
  expect(await undo('writing')).toMatchObject({ ok: true, restored: ['docs/b.txt'], kept });
  expect(text()).toBe('mine\n');
  expect((await stateOf(child)).undone).toEqual(['b.txt']);
}, 60_000);

it('undoing one file, or the run that was started, leaves the others of the family alone', async () => {
  expect(await undo('writing', ['docs/a.txt'])).toMatchObject({ ok: true, restored: ['docs/a.txt'] });
  expect([text(), readFileSync(other(), 'utf8')]).toEqual(['two\n', 'three\n']);
  expect(await undo(child, ['a.txt'])).toMatchObject({ ok: true, restored: ['a.txt'] });
  expect(text()).toBe('one\n');
  const rest = await undo('writing', null, 'rest');
  expect(rest).toMatchObject({ ok: true, restored: ['docs/b.txt'], kept: [] });
  expect(readFileSync(other(), 'utf8')).toBe('one\n');
}, 60_000);

it('the cards of those it started leave the board with its own, and come back', async () => {
  const board = (run: string, redo: boolean, id: string) => calls.run.undoBoard({ id, run, redo });
  expect(await board('writing', false, '1')).toEqual({ ok: true, changed: true });
  expect(await board(child, false, '2')).toEqual({ ok: true, changed: false });
  expect(await board('writing', true, '3')).toEqual({ ok: true, changed: true });
  expect(await board(child, false, '4')).toEqual({ ok: true, changed: true });
}, 60_000);
