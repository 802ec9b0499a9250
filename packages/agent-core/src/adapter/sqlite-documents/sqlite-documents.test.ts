import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { LocalHub } from '../../room/index.ts';
import {
  type DocumentStoreUnderTest,
  documentStoreConformance,
} from '../../testing/document-store-conformance.ts';
import { openLocalDocuments, openWindow, until } from '../../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../../testing/local-store.ts';
import { openDatabase } from '../data-folder/index.ts';
import { systemClock } from '../system/index.ts';
import { documentsSchema, SqliteDocuments } from './index.ts';

const home = temporaryFolder();
afterAll(() => home.remove());
let folders = 0;

function folder(): string {
  folders += 1;
  return join(home.path, `store-${folders}`);
}

async function openAt(path: string): Promise<DocumentStoreUnderTest> {
  const documents = await openLocalDocuments(path);
  return {
    store: documents.store,
    reopen: async () => {
      documents.close();
      return openAt(path);
    },
    close: async () => {
      documents.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

documentStoreConformance('documents.db', () => openAt(folder()));

const scope = aScope();
const document = 'board';
const origin = { author: 'person:ann', kind: 'edit', key: null, group: 'g' } as const;

describe('documents.db', () => {
  it.each([
    ['bytes of an update', "UPDATE updates SET payload = x'00' WHERE sequence = 2", 'checksum'],
    ['the author of an update', "UPDATE updates SET author = 'person:eve' WHERE sequence = 2", 'checksum'],
    ['the step of an update', "UPDATE updates SET step = 'other' WHERE sequence = 2", 'checksum'],
    ['the document of an update', "UPDATE updates SET document = 'other' WHERE sequence = 3", 'missing'],
    ['an update that is gone', 'DELETE FROM updates WHERE sequence = 2', 'missing'],
  ])('is found damaged by a change of %s, and never answers with it', async (_, statement, reason) => {
    const path = folder();
    const documents = await openLocalDocuments(path);
    for (const byte of [1, 2, 3]) {
      await documents.store.append(scope, document, { update: Uint8Array.of(byte), origin });
    }
    const other = new Database(join(path, 'documents.db'));
    other.exec(statement);
    other.close();
    const read = documentsOf(statement);
    await expect(documents.store.load(scope, read)).rejects.toMatchObject({
      fault: { code: 'DATABASE_DAMAGED', data: { reason } },
    });
    documents.close();
    const mended = await openLocalDocuments(path);
    expect(await updatesOf(mended.store, document)).toEqual(
      statement.includes("document = 'other'") ? [1, 2] : [1],
    );
    expect(await updatesOf(mended.store, 'other')).toEqual([]);
    mended.close();
  });

  async function updatesOf(store: SqliteDocuments, name: string): Promise<number[]> {
    return (await store.load(scope, name)).map(({ update }) => update[0] ?? -1);
  }

  describe('damaged, and larger than what is read at every start', () => {
    const large = (first: number) => new Uint8Array(1_200_000).fill(first);
    let path: string;

    async function open() {
      const where = { folder: path, schema: documentsSchema, clock: systemClock };
      const database = await openDatabase({ ...where, exit: 'clean', whenLost: 'begin-anew' });
      return { database, store: new SqliteDocuments(database) };
    }

    /** Three updates of each of two boards are in the backup; a fourth and a fifth came after it. */
    async function prepare(): Promise<void> {
      path = folder();
      const { database, store } = await open();
      const append = async (bytes: readonly number[]) => {
        for (const byte of bytes)
          for (const board of ['board', 'whole'])
            await store.append(scope, board, {
              update: large(byte),
              origin: { ...origin, key: `${board}-${byte}` },
            });
      };
      await append([1, 2, 3]);
      await database.backup(0);
      await append([4, 5]);
      database.close();
    }

    async function damage(statement: string): Promise<void> {
      const other = new Database(join(path, 'documents.db'));
      other.exec(statement);
      other.close();
    }

    it('is taken up from its backup at the start after the damage was met, with everything that can be read', async () => {
      await prepare();
      await damage("UPDATE updates SET step = 'other' WHERE document = 'board' AND sequence = 2");
      const met = await open();
      expect(met.database.mended).toBeNull();
      expect(await updatesOf(met.store, 'whole')).toEqual([1, 2, 3, 4, 5]);
      await expect(met.store.load(scope, 'board')).rejects.toMatchObject({
        fault: { code: 'DATABASE_DAMAGED', data: { reason: 'checksum' } },
      });
      met.database.close();
      const { database, store } = await open();
      expect(database.mended).toMatchObject({ base: 'backup', reason: 'checksum', recovered: 4, lost: 0 });
      for (const board of ['board', 'whole']) expect(await updatesOf(store, board)).toEqual([1, 2, 3, 4, 5]);
      expect(await store.has(scope, 'board', 'board-5')).toBe(true);
      expect(documentsSchema.inspect(database.db)).toBeNull();
      database.close();
    });

    it('loses nothing to a compaction that came after the backup', async () => {
      await prepare();
      const before = await open();
      await before.store.compact(scope, 'whole', { through: 4, update: large(9) });
      before.database.close();
      await damage("UPDATE updates SET step = 'other' WHERE document = 'board' AND sequence = 5");
      const met = await open();
      await expect(met.store.load(scope, 'board')).rejects.toMatchObject({
        fault: { code: 'DATABASE_DAMAGED' },
      });
      met.database.close();
      const { database, store } = await open();
      expect(database.mended).toMatchObject({ base: 'backup', recovered: 3, lost: 1 });
      expect(await updatesOf(store, 'whole')).toEqual([9, 5]);
      expect(await updatesOf(store, 'board')).toEqual([1, 2, 3, 4]);
      expect(await store.has(scope, 'whole', 'whole-4')).toBe(true);
      expect(documentsSchema.inspect(database.db)).toBeNull();
      database.close();
    });
  });

  /** The document in which the change of the statement shows. */
  function documentsOf(statement: string): string {
    return statement.includes("document = 'other'") ? 'other' : document;
  }

  it('says that the disk is full, keeps what it has, and goes on when there is space', async () => {
    const database = await openDatabase({
      folder: folder(),
      schema: documentsSchema,
      clock: systemClock,
      exit: 'clean',
      whenLost: 'refuse',
    });
    const hub = new LocalHub({ store: new SqliteDocuments(database) });
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    const note = (id: string, text: string) =>
      canvas.apply([
        { type: 'add-node', node: { kind: 'note', id, text, x: 0, y: 0, width: 10, height: 10 } },
      ]);
    note('a', 'small');
    await until('it is saved', () => canvas.saved.get() === 'saved');
    const pages = Number(database.db.pragma('page_count', { simple: true }));
    database.db.pragma(`max_page_count = ${pages + 2}`);
    note('b', 'x'.repeat(100_000));
    await until('it is refused', () => canvas.refused.get()?.code === 'DISK_FULL');
    expect(canvas.saved.get()).toBe('offline');
    expect((await hub.snapshot({ scope, document })).nodes.map(({ id }) => id)).toEqual(['a']);
    canvas.retry();
    await until(
      'it is refused again',
      () => canvas.refused.get() !== null && canvas.saved.get() === 'offline',
    );
    database.db.pragma('max_page_count = 1073741823');
    note('c', 'more');
    await until('all is saved', () => canvas.saved.get() === 'saved');
    expect(canvas.refused.get()).toBe(null);
    expect((await hub.snapshot({ scope, document })).nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    window.disconnect();
    await hub.close();
    database.close();
  });

  it('takes an undo back that it cannot store, and does it when it can', async () => {
    const database = await openDatabase({
      folder: folder(),
      schema: documentsSchema,
      clock: systemClock,
      exit: 'clean',
      whenLost: 'refuse',
    });
    const hub = new LocalHub({ store: new SqliteDocuments(database) });
    const board = { scope, document };
    const node = { kind: 'note', id: 'a', text: '', x: 0, y: 0, width: 10, height: 10 } as const;
    await hub.mutate({ ...board, author: 'run:r', key: 'k', mutations: [{ type: 'add-node', node }] });
    database.db.pragma('query_only = ON');
    await expect(hub.undoAll({ ...board, author: 'run:r' })).rejects.toMatchObject({
      fault: { code: 'DATA_FOLDER_UNUSABLE' },
    });
    expect((await hub.snapshot(board)).nodes).toHaveLength(1);
    database.db.pragma('query_only = OFF');
    expect(await hub.undoAll({ ...board, author: 'run:r' })).toEqual({ changed: true });
    expect((await hub.snapshot(board)).nodes).toHaveLength(0);
    await hub.close();
    database.close();
  });

  it('never shows a board that cannot be read as an empty one', async () => {
    const path = folder();
    const documents = await openLocalDocuments(path);
    await documents.store.append(scope, document, { update: Uint8Array.of(1, 2, 3), origin });
    const hub = new LocalHub({ store: documents.store });
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    await until('it is refused', () => canvas.refused.get() !== null);
    expect(canvas.refused.get()).toMatchObject({ code: 'DATABASE_DAMAGED' });
    expect(canvas.loaded.get()).toBe(false);
    await expect(hub.snapshot({ scope, document })).rejects.toMatchObject({
      fault: { code: 'DATABASE_DAMAGED' },
    });
    canvas.apply([
      { type: 'add-node', node: { kind: 'note', id: 'a', text: '', x: 0, y: 0, width: 9, height: 9 } },
    ]);
    await until('it is refused again', () => canvas.refused.get() !== null);
    expect(await documents.store.load(scope, document)).toHaveLength(1);
    expect(canvas.saved.get()).toBe('offline');
    window.disconnect();
    await hub.close();
    documents.close();
  });
});
