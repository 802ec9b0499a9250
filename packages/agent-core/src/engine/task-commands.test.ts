import { fault } from '@soma/schemas/event';
import { fold, phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tool } from '../port/index.ts';
import { aTool, done, EngineBench, lineIn } from '../testing/engine-bench.ts';
import { readRun } from './index.ts';

let bench: EngineBench;

beforeEach(async () => {
  bench = await EngineBench.open();
});

afterEach(() => bench.close());

const QUOTES = ['alpha', 'beta'];

/** Reads line 1, and line 2 only when `works` says so. */
function failing(works: () => boolean, keys: string[] = []): Tool {
  return aTool({ name: 'read_line' }, async (input, context) => {
    const line = lineIn(input);
    keys.push(context.key);
    if (line === 2 && !works()) return { ok: false, fault: fault('TOOL_FAILED', { tool: 'read_line' }) };
    return done({ line, quote: QUOTES[line - 1] ?? '' });
  });
}

async function eventsOf(run: string) {
  return readRun(bench.store.ledger, bench.scope, { run });
}

describe('a failed run', () => {
  it('ends verified when its failed task is done again, under another key, with what was finished kept', async () => {
    let works = false;
    const keys: string[] = [];
    const engine = bench.engine({}, [failing(() => works, keys)]);
    await bench.submit(engine);
    await bench.until(['failed']);
    works = true;
    const again = { type: 'retry-task', task: 'second' } as const;
    expect((await engine.command('r1', again, { id: 'again', scope: bench.scope })).ok).toBe(true);
    const state = await bench.until(['verified']);
    expect(state.endings).toBe(2);
    expect(keys).toEqual(['r1.first.1.execute', 'r1.second.1.execute', 'r1.second.2.execute']);
    const row = await bench.store.ledger.runs.get(bench.scope, 'r1');
    expect(row).toMatchObject({ phase: 'verified', claims: 2, claimsChecked: 2, tasksVerified: 2 });
    // The same command once more changes nothing.
    await engine.command('r1', again, { id: 'again', scope: bench.scope });
    expect((await bench.stateOf()).endings).toBe(2);
  });

  it('goes on when its task is done again in the moment in which another command was refused', async () => {
    let works = false;
    const first = bench.engine({}, [failing(() => works)]);
    await bench.submit(first);
    await bench.until(['failed']);
    await first.close('closing');
    works = true;
    const second = bench.engine({}, [failing(() => works)]);
    const pause = { type: 'pause', reason: 'person', fault: null } as const;
    const refused = second.command('r1', pause, { id: 'p', scope: bench.scope });
    const again = { type: 'retry-task', task: 'second' } as const;
    const taken = second.command('r1', again, { id: 'again', scope: bench.scope });
    expect(await refused).toMatchObject({ ok: false, fault: { code: 'RUN_ENDED' } });
    expect((await taken).ok).toBe(true);
    expect((await bench.until(['verified'])).endings).toBe(2);
  });
});

describe('a call of unknown outcome', () => {
  it('is put before a person: the run pauses, and the task is done again only when they say so', async () => {
    let calls = 0;
    const neither = (call: Tool['call']) => aTool({ name: 'read_line', idempotency: 'neither' }, call);
    const first = bench.engine({}, [neither(() => new Promise(() => (calls += 1)))]);
    await bench.submit(first);
    await bench.until(['running']);
    while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.close('hand-over');
    const second = bench.engine({}, [
      neither(async (input) => {
        calls += 1;
        return done({ line: lineIn(input), quote: QUOTES[lineIn(input) - 1] ?? '' });
      }),
    ]);
    await second.adopt(['r1']);
    const paused = await bench.until(['paused']);
    expect(paused.status).toMatchObject({ reason: 'fault', fault: { code: 'TOOL_OUTCOME_UNKNOWN' } });
    expect(calls).toBe(1);
    const resume = { type: 'resume', approve: null, handedOver: false } as const;
    await second.command('r1', { type: 'retry-task', task: 'first' }, { id: 'a', scope: bench.scope });
    await second.command('r1', resume, { id: 'b', scope: bench.scope });
    await bench.until(['verified']);
    expect(calls).toBe(3);
  });
});

