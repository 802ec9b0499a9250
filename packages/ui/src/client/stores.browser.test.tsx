import type { Delta } from '@soma/schemas/delta';
import { fault } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import { EMPTY_WORKSPACE } from '@soma/schemas/workspace';
import { describe, expect, it } from 'vitest';
import { fastqRun, heldRun, rowOf } from '../testing/recorded-run.ts';
import { createDeltas, withRunNews } from './run-store.ts';
import { createViewStore } from './view-store.ts';
import { withNews } from './workspace-store.ts';

const EMPTY = {
  loaded: false,
  workspace: EMPTY_WORKSPACE,
  runs: [],
  cutOff: new Set<string>(),
  faults: [],
  models: [],
  chat: [],
  away: { models: [], goals: 0 },
};
const older = { ...rowOf(fastqRun), run: 'older', submittedAt: '2026-01-01T00:00:00.000Z' };
const newer = { ...rowOf(heldRun('paused')), run: 'newer', submittedAt: '2026-01-02T00:00:00.000Z' };

describe('what is known of the workspace', () => {
  it('is loaded by its first snapshot', () => {
    const view = withNews(EMPTY, {
      type: 'snapshot',
      workspace: EMPTY_WORKSPACE,
      runs: [older],
      faults: [],
      models: [],
      chat: [],
      away: { models: [], goals: 0 },
    });
    expect(view.loaded).toBe(true);
    expect(view.runs).toEqual([older]);
  });

  it('has its runs newest first, and one row of each', () => {
    const both = withNews(EMPTY, { type: 'runs', runs: [older, newer] });
    expect(both.runs.map(({ run }) => run)).toEqual(['newer', 'older']);
    const changed = withNews(both, { type: 'runs', runs: [{ ...newer, phase: 'running' }] });
    expect(changed.runs.map(({ run, phase }) => [run, phase])).toEqual([
      ['newer', 'running'],
      ['older', 'verified'],
    ]);
  });

  it('keeps a run that a later snapshot does not name', () => {
    const one = withNews(EMPTY, { type: 'runs', runs: [older] });
    const again = withNews(one, {
      type: 'snapshot',
      workspace: EMPTY_WORKSPACE,
      runs: [newer],
      faults: [],
      models: [],
      chat: [],
      away: { models: [], goals: 0 },
    });
    expect(again.runs.map(({ run }) => run)).toEqual(['newer', 'older']);
  });

  it('has trouble of the host for as long as the host has it', () => {
    const full = withNews(EMPTY, { type: 'faults', faults: [fault('FOLDER_GONE', { path: '/folder' })] });
    expect(full.faults.map(({ code }) => code)).toEqual(['FOLDER_GONE']);
    expect(withNews(full, { type: 'faults', faults: [] }).faults).toEqual([]);
  });

  it('is the same thing after a heartbeat, so that nothing renders', () => {
    expect(withNews(EMPTY, { type: 'heartbeat' })).toBe(EMPTY);
  });
});

describe('what is known of a run', () => {
  it('is the same whether it came event by event or as a snapshot', () => {
    const state = fold(fastqRun);
    if (state === null) throw new Error('the recorded run is empty');
    const told = fastqRun.reduce(
      (view, event) => withRunNews(view, { type: 'batch', events: [event], deltas: [] }),
      { state: null } as Parameters<typeof withRunNews>[0],
    );
    expect(told).toEqual(withRunNews({ state: null }, { type: 'snapshot', state }));
  });

  it('is the same thing after a heartbeat and after news without events', () => {
    const view = { state: fold(fastqRun) };
    expect(withRunNews(view, { type: 'heartbeat', sequence: 9 })).toBe(view);
    expect(withRunNews(view, { type: 'batch', events: [], deltas: [] })).toBe(view);
  });

  it('takes an event it has already as nothing new', () => {
    const view = { state: fold(fastqRun) };
    expect(withRunNews(view, { type: 'batch', events: fastqRun.slice(0, 5), deltas: [] })).toBe(view);
  });
});

