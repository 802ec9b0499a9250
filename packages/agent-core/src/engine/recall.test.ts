import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aTool, done, EngineBench, lineIn } from '../testing/engine-bench.ts';
import { readRun } from './index.ts';

let bench: EngineBench;

beforeEach(async () => {
  bench = await EngineBench.open();
});

afterEach(() => bench.close());

async function run(name: string, change: Parameters<typeof bench.engine>[0] = {}) {
  const engine = bench.engine(change);
  await bench.submit(engine, name);
  return bench.until(['verified', 'unverified', 'failed'], name);
}

const notes = (state: Awaited<ReturnType<typeof run>>, step: 'recall' | 'execute') =>
  state.tasks.map(({ steps }) => ('note' in steps[step] ? steps[step].note.code : steps[step].status));

describe('a second run on a folder', () => {
  it('takes over what still holds, makes no call for it, and verifies it all the same', async () => {
    expect(notes(await run('r1'), 'recall')).toEqual(['nothing-remembered', 'nothing-remembered']);
    bench.calls.splice(0);
    const second = await run('r2');
    expect(second.status).toMatchObject({ state: 'verified' });
    expect(notes(second, 'recall')).toEqual(['recalled-same', 'recalled-same']);
    expect(notes(second, 'execute')).toEqual(['result-reused', 'result-reused']);
    expect(bench.calls.filter((call) => call.startsWith('read'))).toEqual([]);
    expect(second.tasks.map(({ evidence }) => evidence.length)).toEqual([1, 1]);
    expect(second.tasks[0]?.steps.recall).toMatchObject({ note: { data: { run: 'r1' } } });
  });

  it('makes every call again once anything in the folder has changed, and says what still holds', async () => {
    await run('r1');
    bench.calls.splice(0);
    appendFileSync(join(bench.folder, 'folder.txt'), 'gamma\n');
    const second = await run('r2');
    expect(notes(second, 'recall')).toEqual(['recalled-changed', 'recalled-changed']);
    expect(second.tasks[0]?.steps.recall).toMatchObject({
      note: { data: { run: 'r1', holds: 1, count: 1 } },
    });
    expect(bench.calls.filter((call) => call.startsWith('read'))).toEqual(['read 1', 'read 2']);
  });

  it('names the files whose lines do not hold any more', async () => {
    await run('r1');
    writeFileSync(join(bench.folder, 'folder.txt'), 'changed\nbeta\n');
    const second = await run('r2');
    expect(second.tasks[0]?.steps.recall).toMatchObject({
      note: { data: { holds: 0, count: 1, files: ['folder.txt'] } },
    });
    expect(second.status).toMatchObject({ state: 'verified' });
  });

  it('uses nothing when it is told to begin fresh', async () => {
    await run('r1');
    bench.calls.splice(0);
    const engine = bench.engine();
    await bench.submit(engine, 'r2', { fresh: true });
    const second = await bench.until(['verified'], 'r2');
    expect(notes(second, 'recall')).toEqual(['fresh-wanted', 'fresh-wanted']);
    expect(bench.calls).toContain('read 1');
  });

  it('makes the call after all when a remembered result turns out not to hold', async () => {
    await run('r1', { fingerprint: async () => 'a'.repeat(64) });
    bench.calls.splice(0);
    // The folder changes after Recall has looked at it.
    let looked = false;
    const verify: typeof bench.verifier.verify = async (claims, where) => {
      const verdicts = await bench.verifier.verify(claims, where);
      if (!looked) writeFileSync(join(bench.folder, 'folder.txt'), 'new\nbeta\n');
      looked = true;
      return verdicts;
    };
    const fingerprint = async () => 'a'.repeat(64);
    const second = await run('r2', { verifier: { verify }, fingerprint });
    expect(second.status).toMatchObject({ state: 'verified' });
    expect(second.tasks[0]?.evidence[0]?.claim.citation.quote).toBe('new');
    expect(bench.calls).toContain('read 1');
  });
});

describe('what a run leaves', () => {
  it('is recorded with the rule that allowed it, once for a task', async () => {
    await run('r1');
    const events = await readRun(bench.store.ledger, bench.scope, { run: 'r1' });
    const kept = events.filter(({ type }) => type === 'memory.remembered');
    expect(kept.map(({ data }) => data)).toMatchObject([
      { task: 'first', claims: 1, rule: 'remember-own-results' },
      { task: 'second', claims: 1, rule: 'remember-own-results' },
    ]);
  });

  it('is nothing where the policy does not allow it', async () => {
    const policy = {
      evaluate: async ({ kind }: { kind: string }) => ({
        verdict: kind === 'memory-write' ? ('deny' as const) : ('allow' as const),
        rule: 'test',
        policyHash: 'a'.repeat(64),
      }),
    };
    await run('r1', { policy });
    expect(notes(await run('r2'), 'recall')).toEqual(['nothing-remembered', 'nothing-remembered']);
  });

  it('is nothing for a task with an effect', async () => {
    const writing = aTool({ name: 'read_line', risk: 'board' }, async (input) =>
      done({ line: lineIn(input), quote: ['alpha', 'beta'][lineIn(input) - 1] ?? '' }),
    );
    const engine = bench.engine({}, [writing]);
    await bench.submit(engine, 'r1');
    await bench.until(['verified'], 'r1');
    const again = bench.engine({}, [writing]);
    await bench.submit(again, 'r2');
    expect(notes(await bench.until(['verified'], 'r2'), 'recall')).toEqual([
      'has-an-effect',
      'has-an-effect',
    ]);
  });
});
