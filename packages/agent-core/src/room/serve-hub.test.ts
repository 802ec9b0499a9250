import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type CanvasMutation, noteText } from '@soma/schemas/canvas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalDocuments, openLocalDocuments, openWindow, until } from '../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { type ClosableHub, connectHub, type HubPort, LocalHub, serveHub } from './index.ts';

const board = { scope: aScope(), document: 'board' };
const CHILD = new URL('../testing/hub-child.ts', import.meta.url);

function note(id: string, text = ''): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text, x: 0, y: 0, width: 200, height: 100 } };
}

function end(port: MessagePort): HubPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  };
}

describe('a hub over a channel', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let local: LocalHub;
  let ports: MessageChannel;
  let hub: ClosableHub;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    local = new LocalHub({ store: documents.store });
    ports = new MessageChannel();
    serveHub(end(ports.port1), local);
    hub = connectHub(end(ports.port2));
  });
  afterEach(async () => {
    ports.port1.close();
    await local.close();
    documents.close();
    home.remove();
  });

  it('answers calls as the hub itself does', async () => {
    const call = { ...board, author: 'run:r', key: 'k' };
    expect(await hub.mutate({ ...call, mutations: [note('a', 'x')] })).toEqual({ applied: true });
    expect(await hub.mutate({ ...call, mutations: [note('b')] })).toEqual({
      applied: false,
      why: 'same-key',
    });
    const remove: CanvasMutation = { type: 'remove', nodes: ['gone'], edges: [] };
    expect(await hub.mutate({ ...call, key: 'k2', mutations: [remove] })).toEqual({
      applied: false,
      why: 'unknown-ids',
      ids: ['gone'],
    });
    expect(await hub.probe({ ...board, key: 'k' })).toBe(true);
    expect(await hub.probe({ ...board, key: 'k2' })).toBe(false);
    expect(await hub.snapshot(board)).toEqual(await local.snapshot(board));
    expect(await hub.undoAll({ ...board, author: 'run:r' })).toEqual({ changed: true });
    expect(await hub.snapshot(board)).toEqual({ nodes: [], edges: [] });
    expect(await hub.undoAll({ ...board, author: 'run:r', redo: true })).toEqual({ changed: true });
    expect((await hub.snapshot(board)).nodes).toHaveLength(1);
  });

  it('carries several windows, told apart', async () => {
    const [ann, ben] = [openWindow(hub, 'person:ann'), openWindow(hub, 'person:ben')];
    const [a, b] = [ann.client.open('board'), ben.client.open('board')];
    a.apply([note('n', 'from ann')]);
    await until('ben sees it', () => noteText(b.doc, 'n')?.toJSON() === 'from ann');
    expect(a.undoState.get().canUndo).toBe(true);
    expect(b.undoState.get().canUndo).toBe(false);
    ann.disconnect();
    b.apply([{ type: 'set-text', id: 'n', text: 'from ben' }]);
    await until('it is saved', () => b.saved.get() === 'saved');
    expect(noteText(a.doc, 'n')?.toJSON()).toBe('from ann');
    ann.reconnect(hub);
    await until('ann sees it', () => noteText(a.doc, 'n')?.toJSON() === 'from ben');
    for (const window of [ann, ben]) window.disconnect();
  });

  it('carries a board of several megabytes in chunks', async () => {
    const ann = openWindow(hub, 'person:ann');
    const canvas = ann.client.open('board');
    const text = 'word '.repeat(150_000);
    for (const id of ['a', 'b', 'c', 'd']) canvas.apply([note(id, text)]);
    await until('it is saved', () => canvas.saved.get() === 'saved');
    const ben = openWindow(hub, 'person:ben');
    const other = ben.client.open('board');
    await until('ben sees it', () => noteText(other.doc, 'd')?.length === text.length);
    for (const window of [ann, ben]) window.disconnect();
  });

  it('refuses a call out of shape, naming the field, and goes on', async () => {
    const mutations = [note('a')];
    const call = { ...board, author: 'run:r', key: '', mutations };
    await expect(hub.mutate(call)).rejects.toMatchObject({
      fault: { code: 'INVALID_INPUT', data: { path: 'key' } },
    });
    ports.port2.postMessage('nonsense');
    ports.port2.postMessage({ type: 'ask', call: 1, verb: 'erase', request: {} });
    ports.port2.postMessage({ type: 'frame', connection: 99, frame: Uint8Array.of(1) });
    expect(await hub.mutate({ ...call, key: 'k' })).toEqual({ applied: true });
  });

  it('answers INTERNAL, without words, when something fails that nobody foresaw', async () => {
    documents.close();
    const call = { ...board, author: 'run:r', key: 'k', mutations: [note('late')] };
    await expect(hub.mutate(call)).rejects.toMatchObject({ fault: { code: 'INTERNAL', data: {} } });
    documents = await openLocalDocuments(home.path);
  });

  it('stores all that was sent before it says that it closed', async () => {
    const calls = Array.from({ length: 20 }, (_, index) =>
      hub.mutate({ ...board, author: 'run:r', key: `k${index}`, mutations: [note(`n${index}`)] }),
    );
    await hub.close();
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ applied: true })));
    expect(await documents.store.load(board.scope, board.document)).toHaveLength(20);
  });

  it('rejects everything asked when the other end is gone, at once and later', async () => {
    const asked = hub.probe({ ...board, key: 'k' });
    ports.port1.close();
    const fault = { code: 'HOST_UNREACHABLE', retry: { when: 'now' } };
    await expect(asked).rejects.toMatchObject({ fault });
    await expect(hub.snapshot(board)).rejects.toMatchObject({ fault });
    const window = openWindow(hub, 'person:ann');
    const canvas = window.client.open('board');
    canvas.apply([note('kept')]);
    expect(canvas.saved.get()).toBe('offline');
    window.disconnect();
  });
});

