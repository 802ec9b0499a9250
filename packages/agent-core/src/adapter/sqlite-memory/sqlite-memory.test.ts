import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { aScope, openLocalStore, temporaryFolder } from '../../testing/local-store.ts';
import { memoryConformance } from '../../testing/memory-conformance.ts';

memoryConformance('SQLite', async () => {
  const home = temporaryFolder();
  let store = await openLocalStore(join(home.path, 'data'));
  const close = async () => {
    await store.memory.close();
    store.close();
  };
  return {
    memory: store.memory,
    reopen: async () => {
      await close();
      store = await openLocalStore(join(home.path, 'data'));
      return store.memory;
    },
    close: async () => {
      await close();
      home.remove();
    },
  };
});

describe('a memory that was changed behind its back', () => {
  it('is left out, as if it had been forgotten, and nothing else is', async () => {
    const home = temporaryFolder();
    const folder = join(home.path, 'data');
    const scope = aScope();
    const hash = 'a'.repeat(64);
    const entry = (id: string, task: string) => ({
      ...{
        id,
        run: 'r',
        task,
        folder: '/f',
        fingerprint: null,
        plan: hash,
        tool: 't@1',
        argumentsHash: hash,
      },
      ...{ tookMs: 1, claims: [], at: '2026-01-01T00:00:00.000Z' },
      result: { hash, size: 2, mediaType: 'application/json', inline: '{}' },
    });
    const recall = (task: string) => ({
      ...{ scope, folder: '/f', limit: 5 },
      by: { name: 'task', plan: hash, task, tool: 't@1', argumentsHash: hash } as const,
    });
    const first = await openLocalStore(folder);
    await first.memory.remember(scope, entry('m1', 'one'));
    await first.memory.remember(scope, entry('m2', 'two'));
    await first.memory.close();
    first.close();
    const db = new Database(join(folder, 'memory.db'));
    db.exec(
      `UPDATE memories SET payload = cast(replace(cast(payload AS TEXT), '"r"', '"x"') AS BLOB) WHERE id = 'm1'`,
    );
    db.close();
    const second = await openLocalStore(folder);
    expect(await second.memory.recall(recall('one'))).toEqual([]);
    expect(await second.memory.recall(recall('two'))).toHaveLength(1);
    await second.memory.close();
    second.close();
    home.remove();
  });
});