describe('arguments a person gave', () => {
  it('are what the task is done with, and are recorded as a person’s', async () => {
    const engine = bench.engine();
    await bench.submit(engine, 'r0', { fresh: true });
    await bench.until(['verified'], 'r0');
    const planned = (await eventsOf('r0')).findIndex(({ type }) => type === 'plan.approved') + 1;
    const history = (await eventsOf('r0')).slice(0, planned);
    const fork = { type: 'fork', run: 'r1', history, approve: 'ask', paused: true } as const;
    await engine.command('r1', fork, { id: 'r1', scope: bench.scope });
    const stored = await bench.store.content.put(bench.scope, '{"line":2}', 'application/json');
    const edit = { type: 'edit-task', task: 'first', arguments: stored } as const;
    expect((await engine.command('r1', edit, { id: 'e', scope: bench.scope })).ok).toBe(true);
    bench.calls.splice(0);
    const resume = { type: 'resume', approve: null, handedOver: false } as const;
    await engine.command('r1', resume, { id: 'go', scope: bench.scope });
    const state = await bench.until(['verified']);
    expect(bench.calls.slice(0, 2)).toEqual(['read 2', 'read 2']);
    expect(state.tasks[0]?.steps.plan).toMatchObject({ note: { code: 'arguments-edited' } });
  });
});

describe('a branch', () => {
  it('holds its parent’s history up to the point, event by event, and goes its own way after it', async () => {
    const engine = bench.engine();
    await bench.submit(engine);
    const parent = await bench.until(['verified']);
    const events = await eventsOf('r1');
    for (const [index, { type }] of events.entries()) {
      if (type !== 'step.completed' && type !== 'tool-call.decided') continue;
      const run = `branch-${index}`;
      const history = events.slice(0, index + 1);
      const fork = { type: 'fork', run, history, approve: 'ask', paused: false } as const;
      expect((await engine.command(run, fork, { id: run, scope: bench.scope })).ok).toBe(true);
      const state = await bench.until(['verified'], run);
      expect(state.fork).toEqual({ run: 'r1', sequence: index + 1, events: index + 1 });
      expect(state.submittedAt).toBe(parent.submittedAt);
      const own = await eventsOf(run);
      expect(own.slice(1, index + 1).map(({ data }) => data)).toEqual(
        history.slice(1).map(({ data }) => data),
      );
      expect(fold(own)?.tasks.map(({ evidence }) => evidence)).toEqual(
        parent.tasks.map(({ evidence }) => evidence),
      );
    }
    // Nothing a branch did was written into its parent.
    expect(await eventsOf('r1')).toEqual(events);
  });

  it('does what was under way at the point again under its own key', async () => {
    const keys: string[] = [];
    const engine = bench.engine({}, [failing(() => true, keys)]);
    await bench.submit(engine, 'r1', { fresh: true });
    await bench.until(['verified']);
    const events = await eventsOf('r1');
    const cut = events.findIndex(({ type }) => type === 'tool-call.decided') + 1;
    const fork = { run: 'r2', history: events.slice(0, cut), approve: 'ask', paused: false } as const;
    await engine.command('r2', { type: 'fork', ...fork }, { id: 'r2', scope: bench.scope });
    await bench.until(['verified'], 'r2');
    expect(keys.slice(2)).toEqual(['r2.first.2.execute', 'r2.second.1.execute']);
  });

  it('waits for a person when it was asked to', async () => {
    const engine = bench.engine();
    await bench.submit(engine);
    await bench.until(['verified']);
    const history = await eventsOf('r1');
    const fork = { type: 'fork', run: 'r2', history, approve: 'ask', paused: true } as const;
    await engine.command('r2', fork, { id: 'r2', scope: bench.scope });
    expect(phaseOf(await bench.stateOf('r2'))).toBe('paused');
  });

  it('is not made twice, whoever asks for the same id', async () => {
    const engine = bench.engine();
    await bench.submit(engine);
    await bench.until(['verified']);
    const history = (await eventsOf('r1')).slice(0, 3);
    const fork = { type: 'fork', run: 'r2', history, approve: 'ask', paused: true } as const;
    const first = await engine.command('r2', fork, { id: 'r2', scope: bench.scope });
    expect(await engine.command('r2', fork, { id: 'r2', scope: bench.scope })).toEqual({
      ...first,
      sequence: 1,
    });
    expect(await engine.command('r2', fork, { id: 'other', scope: bench.scope })).toMatchObject({
      fault: { code: 'ID_REUSED' },
    });
  });
});