describe('a hub in a thread that ends without warning', () => {
  const start = (folder: string): { hub: ClosableHub; thread: Worker } => {
    const thread = new Worker(CHILD, { workerData: folder });
    const hub = connectHub({
      postMessage: (message) => thread.postMessage(message),
      onMessage: (listener) => void thread.on('message', listener),
      onClose: (listener) => void thread.on('exit', () => listener()),
    });
    return { hub, thread };
  };

  it('loses nothing acknowledged, and windows go on with the next one', async () => {
    const home = temporaryFolder();
    const first = start(home.path);
    const window = openWindow(first.hub, 'person:ann');
    const canvas = window.client.open('board');
    canvas.apply([note('before')]);
    await until('it is saved', () => canvas.saved.get() === 'saved');
    expect(
      await first.hub.mutate({ ...board, author: 'run:r', key: 'k', mutations: [note('card')] }),
    ).toEqual({ applied: true });
    const asked = first.hub.mutate({ ...board, author: 'run:r', key: 'k2', mutations: [note('cut off')] });
    const ended = expect(asked).rejects.toMatchObject({ fault: { code: 'HOST_UNREACHABLE' } });
    await first.thread.terminate();
    await ended;
    await until('the window knows', () => canvas.saved.get() === 'offline');
    canvas.apply([note('meanwhile')]);
    const second = start(home.path);
    window.reconnect(second.hub);
    await until('all is saved', () => canvas.saved.get() === 'saved');
    expect(await second.hub.probe({ ...board, key: 'k' })).toBe(true);
    const found = await second.hub.probe({ ...board, key: 'k2' });
    const ids = (await second.hub.snapshot(board)).nodes.map(({ id }) => id).sort();
    expect(ids).toEqual(['before', 'card', ...(found ? ['cut off'] : []), 'meanwhile']);
    window.disconnect();
    await second.hub.close();
    await second.thread.terminate();
    home.remove();
  });
});
