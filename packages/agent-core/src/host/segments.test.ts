import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import { type RecordedRunEvent, runStream } from '@soma/schemas/event';
import { fold, phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRun, type RunLog } from '../engine/index.ts';
import type { EventStore } from '../port/index.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { killAndResume } from '../testing/run-kill-scenario.ts';
import { callsOf, eventsOf, SMALL_PLAN, settled, submitGoal } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

const SEGMENT = 9;
const scope = aScope();
let home: ReturnType<typeof temporaryFolder>;
let opened: TestHost;
let calls: HostCalls;

async function open(segmentEvents?: number): Promise<void> {
  const options = segmentEvents === undefined ? {} : { segmentEvents };
  opened = await openTestHost(join(home.path, 'data'), [SMALL_PLAN], options);
  calls = callsOf(opened);
  await opened.host.start();
}

const where = () => ({ folder: join(home.path, 'folder'), slots: { word: 'TWO' } });

/** A run that came to its end in segments of nine events. */
async function divided(): Promise<readonly RecordedRunEvent[]> {
  await open(SEGMENT);
  await submitGoal(calls, { run: 'r1', goal: 'name the files', ...where() });
  expect(phaseOf(await settled(opened, 'r1'))).toBe('verified');
  return eventsOf(opened, 'r1');
}

async function streamsOf(run: string): Promise<readonly number[]> {
  return (await opened.log.runs.get(scope, run))?.segments ?? [];
}

describe('a run whose log goes on in further segments', () => {
  beforeEach(() => {
    home = temporaryFolder();
    mkdirSync(join(home.path, 'folder'));
    writeFileSync(join(home.path, 'folder', 'a.txt'), 'ONE\nTWO\n');
  });
  afterEach(async () => {
    await opened.close();
    home.remove();
  });

  it('is one run to whoever reads it: its row, its state, its history from anywhere and its news', async () => {
    const events = await divided();
    const segments = await streamsOf('r1');
    expect(segments.length).toBeGreaterThan(3);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ stream }) => stream))).toEqual(new Set(['run/r1']));
    for (const [index, after] of segments.entries()) {
      const { events: kept } = await opened.store.ledger.read({
        ...{ scope, stream: runStream('r1', after), after: 0, limit: 1000 },
      });
      const begun = { run: 'r1', after, from: segments[index - 1] ?? 0 };
      expect(kept[0]).toMatchObject({ type: 'segment.begun', sequence: 1, data: begun });
    }
    const state = fold(events);
    expect(await calls.run.get({ run: 'r1' })).toMatchObject({ ok: true, state, segments });
    expect((await opened.log.runs.get(scope, 'r1'))?.sequence).toBe(events.length);
    for (let after = 0; after <= events.length; after += 1) {
      const page = await calls.run.history({ run: 'r1', after, limit: 12 });
      expect(page).toEqual({ ok: true, events: events.slice(after, after + 12) });
    }
    const news = (await calls.run.watch({ run: 'r1', after: 4 }))[Symbol.asyncIterator]();
    expect((await news.next()).value).toEqual({ type: 'batch', events: events.slice(4), deltas: [] });
    await news.return?.();
  });

  it('is opened from its newest segment on, and from its first event where what was kept of the others is gone', async () => {
    const events = await divided();
    const whole = await openRun(opened.log, scope, 'r1');
    const reads: string[] = [];
    expect(await openRun(watched(reads), scope, 'r1')).toEqual(whole);
    expect(reads).not.toContain('run/r1');
    expect(whole.state).toEqual(fold(events));
    expect(whole.commands.size).toBeGreaterThan(0);
    expect(await openRun({ ...opened.log, version: 'another' }, scope, 'r1')).toEqual(whole);
    for (const name of readdirSync(join(home.path, 'data', 'content'), { recursive: true }))
      if (/[0-9a-f]{60}/.test(String(name)))
        rmSync(join(home.path, 'data', 'content', String(name)), { recursive: true, force: true });
    expect(await openRun(watched(reads), scope, 'r1')).toEqual(whole);
    expect(reads).toContain('run/r1');
  });

  it('can be branched at any of its events, and its branches are divided as well', async () => {
    const events = await divided();
    for (let sequence = 2; sequence < events.length; sequence += 11) {
      const id = `branch-${sequence}`;
      const forked = await calls.run.fork({ id, run: 'r1', sequence, approve: 'ask', paused: false });
      expect(forked).toMatchObject({ ok: true });
      const state = await settled(opened, id);
      expect(phaseOf(state)).toBe('verified');
      const own = await eventsOf(opened, id);
      expect(own.map((event) => event.sequence)).toEqual(own.map((_, index) => index + 1));
      expect((await openRun(opened.log, scope, id)).state).toEqual(state);
      expect((await streamsOf(id))[0]).toBe(SEGMENT);
    }
  });

  it('answers a command that is sent again as it did the first time, however many segments lie between', async () => {
    await open(SEGMENT);
    const goal = { run: 'r1', goal: 'name the files', ...where() };
    await submitGoal(calls, goal);
    const state = await settled(opened, 'r1');
    await opened.close();
    await open(SEGMENT);
    const { text, ...rest } = { text: goal.goal, folder: state.folder.id, canvas: state.canvas };
    const again = await calls.goal.submit({
      ...{ id: 'r1', text, ...rest, plan: null, slots: { word: 'TWO' }, approve: 'ask' },
    });
    expect(again).toMatchObject({ ok: true, sequence: 1 });
  });
});

describe('a process that dies while a log goes on in a further segment', () => {
  for (const [name, hit] of [
    ['segment.begin.before', 2],
    ['segment.begin.after', 3],
    ['ledger.commit.written', 14],
    ['content.put.written', 3],
  ] as const) {
    it(`leaves a run that resumes to the same end, killed at ${name}`, { timeout: 60_000 }, async () => {
      expect(await killAndResume(name, hit, 5)).toBe(true);
    });
  }
});

/** The log, which notes the streams that are read. */
function watched(reads: string[]): RunLog {
  const { ledger } = opened.store;
  const store: EventStore = {
    commit: (commit) => ledger.commit(commit),
    watch: (of, listener) => ledger.watch(of, listener),
    lease: (request) => ledger.lease(request),
    read: (request) => {
      reads.push(request.stream ?? '');
      return ledger.read(request);
    },
  };
  return { ...opened.log, store };
}
