import { cpSync } from 'node:fs';
import { join } from 'node:path';
import {
  CanvasClient,
  type CanvasMutation,
  noteText,
  type OpenCanvas,
  readCanvas,
} from '@soma/schemas/canvas';
import { framePort } from '@soma/schemas/contract';
import type { FaultError } from '@soma/schemas/event';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalDocuments, openLocalDocuments, openWindow, until } from '../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { pipePair } from '../testing/pipe-pair.ts';
import { LocalHub } from './index.ts';

const scope = aScope();
const document = 'board';
const board = { scope, document };

function note(id: string, text = ''): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text, x: 0, y: 0, width: 200, height: 100 } };
}

const saved = (canvas: OpenCanvas) => until('it is saved', () => canvas.saved.get() === 'saved');
const idsOf = (canvas: OpenCanvas) => readCanvas(canvas.doc).nodes.map(({ id }) => id);

describe('a window’s client', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let hub: LocalHub;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(join(home.path, 'data'));
    hub = new LocalHub({ store: documents.store });
  });
  afterEach(async () => {
    await hub.close();
    documents.close();
    home.remove();
  });

  const stored = () => documents.store.load(scope, document);
  const nodes = async () => (await hub.snapshot(board)).nodes.map(({ id }) => id);

  it('opens a document once for all who ask, and lets it go after the last', async () => {
    const { client } = openWindow(hub, 'person:ann');
    const [first, second] = [client.open(document), client.open(document)];
    expect(second).toBe(first);
    first.apply([note('a')]);
    await saved(first);
    first.close();
    second.apply([note('b')]);
    await saved(second);
    second.close();
    second.close();
    const third = client.open(document);
    expect(third).not.toBe(first);
    await until('it is loaded', () => third.loaded.get());
    expect(idsOf(third)).toEqual(['a', 'b']);
    client.disconnect();
  });

  it('takes edits that follow one another quickly for one step, unless a step is ended between', async () => {
    let now = 0;
    const { client } = openWindow(hub, 'person:ann', { now: () => now });
    const canvas = client.open(document);
    canvas.apply([note('a')]);
    await saved(canvas);
    const type = (text: string, after: number) => {
      now += after;
      noteText(canvas.doc, 'a')?.insert(0, text);
    };
    for (const [text, after] of [
      ['1', 1000],
      ['2', 499],
      ['3', 499],
      ['4', 500],
    ] as const)
      type(text, after);
    canvas.step();
    type('5', 0);
    canvas.apply([{ type: 'move-nodes', moves: [{ id: 'a', x: 1, y: 1 }] }]);
    canvas.apply([{ type: 'move-nodes', moves: [{ id: 'a', x: 2, y: 2 }] }], { joined: true });
    await saved(canvas);
    const groups = (await stored()).map(({ origin }) => origin.group);
    expect(new Set(groups).size).toBe(5);
    const seen = () => {
      const [node] = readCanvas(canvas.doc).nodes;
      return node?.kind === 'note' ? `${node.text} at ${node.x}` : 'nothing';
    };
    for (const expected of ['54321 at 0', '4321 at 0', '321 at 0', ' at 0', 'nothing']) {
      canvas.undo();
      await until(`it is ${expected}`, () => seen() === expected);
    }
    client.disconnect();
  });

  it('tells who watches when something changes, and only then', async () => {
    const { client } = openWindow(hub, 'person:ann');
    const canvas = client.open(document);
    const seen: string[] = [];
    const stop = canvas.saved.subscribe(() => seen.push(canvas.saved.get()));
    await until('it is loaded', () => canvas.loaded.get() && canvas.saved.get() === 'saved');
    canvas.apply([note('a')]);
    canvas.apply([note('b')]);
    await saved(canvas);
    stop();
    canvas.apply([note('c')]);
    await saved(canvas);
    expect(seen.filter((state, index) => state === seen[index - 1])).toEqual([]);
    expect(seen.slice(-3)).toEqual(['saved', 'saving', 'saved']);
    client.disconnect();
  });

  it('has nothing to undo while the hub is away', async () => {
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    canvas.apply([note('a')]);
    await until('it can be undone', () => canvas.undoState.get().canUndo);
    window.disconnect();
    expect(canvas.undoState.get()).toEqual({ canUndo: false, canRedo: false });
    canvas.undo();
    window.reconnect(hub);
    await until('it can be undone', () => canvas.undoState.get().canUndo);
    expect(await nodes()).toEqual(['a']);
    window.disconnect();
  });

  it('compares both sides after a message that was damaged, and says so', async () => {
    const [near, far] = pipePair();
    const damaged: FaultError[] = [];
    const disconnect = hub.connect(framePort(far), { scope, author: 'person:ann' });
    const client = new CanvasClient({
      port: framePort(near),
      now: () => 0,
      onDamaged: (fault) => damaged.push(fault),
    });
    const canvas = client.open(document);
    canvas.apply([note('a')]);
    await saved(canvas);
    far.send(Uint8Array.of(1, 2, 3, 4, 5, 6));
    await until('it is seen', () => damaged.length === 1);
    await saved(canvas);
    expect(damaged[0]?.fault.code).toBe('CANVAS_UPDATE_REFUSED');
    canvas.apply([note('b')]);
    await saved(canvas);
    expect(await nodes()).toEqual(['a', 'b']);
    disconnect();
  });

  it('sends thousands of edits made offline as what the hub lacks', async () => {
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    await until('it is loaded', () => canvas.loaded.get());
    window.disconnect();
    for (let index = 0; index < 2500; index += 1) canvas.apply([note(`n${index}`)]);
    window.reconnect(hub);
    await saved(canvas);
    expect(await nodes()).toHaveLength(2500);
    expect(await stored()).toHaveLength(1);
    window.disconnect();
  });

  it('gives back to a hub that was restored from a backup what that had lost', async () => {
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    canvas.apply([note('a')]);
    await saved(canvas);
    await hub.close();
    documents.close();
    cpSync(join(home.path, 'data'), join(home.path, 'backup'), { recursive: true });
    documents = await openLocalDocuments(join(home.path, 'data'));
    hub = new LocalHub({ store: documents.store });
    window.reconnect(hub);
    canvas.apply([note('b')]);
    await saved(canvas);
    window.disconnect();
    await hub.close();
    documents.close();
    documents = await openLocalDocuments(join(home.path, 'backup'));
    hub = new LocalHub({ store: documents.store });
    expect(await nodes()).toEqual(['a']);
    window.reconnect(hub);
    await until('it is joined', () => canvas.saved.get() === 'saved');
    canvas.apply([note('c')]);
    await saved(canvas);
    expect(await nodes()).toEqual(['a', 'b', 'c']);
    window.disconnect();
  });

  it('may have 64 documents open, and is told when one is not', async () => {
    const { client } = openWindow(hub, 'person:ann');
    const open = Array.from({ length: 65 }, (_, index) => client.open(`board-${index}`));
    await until('all are answered', () =>
      open.every(({ loaded, refused }) => loaded.get() || refused.get() !== null),
    );
    expect(open.filter(({ loaded }) => loaded.get())).toHaveLength(64);
    expect(open.at(-1)?.refused.get()).toMatchObject({ code: 'CANVAS_UNKNOWN' });
    open[0]?.close();
    await until('there is room', () => {
      open.at(-1)?.retry();
      return open.at(-1)?.loaded.get() === true;
    });
    client.disconnect();
  });

  it('is told when a board breaks, keeps its edits, and goes on when it can be read again', async () => {
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open(document);
    canvas.apply([note('a')]);
    await saved(canvas);
    const other = new Database(join(home.path, 'data', 'documents.db'));
    const [kept] = other.prepare<[], { checksum: Buffer }>('SELECT checksum FROM updates').all();
    other.exec("UPDATE updates SET checksum = x'00'");
    // The write fails as on a disk that went read-only; then nobody knows what is stored, so the board is read again.
    other.exec("CREATE TRIGGER broken BEFORE INSERT ON updates BEGIN SELECT RAISE(ABORT, 'no'); END");
    canvas.undo();
    await until('it is refused', () => canvas.refused.get()?.code === 'DATABASE_DAMAGED');
    canvas.apply([note('b')]);
    await until('it is refused again', () => canvas.saved.get() === 'offline');
    await expect(hub.snapshot(board)).rejects.toMatchObject({ fault: { code: 'DATABASE_DAMAGED' } });
    other.exec('DROP TRIGGER broken');
    other.prepare('UPDATE updates SET checksum = ?').run(kept?.checksum);
    other.close();
    canvas.retry();
    await saved(canvas);
    expect(canvas.refused.get()).toBe(null);
    expect(await nodes()).toEqual(['a', 'b']);
    window.disconnect();
  });
});
