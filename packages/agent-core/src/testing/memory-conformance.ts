import type { CheckedClaim } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Memory, MemoryEntry, RecallRequest } from '../port/index.ts';
import { aScope } from './local-store.ts';

export interface OpenMemory {
  readonly memory: Memory;
  /** Lets go of the store and opens it again, as another process would. */
  reopen(): Promise<Memory>;
  close(): Promise<void>;
}

const hash = (letter: string) => letter.repeat(64);
const scope = aScope();

function claim(text: string): CheckedClaim {
  const citation = { path: 'a.md', line: 1, quote: text };
  return {
    claim: { id: text.slice(0, 20), kind: 'quoted', text, citation },
    verdict: { checked: true, fileHash: hash('f') },
  };
}

function entry(id: string, change: Partial<MemoryEntry> = {}): MemoryEntry {
  return {
    ...{ id, run: 'r1', task: 'read', folder: '/folder', fingerprint: hash('a'), plan: hash('b') },
    ...{ tool: 'read_file@1', argumentsHash: hash('c'), tookMs: 5, at: '2026-01-01T00:00:00.000Z' },
    result: { hash: hash('d'), size: 2, mediaType: 'application/json', inline: '{}' },
    claims: [claim('The build is called ninja')],
    ...change,
  };
}

const task: RecallRequest = {
  scope,
  folder: '/folder',
  by: { name: 'task', plan: hash('b'), task: 'read', tool: 'read_file@1', argumentsHash: hash('c') },
  limit: 10,
};

function words(text: string): RecallRequest {
  return { scope, folder: '/folder', by: { name: 'words', text }, limit: 10 };
}

const ids = (found: readonly MemoryEntry[]) => found.map(({ id }) => id);

/** What every memory must do, whatever it is kept in. */
export function memoryConformance(name: string, open: () => Promise<OpenMemory>): void {
  describe(`${name} as a memory`, () => {
    let store: OpenMemory;
    let memory: Memory;
    beforeEach(async () => {
      store = await open();
      memory = store.memory;
    });
    afterEach(() => store.close());

    it('gives back what was remembered, whole, also after it was opened again', async () => {
      await memory.remember(scope, entry('m1'));
      expect(await memory.recall(task)).toEqual([entry('m1')]);
      expect(await (await store.reopen()).recall(task)).toEqual([entry('m1')]);
    });

    it('keeps texts with signs of every kind, and numbers as they are', async () => {
      const odd = entry('m1', {
        tookMs: 0.25,
        claims: [claim('"quoted" — ünï\u0000 😀 \ud83d NOT a AND b*')],
      });
      await memory.remember(scope, odd);
      const [found] = await memory.recall(task);
      expect(found?.tookMs).toBe(0.25);
      expect(found?.claims[0]?.claim.text).toContain('"quoted" — ünï');
      expect(ids(await memory.recall(words('"quoted" AND (NOT b*')))).toEqual(['m1']);
    });

    it('remembers an id once', async () => {
      await memory.remember(scope, entry('m1'));
      await memory.remember(scope, entry('m1', { tookMs: 99 }));
      expect(await memory.recall(task)).toEqual([entry('m1')]);
    });

    it('answers the newest of a task first', async () => {
      for (const id of ['m1', 'm2', 'm3']) await memory.remember(scope, entry(id));
      expect(ids(await memory.recall(task))).toEqual(['m3', 'm2', 'm1']);
      expect(ids(await memory.recall({ ...task, limit: 1 }))).toEqual(['m3']);
    });

    it('keeps the five newest of a task, and all of other tasks', async () => {
      await memory.remember(scope, entry('other', { task: 'else' }));
      for (let at = 1; at <= 9; at += 1) await memory.remember(scope, entry(`m${at}`));
      expect(ids(await memory.recall(task))).toEqual(['m9', 'm8', 'm7', 'm6', 'm5']);
      expect(await memory.recall(words('ninja'))).toHaveLength(6);
    });

    it.each([
      ['folder', { folder: '/elsewhere' }],
      ['plan', { plan: hash('e') }],
      ['task', { task: 'else' }],
      ['tool', { tool: 'read_file@2' }],
      ['arguments', { argumentsHash: hash('e') }],
    ] satisfies [string, Partial<MemoryEntry>][])('tells tasks apart by their %s', async (_what, change) => {
      await memory.remember(scope, entry('m1', change));
      expect(await memory.recall(task)).toEqual([]);
    });

    it('never answers what belongs to another tenant or workspace', async () => {
      await memory.remember({ ...scope, tenant: 'b' }, entry('m1'));
      await memory.remember({ ...scope, workspace: 'b' }, entry('m1'));
      expect(await memory.recall(task)).toEqual([]);
      expect(await memory.recall(words('ninja'))).toEqual([]);
      expect(await memory.forget(scope, { run: 'r1' })).toBe(0);
      expect(ids(await memory.recall({ ...task, scope: { ...scope, tenant: 'b' } }))).toEqual(['m1']);
    });

    it('finds by words of claims and quotes, the best first, and nothing for none', async () => {
      await memory.remember(scope, entry('m1', { task: 'a', claims: [claim('It is built with ninja')] }));
      await memory.remember(
        scope,
        entry('m2', { task: 'b', claims: [claim('ninja builds it; the tests need ninja too')] }),
      );
      await memory.remember(scope, entry('m3', { task: 'c', claims: [claim('Licence of the whole')] }));
      expect(ids(await memory.recall(words('tests ninja')))).toEqual(['m2', 'm1']);
      expect(ids(await memory.recall(words('LICENCE')))).toEqual(['m3']);
      expect(await memory.recall(words('nowhere'))).toEqual([]);
      expect(await memory.recall(words('?!'))).toEqual([]);
    });

    it('forgets a run, or all of a folder, and says how much that was', async () => {
      await memory.remember(scope, entry('m1', { task: 'a' }));
      await memory.remember(scope, entry('m2', { task: 'b', run: 'r2' }));
      await memory.remember(scope, entry('m3', { task: 'c', folder: '/elsewhere' }));
      expect(await memory.forget(scope, { run: 'r2' })).toBe(1);
      expect(await memory.forget(scope, { folder: '/folder' })).toBe(1);
      expect(await memory.forget(scope, { folder: '/folder' })).toBe(0);
      expect(await memory.recall(words('ninja'))).toEqual([]);
      expect(await (await store.reopen()).recall(words('ninja'))).toEqual([]);
    });
  });
}
