import { type CanvasMutation, noteText, type OpenCanvas, readCanvas } from '@soma/schemas/canvas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type LocalDocuments,
  type LocalWindow,
  openLocalDocuments,
  openWindow,
  until,
} from '../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { LocalHub } from './index.ts';

const scope = aScope();
const document = 'board';

function note(id: string, text = '', at = { x: 0, y: 0 }): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text, ...at, width: 200, height: 100 } };
}

const saved = (canvas: OpenCanvas) => until('it is saved', () => canvas.saved.get() === 'saved');
const loaded = (canvas: OpenCanvas) => until('it is loaded', () => canvas.loaded.get());
const ids = (canvas: OpenCanvas) =>
  readCanvas(canvas.doc)
    .nodes.map(({ id }) => id)
    .sort();
const text = (canvas: OpenCanvas, id: string) => noteText(canvas.doc, id)?.toJSON();

describe('a hub on real documents', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let hub: LocalHub;
  let windows: LocalWindow[];

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    hub = new LocalHub({ store: documents.store });
    windows = [];
  });
  afterEach(async () => {
    for (const window of windows) window.disconnect();
    await hub.close();
    documents.close();
    home.remove();
  });

  function open(author = 'person:ann'): { window: LocalWindow; canvas: OpenCanvas } {
    const window = openWindow(hub, author);
    windows.push(window);
    return { window, canvas: window.client.open(document) };
  }

  /** Ends the hub as a restart of the application does, and opens another on the same database. */
  async function restart(): Promise<void> {
    for (const window of windows) window.disconnect();
    await hub.close();
    documents.close();
    documents = await openLocalDocuments(home.path);
    hub = new LocalHub({ store: documents.store });
    for (const window of windows) window.reconnect(hub);
  }

  const run = (key: string, mutations: readonly CanvasMutation[], author = 'run:r1') =>
    hub.mutate({ scope, document, author, key, mutations });

  it('shows what one window does in another, and says when it is on disk', async () => {
    const [a, b] = [open(), open('person:ben')];
    await loaded(a.canvas);
    a.canvas.apply([note('n', 'hello')]);
    expect(a.canvas.saved.get()).toBe('saving');
    await saved(a.canvas);
    expect(await documents.store.load(scope, document)).toHaveLength(1);
    await until('the other sees it', () => text(b.canvas, 'n') === 'hello');
    expect(readCanvas(a.canvas.doc)).toEqual(readCanvas(b.canvas.doc));
  });

  it('keeps a board over a restart', async () => {
    const { canvas } = open();
    canvas.apply([note('n', 'kept')]);
    await saved(canvas);
    await restart();
    expect((await hub.snapshot({ scope, document })).nodes.map(({ id }) => id)).toEqual(['n']);
  });

  it('brings together what two windows did while one was cut off', async () => {
    const [a, b] = [open(), open('person:ben')];
    a.canvas.apply([note('n', 'middle')]);
    await until('the other sees it', () => text(b.canvas, 'n') === 'middle');
    a.window.disconnect();
    expect(a.canvas.saved.get()).toBe('offline');
    noteText(a.canvas.doc, 'n')?.insert(0, 'before ');
    a.canvas.apply([note('mine')]);
    noteText(b.canvas.doc, 'n')?.insert(6, ' after');
    b.canvas.apply([note('theirs')]);
    await saved(b.canvas);
    a.window.reconnect(hub);
    await saved(a.canvas);
    await until(
      'both agree',
      () => ids(a.canvas).join() === 'mine,n,theirs' && ids(b.canvas).join() === 'mine,n,theirs',
    );
    expect(text(a.canvas, 'n')).toBe('before middle after');
    expect(text(b.canvas, 'n')).toBe('before middle after');
  });

  it('undoes only what its own person did, in whichever window', async () => {
    const [a, again, b] = [open(), open(), open('person:ben')];
    a.canvas.apply([note('a')]);
    await until('it is there', () => ids(b.canvas).length === 1 && ids(again.canvas).length === 1);
    b.canvas.apply([note('b')]);
    await until('both are there', () => ids(again.canvas).length === 2);
    await until('there is something to undo', () => again.canvas.undoState.get().canUndo);
    again.canvas.undo();
    await until('the first is gone everywhere', () =>
      [a, again, b].every(({ canvas }) => ids(canvas).join() === 'b'),
    );
    await until(
      'there is nothing more',
      () => !a.canvas.undoState.get().canUndo && a.canvas.undoState.get().canRedo,
    );
    expect(b.canvas.undoState.get()).toEqual({ canUndo: true, canRedo: false });
    a.canvas.redo();
    await until('it is back', () => ids(b.canvas).join() === 'a,b');
  });

  it('undoes after a restart what was done before it, step by step, and brings it back', async () => {
    const { canvas } = open();
    canvas.apply([note('n', 'one')]);
    canvas.apply([{ type: 'set-text', id: 'n', text: 'one two' }]);
    canvas.apply([{ type: 'move-nodes', moves: [{ id: 'n', x: 50, y: 60 }] }]);
    canvas.apply([{ type: 'remove', nodes: ['n'], edges: [] }]);
    await saved(canvas);
    const seen = () =>
      readCanvas(canvas.doc).nodes.map((node) => (node.kind === 'note' ? [node.text, node.x] : []));
    const steps: unknown[] = [];
    for (const expected of [[['one two', 50]], [['one two', 0]], [['one', 0]], []]) {
      await restart();
      await until('it can be undone', () => canvas.undoState.get().canUndo);
      canvas.undo();
      await until('it is undone', () => JSON.stringify(seen()) === JSON.stringify(expected));
      steps.push(seen());
    }
    expect(steps).toHaveLength(4);
    for (const expected of [[['one', 0]], [['one two', 0]], [['one two', 50]], []]) {
      await restart();
      await until('it can be redone', () => canvas.undoState.get().canRedo);
      canvas.redo();
      await until('it is redone', () => JSON.stringify(seen()) === JSON.stringify(expected));
    }
  });

  it('applies an agent call once a key, also after a restart', async () => {
    expect(await run('k1', [note('card')])).toEqual({ applied: true });
    expect(await run('k1', [note('other')])).toEqual({ applied: false, why: 'same-key' });
    await restart();
    expect(await hub.probe({ scope, document, key: 'k1' })).toBe(true);
    expect(await hub.probe({ scope, document, key: 'k2' })).toBe(false);
    expect(await run('k1', [note('other')])).toEqual({ applied: false, why: 'same-key' });
    expect((await hub.snapshot({ scope, document })).nodes.map(({ id }) => id)).toEqual(['card']);
  });

  it('remembers the key of a call that changed nothing', async () => {
    await run('k1', [note('card')]);
    expect(await run('k2', [note('card')])).toEqual({ applied: true });
    expect(await hub.probe({ scope, document, key: 'k2' })).toBe(true);
  });

  it('changes nothing when a call names what is not there', async () => {
    const edge = { id: 'e', from: 'card', to: 'gone' };
    const answer = await run('k1', [note('card'), { type: 'add-edge', edge }]);
    expect(answer).toEqual({ applied: false, why: 'unknown-ids', ids: ['gone'] });
    expect(await hub.snapshot({ scope, document })).toEqual({ nodes: [], edges: [] });
    expect(await run('k1', [note('card')])).toEqual({ applied: true });
  });

  it('undoes everything a run did in one step, keeps what people did meanwhile, and brings it back', async () => {
    const { canvas } = open();
    await run('k1', [{ type: 'place-run', id: 'run-r1', run: 'r1', tasks: [] }]);
    await until('the run is there', () => ids(canvas).length === 1);
    canvas.apply([note('mine', '', { x: 5000, y: 0 })]);
    await saved(canvas);
    await run('k2', [
      { type: 'place-cards', beside: 'run-r1', cards: [{ kind: 'note', id: 'c1', text: 'x' }] },
    ]);
    await run('k3', [{ type: 'set-caption', id: 'run-r1', state: 'verified' }]);
    await run('other', [note('theirs', '', { x: 9000, y: 0 })], 'run:r2');
    await restart();
    const board = { scope, document };
    const before = await hub.snapshot(board);
    expect(await hub.undoAll({ ...board, author: 'run:r1' })).toEqual({ changed: true });
    await until('it is undone', () => ids(canvas).join() === 'mine,theirs');
    expect(await hub.undoAll({ ...board, author: 'run:r1' })).toEqual({ changed: false });
    await restart();
    expect(await hub.undoAll({ ...board, author: 'run:r1', redo: true })).toEqual({ changed: true });
    expect(await hub.snapshot(board)).toEqual(before);
  });

  it('shows who is there, and agents where they work, until they leave', async () => {
    const [a, b] = [open(), open('person:ben')];
    const who = { kind: 'person', id: 'ann' } as const;
    await loaded(a.canvas);
    a.canvas.present({ who, cursor: { x: 1, y: 2 }, selection: [] });
    await until('ann is seen', () => b.canvas.awareness.states.get(a.canvas.doc.clientID)?.cursor?.x === 1);
    await run('k1', [note('card')]);
    const agents = () =>
      [...b.canvas.awareness.states.values()].filter((state) => state.who.kind === 'agent');
    await until('the agent is seen', () => agents()[0]?.selection[0] === 'card');
    expect(agents()[0]).toMatchObject({ who: { kind: 'agent', id: 'r1' }, cursor: { x: 100, y: 50 } });
    a.window.disconnect();
    await until('ann is gone', () => b.canvas.awareness.states.size === 1);
    a.window.reconnect(hub);
    await until('ann is back', () => b.canvas.awareness.states.size === 2);
  });

  it('keeps documents, and workspaces, apart', async () => {
    await run('k1', [note('n')]);
    const elsewhere = aScope({ workspace: 'other' });
    expect(await hub.snapshot({ scope: elsewhere, document })).toEqual({ nodes: [], edges: [] });
    expect(await hub.snapshot({ scope, document: 'other' })).toEqual({ nodes: [], edges: [] });
    expect(await hub.probe({ scope: elsewhere, document, key: 'k1' })).toBe(false);
  });

  it('loses nothing of twenty boards used in turn, more than are kept in memory', async () => {
    const boards = Array.from({ length: 20 }, (_, index) => `board-${index}`);
    for (const round of [1, 2]) {
      await Promise.all(
        boards.map((board) =>
          hub.mutate({
            scope,
            document: board,
            author: 'run:r',
            key: `k${round}`,
            mutations: [note(`n${round}`)],
          }),
        ),
      );
    }
    for (const board of boards) {
      expect((await hub.snapshot({ scope, document: board })).nodes.map(({ id }) => id)).toEqual([
        'n1',
        'n2',
      ]);
    }
  });
});