describe('what passes in a run', () => {
  const progress = (call: string, done: number): Delta => ({
    type: 'tool-progress',
    run: 'r',
    task: 't',
    call,
    progress: { note: { code: 'files-parsed', data: { count: done } }, done, total: 9 },
  });
  const frame = () => new Promise(requestAnimationFrame);

  it('is told once a frame, with each call that has news, and only its last word is kept', async () => {
    const deltas = createDeltas();
    const told: string[][] = [];
    const stop = deltas.subscribe((calls) => told.push([...calls]));
    deltas.take([progress('a', 1), progress('b', 1)]);
    deltas.take([progress('a', 2)]);
    expect(told).toEqual([]);
    await frame();
    await frame();
    expect(told).toEqual([['a', 'b']]);
    expect(deltas.latest('a')).toEqual(progress('a', 2));
    stop();
    deltas.take([progress('a', 3)]);
    await frame();
    await frame();
    expect(told.length).toBe(1);
    expect(deltas.latest('a')).toEqual(progress('a', 3));
  });
});

describe('what the window shows', () => {
  it('goes on showing the streams of a run while something of the board is selected', () => {
    const view = createViewStore(null);
    view.select({ kind: 'task', run: 'r', task: 't' });
    view.select({ kind: 'node', canvas: 'c', node: 'n' });
    expect(view.getState()).toMatchObject({ run: 'r', selection: { kind: 'node', node: 'n' } });
    view.select(null);
    expect(view.getState().run).toBe('r');
  });

  it('opens the inspector for what was asked for, and leaves it for what was only selected', () => {
    const view = createViewStore(null);
    view.select({ kind: 'run', run: 'r' });
    expect(view.getState().panels.inspector).toBe(false);
    view.select({ kind: 'run', run: 'r' }, { reveal: true });
    expect(view.getState().panels.inspector).toBe(true);
  });

  it('forgets selection, file and run when another board opens, and only then the run', () => {
    const view = createViewStore(null);
    view.openCanvas('one');
    view.select({ kind: 'run', run: 'r' });
    view.openCode({ folder: 'f', path: 'a.js', line: 1 });
    view.openCanvas('one');
    expect(view.getState()).toMatchObject({ run: 'r', selection: null, code: null });
    view.openCanvas('two');
    expect(view.getState().run).toBeNull();
  });

  it('opens approvals at the one that waits longest, unless one is asked for', () => {
    const view = createViewStore(null);
    view.openApproval('a');
    view.openCanvas('one');
    expect(view.getState().approval).toBe('a');
    view.openPage('approvals');
    expect(view.getState()).toMatchObject({ page: 'approvals', approval: null });
  });

  it('opens the panels beside the first run at work only once', () => {
    const view = createViewStore(null);
    view.introduce();
    view.togglePanel('drawer', false);
    view.introduce();
    expect(view.getState().panels).toEqual({ sidebar: true, inspector: true, drawer: false });
  });

  it('remembers the cameras of the last forty boards', () => {
    const view = createViewStore(null);
    for (let board = 0; board < 45; board += 1) view.keepCamera(`b${board}`, { x: board, y: 0, zoom: 1 });
    view.keepCamera('b10', { x: -1, y: 0, zoom: 1 });
    const { cameras } = view.getState();
    expect(Object.keys(cameras).length).toBe(40);
    expect(cameras.b4).toBeUndefined();
    expect(Object.keys(cameras).at(-1)).toBe('b10');
  });

  it('works on when the browser keeps nothing', () => {
    sessionStorage.clear();
    // As much as a storage takes, so that nothing more fits.
    for (let size = 4_000_000; size > 0; size = Math.floor(size / 2)) {
      try {
        sessionStorage.setItem(`full-${size}`, 'x'.repeat(size));
      } catch {
        // It is full to this size.
      }
    }
    const view = createViewStore(sessionStorage);
    view.setTheme('dark');
    expect(view.getState().theme).toBe('dark');
    expect(sessionStorage.getItem('soma.view')).toBeNull();
    sessionStorage.clear();
  });
});
