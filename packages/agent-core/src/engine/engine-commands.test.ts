import { fault } from '@soma/schemas/event';
import { phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapter/system/index.ts';
import type { EventStore } from '../port/index.ts';
import { aTool, done, EngineBench, lineIn } from '../testing/engine-bench.ts';
import { readRun } from './index.ts';

let bench: EngineBench;

beforeEach(async () => {
  bench = await EngineBench.open();
});

afterEach(() => bench.close());

describe('commands on a run', () => {
  const held = () =>
    aTool(
      { name: 'read_line' },
      (_input, context) =>
        new Promise((resolve) => {
          context.signal.addEventListener('abort', () => resolve({ ok: false, fault: fault('TOOL_FAILED') }));
        }),
    );

  async function working(run = 'r1'): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      const [first] = (await bench.stateOf(run)).tasks;
      if (first?.calls.length === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the run does not work');
  }

  it('that are an interruption come before anything goes on, however long their record takes', async () => {
    await bench.submit(bench.engine({}, [held()]));
    await working();
    const real = bench.store.ledger;
    const slow: EventStore = {
      commit: async (commit) => {
        await systemClock.sleep(50, new AbortController().signal);
        return real.commit(commit);
      },
      read: (request) => real.read(request),
      watch: (of, listener) => real.watch(of, listener),
      lease: (request) => real.lease(request),
    };
    let looked = 0;
    const look = async () => {
      looked += 1;
      return 'unknown' as const;
    };
    const checkable = {
      ...aTool({ name: 'read_line', idempotency: 'checkable' }, async () => done({})),
      probe: look,
    };
    expect(await bench.engine({ store: slow, soleWriter: true }, [checkable]).adopt([])).toBe(1);
    expect(phaseOf(await bench.stateOf())).toBe('interrupted');
    expect(looked).toBe(0);
  });

  it('pause within 100 ms, abort the call, and resume it under the same key', async () => {
    const engine = bench.engine({}, [held()]);
    await bench.submit(engine);
    await working();
    const started = performance.now();
    const paused = await engine.command(
      'r1',
      { type: 'pause', reason: 'person', fault: null },
      { id: 'p', scope: bench.scope },
    );
    expect(paused.ok).toBe(true);
    expect(performance.now() - started).toBeLessThan(100);
    expect(phaseOf(await bench.stateOf())).toBe('paused');
    await engine.close('closing');
    const again = bench.engine();
    await again.command(
      'r1',
      { type: 'resume', approve: null, handedOver: false },
      { id: 'q', scope: bench.scope },
    );
    const state = await bench.until(['verified']);
    expect(state.tasks[0]?.attempt).toBe(1);
    expect(bench.calls[0]).toBe('read 1');
  });

  it('stop for good: what was open is stopped, and nothing starts any more', async () => {
    const engine = bench.engine({}, [held()]);
    await bench.submit(engine);
    await working();
    await engine.command('r1', { type: 'stop' }, { id: 's', scope: bench.scope });
    const state = await bench.until(['stopped']);
    expect(state.tasks.map((task) => task.status.name)).toEqual(['stopped', 'stopped']);
    const refused = await engine.command(
      'r1',
      { type: 'pause', reason: 'person', fault: null },
      { id: 't', scope: bench.scope },
    );
    expect(refused).toMatchObject({ ok: false, fault: { code: 'RUN_ENDED' } });
  });

  it('are answered the same when sent again with the same id', async () => {
    const engine = bench.engine();
    await bench.submit(engine);
    const state = await bench.until(['verified']);
    const goal = state.goal;
    const data = {
      run: 'r1',
      goal,
      folder: state.folder,
      canvas: 'c',
      plan: null,
      slots: {},
      approve: 'ask',
    } as const;
    expect(await engine.submit(data, { id: 'r1', scope: bench.scope })).toMatchObject({
      ok: true,
      sequence: 1,
    });
    expect(await engine.submit(data, { id: 'other', scope: bench.scope })).toMatchObject({
      ok: false,
      fault: { code: 'ID_REUSED' },
    });
  });

  it('wait for a person where the policy asks, and go on with exactly what was shown', async () => {
    const writing = aTool({ name: 'read_line', risk: 'write' }, async (input) =>
      done({
        line: lineIn(input),
        quote: ['alpha', 'beta'][lineIn(input) - 1] ?? '',
      }),
    );
    const engine = bench.engine({}, [writing]);
    await bench.submit(engine);
    const waiting = await bench.until(['waiting']);
    const [asked] = Object.values(waiting.approvals);
    if (asked === undefined) throw new Error('nothing was asked');
    const answer = {
      type: 'answer',
      approval: asked.id,
      argumentsHash: asked.arguments.hash,
      answer: 'approved',
      by: 'person',
      scope: 'once',
    } as const;
    expect((await engine.command('r1', answer, { id: 'a', scope: bench.scope })).ok).toBe(true);
    const second = await bench.until(['waiting', 'verified']);
    expect(second.tasks[0]?.status.name).toBe('verified');
    const [, next] = Object.values(second.approvals);
    if (next === undefined) throw new Error('the second call was not asked');
    await engine.command(
      'r1',
      { ...answer, approval: next.id, argumentsHash: next.arguments.hash, answer: 'rejected' },
      { id: 'b', scope: bench.scope },
    );
    expect((await bench.until(['failed'])).tasks[1]?.status).toMatchObject({
      name: 'failed',
      fault: { code: 'POLICY_DENIED' },
    });
  });
});

describe('a resume with the flag', () => {
  it('answers what a run waits for, and everything it would have asked after that', async () => {
    const writing = aTool({ name: 'read_line', risk: 'write' }, async (input) =>
      done({ line: lineIn(input), quote: ['alpha', 'beta'][lineIn(input) - 1] ?? '' }),
    );
    const engine = bench.engine({}, [writing]);
    await bench.submit(engine);
    await bench.until(['waiting']);
    const resume = { type: 'resume', approve: 'all', handedOver: false } as const;
    expect((await engine.command('r1', resume, { id: 'all', scope: bench.scope })).ok).toBe(true);
    const state = await bench.until(['verified']);
    expect(Object.values(state.approvals).map(({ answer }) => answer?.by)).toEqual(['flag', 'flag']);
  });
});

describe('leases', () => {
  it('let only one of two engines write a run', async () => {
    const stuck = aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const holder = bench.engine({}, [stuck]);
    await bench.submit(holder, 'r2');
    const other = bench.engine();
    expect(await other.command('r2', { type: 'stop' }, { id: 'x', scope: bench.scope })).toMatchObject({
      ok: false,
      fault: { code: 'LEASE_LOST' },
    });
    await holder.close('hand-over');
    expect((await other.command('r2', { type: 'stop' }, { id: 'y', scope: bench.scope })).ok).toBe(true);
  });
});

describe('a start after an exit', () => {
  it('asks once for a run the last process left, clean or not, and not for one a person paused', async () => {
    const stuck = () => aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const first = bench.engine({}, [stuck()]);
    await bench.submit(first, 'closed');
    await bench.submit(first, 'paused');
    await first.command(
      'paused',
      { type: 'pause', reason: 'person', fault: null },
      { id: 'p', scope: bench.scope },
    );
    await first.close('closing');
    const second = bench.engine();
    await second.adopt([]);
    expect((await bench.stateOf('closed')).status).toMatchObject({ name: 'interrupted', exit: 'clean' });
    expect(phaseOf(await bench.stateOf('paused'))).toBe('paused');
    await second.close('closing');
    const third = bench.engine();
    await third.adopt([]);
    const events = await readRun(bench.store.ledger, bench.scope, { run: 'closed' });
    expect(events.filter((event) => event.type === 'run.interrupted')).toHaveLength(1);
  });

  it('goes on without asking with what a leaving host handed over', async () => {
    const stuck = aTool({ name: 'read_line' }, () => new Promise(() => undefined));
    const first = bench.engine({}, [stuck]);
    await bench.submit(first);
    await bench.until(['running']);
    const handed = await first.close('hand-over');
    expect(handed).toEqual(['r1']);
    const second = bench.engine();
    await second.adopt(handed);
    expect(phaseOf(await bench.until(['verified']))).toBe('verified');
  });
});

describe('a full disk', () => {
  it('is reported, loses nothing, and the run goes on when there is room again', async () => {
    let full = false;
    const real = bench.store.ledger;
    const limited: EventStore = {
      commit: async (commit) => {
        if (!full) return real.commit(commit);
        full = false;
        return { ok: false, fault: fault('DISK_FULL', {}, { when: 'now' }) };
      },
      read: (request) => real.read(request),
      watch: (of, listener) => real.watch(of, listener),
      lease: (request) => real.lease(request),
    };
    const hurried = {
      ...systemClock,
      sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(Math.min(ms, 20), signal),
    };
    const engine = bench.engine({ store: limited, clock: hurried });
    const late = bench.submit(engine);
    await late;
    full = true;
    const state = await bench.until(['verified']);
    expect(phaseOf(state)).toBe('verified');
    expect(bench.troubles.map((trouble) => trouble?.code ?? null)).toEqual(['DISK_FULL', null]);
  });

  it('refuses commands at once and is still read while work waits for room', async () => {
    let full = false;
    const real = bench.store.ledger;
    const limited: EventStore = {
      commit: async (commit) =>
        full ? { ok: false, fault: fault('DISK_FULL', {}, { when: 'now' }) } : real.commit(commit),
      read: (request) => real.read(request),
      watch: (of, listener) => real.watch(of, listener),
      lease: (request) => real.lease(request),
    };
    const engine = bench.engine({ store: limited });
    await bench.submit(engine);
    full = true;
    while (bench.troubles.length === 0) await systemClock.sleep(5, new AbortController().signal);
    const before = performance.now();
    const meta = { id: 'p1', scope: bench.scope };
    const pause = { type: 'pause', reason: 'person', fault: null } as const;
    expect(await engine.command('r1', pause, meta)).toMatchObject({
      ok: false,
      fault: { code: 'DISK_FULL' },
    });
    expect(performance.now() - before).toBeLessThan(1000);
    expect(phaseOf(await bench.stateOf('r1'))).not.toBe('paused');
    full = false;
    expect(await engine.command('r1', pause, meta)).toMatchObject({ ok: true });
    expect(phaseOf(await bench.stateOf('r1'))).toBe('paused');
    await engine.close('closing');
  });
});
