import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILPOINTS, type Failpoint } from '../../failpoint/index.ts';
import { LocalHub } from '../../room/index.ts';
import { runUntilKilled } from '../../testing/kill.ts';
import { openLocalDocuments } from '../../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../../testing/local-store.ts';

const CHILD = new URL('../../testing/documents-child.ts', import.meta.url);
const own = FAILPOINTS.filter((name) => name.startsWith('documents.'));
/** So many edits that opening the board makes one of its closed past. */
const PAST = 800;
/** Milliseconds for hundreds of flushed writes on a busy disk. */
const PATIENCE = 60_000;
const address = { scope: aScope(), document: 'board' };

describe('a process killed at any place of a durable write of documents', () => {
  const home = temporaryFolder();
  const past = join(home.path, 'past');
  const journalOf = (folder: string) => `${folder}.journal`;

  async function work(
    folder: string,
    span: readonly [from: number, to: number],
    at: Failpoint | null,
  ): Promise<boolean> {
    const args = [folder, journalOf(folder), String(span[0]), String(span[1])];
    const ended = await runUntilKilled({ entry: CHILD, args, at: at === null ? null : { name: at, hit: 1 } });
    expect(ended.said).toBe('');
    return ended.killed;
  }

  beforeAll(async () => {
    expect(await work(past, [0, PAST], null)).toBe(false);
  }, PATIENCE);
  afterAll(() => home.remove());

  it.each(own)(
    'keeps what it acknowledged, whole and once, at %s',
    async (name) => {
      const folder = join(home.path, name);
      cpSync(past, folder, { recursive: true });
      cpSync(journalOf(past), journalOf(folder));
      expect(await work(folder, [PAST, PAST + 5], name)).toBe(true);
      await judge(folder);
      // Whoever does the same again under the same keys comes to the same board.
      expect(await work(folder, [PAST, PAST + 5], null)).toBe(false);
      const nodes = await judge(folder);
      expect(nodes.size).toBe(PAST + 5);
      rmSync(folder, { recursive: true });
    },
    PATIENCE,
  );

  /** Every acknowledged node is there; a node is there exactly when its key is known. */
  async function judge(folder: string): Promise<Set<string>> {
    const documents = await openLocalDocuments(folder);
    const hub = new LocalHub({ store: documents.store });
    const nodes = new Set((await hub.snapshot(address)).nodes.map(({ id }) => id));
    const acknowledged = readFileSync(journalOf(folder), 'utf8').trim().split('\n');
    expect(acknowledged.filter((index) => !nodes.has(`n${index}`))).toEqual([]);
    for (let index = 0; index < PAST + 5; index += 1) {
      expect(await hub.probe({ ...address, key: `k${index}` })).toBe(nodes.has(`n${index}`));
    }
    await hub.close();
    documents.close();
    return nodes;
  }
});
