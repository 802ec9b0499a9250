import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ContentFiles } from '@soma/agent-core/adapter/content-files';
import { type OpenDatabase, openDatabase } from '@soma/agent-core/adapter/data-folder';
import { ledgerSchema, SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { commandEnvironment, createCommandTools } from '@soma/agent-core/adapter/tool-command';
import { CHANGE_SET_TYPE, type Content, fault, type RunEvent } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/source-host.ts';
import { collectCommands, collectContent } from './keep-content.ts';

const ids = createIds(systemClock);
const scope = {
  tenant: 'local',
  workspace: 'local',
  actor: [{ kind: 'person' as const, id: 'p' }],
  traceparent: ids.traceparent(),
  causation: null,
};

describe('stored texts that nothing names', () => {
  let home: ReturnType<typeof testFolder>;
  let database: OpenDatabase;
  let store: SqliteLedger;
  let content: ContentFiles;

  beforeEach(async () => {
    home = testFolder();
    const clock = systemClock;
    const how = { exit: 'clean', whenLost: 'refuse' } as const;
    database = await openDatabase({ folder: home.root, schema: ledgerSchema, clock, ...how });
    store = new SqliteLedger(database, systemClock);
    content = new ContentFiles({ folder: join(home.root, 'content') });
  });
  afterEach(() => {
    database.close();
    home.remove();
  });

  const put = (of: string) => content.put(scope, of.padEnd(5000, '.'), 'text/plain');
  const has = async (one: Content) => (await content.get(scope, one)) !== null;
  const collect = () =>
    collectContent(
      { folder: home.root, store, content, scope, clock: systemClock },
      new AbortController().signal,
    );

  /** As if everything that is stored now had been stored ten days ago. */
  function grow(): void {
    const then = new Date(Date.parse(systemClock.now()) - 10 * 24 * 3600 * 1000);
    const files = readdirSync(join(home.root, 'content'), { recursive: true, withFileTypes: true });
    for (const file of files) if (file.isFile()) utimesSync(join(file.parentPath, file.name), then, then);
  }

  async function record(...events: RunEvent[]): Promise<void> {
    const stamped = events.map((event) => ({ ...event, id: ids.next(), time: systemClock.now() }));
    const appends = [{ stream: 'run/r1', expected: 0, events: stamped }];
    expect(await store.commit({ scope, appends, fence: null })).toMatchObject({ ok: true });
  }

  it('stay when they are the before-images of a change set that an event names', async () => {
    const [before, orphan] = [await put('before'), await put('orphan')];
    const change = { path: 'a.txt', kind: 'deleted', before, after: null, added: 0, removed: 1 };
    const files = Array.from({ length: 40 }, (_, index) => ({ ...change, path: `${index}.txt` }));
    const set = await content.put(scope, JSON.stringify({ files }), CHANGE_SET_TYPE);
    expect(set.inline).toBeUndefined();
    const call = { call: 'c', task: 't', attempt: 1, tookMs: 1, note: { code: 'files-changed', data: {} } };
    const result = { hash: 'a'.repeat(64), size: 2, mediaType: 'application/json', inline: '{}' };
    const changes = { set, files: 40, added: 0, removed: 40 };
    await record({ type: 'tool-call.completed', data: { ...call, result, changes } });
    grow();
    await collect();
    expect([await has(before), await has(set), await has(orphan)]).toEqual([true, true, false]);
  });

  it('go once they are old; what an event names stays, also in the arguments of a call, and so does what is young', async () => {
    const [named, shown, orphan] = [await put('named'), await put('shown'), await put('orphan')];
    const at = { run: 'r1', folder: { id: 'f', path: '/f' }, canvas: 'c' };
    const inline = `{"cards":[{"content":"${shown.hash}"}]}`;
    const input = { hash: 'a'.repeat(64), size: inline.length, mediaType: 'application/json', inline };
    await record(
      { type: 'goal.submitted', data: { ...at, goal: named, plan: null, slots: {}, approve: 'ask' } },
      {
        type: 'step.completed',
        data: {
          task: 't',
          attempt: 1,
          step: 'plan',
          note: { code: 'arguments-ready', data: {} },
          output: input,
        },
      },
    );
    expect(await collect()).toEqual({ files: 0, bytes: 0 });
    grow();
    const young = await put('young');
    expect(await collect()).toEqual({ files: 1, bytes: 5000 });
    expect([await has(named), await has(shown), await has(young), await has(orphan)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('stay while a damaged database lies in quarantine, which may name them', async () => {
    const orphan = await put('orphan');
    grow();
    mkdirSync(join(home.root, 'quarantine'));
    expect(await collect()).toEqual({ files: 0, bytes: 0 });
    expect(await has(orphan)).toBe(true);
  });
});

describe('what commands left', () => {
  let home: ReturnType<typeof testFolder>;
  let database: OpenDatabase;
  let store: SqliteLedger;

  beforeEach(async () => {
    home = testFolder();
    const clock = systemClock;
    const how = { exit: 'clean', whenLost: 'refuse' } as const;
    database = await openDatabase({ folder: home.root, schema: ledgerSchema, clock, ...how });
    store = new SqliteLedger(database, systemClock);
  });
  afterEach(() => {
    database.close();
    home.remove();
  });

  const executions = () => join(home.root, 'commands');
  const left = () => readdirSync(executions()).sort();

  /** Runs a command for a run and answers the id of its execution. */
  async function execute(run: string): Promise<string> {
    const environment = commandEnvironment(process.env);
    const [tool] = createCommandTools({ store: executions(), environment });
    const context = {
      ...{ scope, run, task: 't', call: 'c', folder: home.root, canvas: 'c', key: run, preview: null },
      ...{ signal: new AbortController().signal, progress: () => undefined, model: null, say: () => {} },
    };
    const result = await tool?.call({ command: `echo ${run}` }, context);
    expect(result).toMatchObject({ ok: true });
    return createHash('sha256').update(run).digest('hex');
  }

  async function record(run: string, ...events: RunEvent[]): Promise<void> {
    const goal = { hash: 'a'.repeat(64), size: 2, mediaType: 'text/plain', inline: 'go' };
    const folder = { id: 'f', path: home.root };
    const asked = { run, goal, folder, canvas: 'c', plan: null, slots: {}, approve: 'all' } as const;
    const all: RunEvent[] = [{ type: 'goal.submitted', data: asked }, ...events];
    const stamped = all.map((event) => ({ ...event, id: ids.next(), time: systemClock.now() }));
    const appends = [{ stream: `run/${run}`, expected: 0, events: stamped }];
    expect(await store.commit({ scope, appends, fence: null })).toMatchObject({ ok: true });
  }

  const ended: RunEvent = {
    type: 'run.ended',
    data: { state: 'stopped', note: { code: 'stopped-by-person', data: {} }, fault: null },
  };
  const naming = (execution: string): RunEvent => ({
    type: 'tool-call.failed',
    data: { call: 'c', task: 't', attempt: 1, tookMs: 1, fault: fault('TOOL_FAILED', { execution }) },
  });

  it('goes once it is old, nothing names it and its run is over or gone; else it stays', async () => {
    const cited = await execute('cited');
    const idle = await execute('idle');
    const [over, unknown] = [await execute('over'), await execute('unknown')];
    await record('cited', naming(cited), ended);
    await record('idle');
    await record('over', ended);
    const then = new Date(Date.parse(systemClock.now()) - 10 * 24 * 3600 * 1000);
    for (const name of left()) utimesSync(join(executions(), name), then, then);
    const young = await execute('young');
    await record('young', ended);
    expect(left()).toHaveLength(10);
    const content = new ContentFiles({ folder: join(home.root, 'content') });
    const place = { folder: home.root, store, runs: store.runs, content, scope, clock: systemClock };
    const signal = new AbortController().signal;
    expect(await collectCommands({ ...place, executions: executions() }, signal)).toBe(2);
    const kept = [cited, idle, young].flatMap((id) => [`${id}.jsonl`, `${id}.out`]);
    expect(left()).toEqual(kept.sort());
    expect([over, unknown].some((id) => left().includes(`${id}.jsonl`))).toBe(false);
  });

  it('stays while a damaged database lies in quarantine, and where there is no such folder nothing is done', async () => {
    const content = new ContentFiles({ folder: join(home.root, 'content') });
    const place = { folder: home.root, store, runs: store.runs, content, scope, clock: systemClock };
    const signal = new AbortController().signal;
    expect(await collectCommands({ ...place, executions: executions() }, signal)).toBe(0);
    await execute('unknown');
    const then = new Date(Date.parse(systemClock.now()) - 10 * 24 * 3600 * 1000);
    for (const name of left()) utimesSync(join(executions(), name), then, then);
    mkdirSync(join(home.root, 'quarantine'));
    expect(await collectCommands({ ...place, executions: executions() }, signal)).toBe(0);
    expect(left()).toHaveLength(2);
  });
});
