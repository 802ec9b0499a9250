import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { ContentFiles } from '@soma/agent-core/adapter/content-files';
import { type OpenDatabase, openDatabase } from '@soma/agent-core/adapter/data-folder';
import { ledgerSchema, SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import { CHANGE_SET_TYPE, type Content, type RunEvent } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/source-host.ts';
import { collectContent } from './keep-content.ts';

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
