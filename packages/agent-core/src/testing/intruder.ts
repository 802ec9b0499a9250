import {
  applyMutations,
  type CanvasMutation,
  type DocumentFrame,
  encodeFrame,
  FrameReader,
  readCanvas,
} from '@soma/schemas/canvas';
import * as Y from 'yjs';
import type { Hub } from '../port/index.ts';
import { LocalHub } from '../room/index.ts';
import { openLocalDocuments, openWindow, until } from './local-documents.ts';
import { aScope } from './local-store.ts';
import { mutateRandomly } from './mutate.ts';
import { seeded } from './random.ts';

/** A window that sends whatever it likes. */
export interface Intruder {
  readonly say: (frame: DocumentFrame) => void;
  readonly raw: (bytes: Uint8Array) => void;
  readonly heard: readonly DocumentFrame[];
  readonly leave: () => void;
}

export function openIntruder(hub: Hub): Intruder {
  const heard: DocumentFrame[] = [];
  const reader = new FrameReader();
  const listeners = new Set<(frame: Uint8Array) => void>();
  const send = (message: Uint8Array) => {
    const frame = reader.read(message);
    if (frame !== undefined) heard.push(frame);
  };
  const onFrame = (listener: (frame: Uint8Array) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const leave = hub.connect({ send, onFrame }, { scope: aScope(), author: 'person:eve' });
  const raw = (bytes: Uint8Array) => {
    for (const listener of listeners) listener(bytes);
  };
  const say = (frame: DocumentFrame) => {
    for (const message of encodeFrame(frame)) raw(message);
  };
  return { say, raw, heard, leave };
}

function note(id: string, text: string): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text, x: 0, y: 0, width: 200, height: 100 } };
}

/** A document with something of every sort, and the updates that made it. */
export function sampleDocument(client: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc();
  doc.clientID = client;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  applyMutations(doc, [note('a', 'some text'), note('b', 'more')]);
  applyMutations(doc, [{ type: 'add-edge', edge: { id: 'e', from: 'a', to: 'b', label: 'then' } }]);
  applyMutations(doc, [{ type: 'set-text', id: 'a', text: 'some other text' }]);
  applyMutations(doc, [{ type: 'move-nodes', moves: [{ id: 'a', x: 5, y: 6 }] }]);
  applyMutations(doc, [{ type: 'group', id: 'g', nodes: ['a', 'b'], label: 'both' }]);
  applyMutations(doc, [{ type: 'remove', nodes: ['b'], edges: [] }]);
  return { doc, updates };
}

/**
 * Sends so many damaged updates to a board that a person is working on, and answers how many were taken. Throws when the person's window, the board
 * and what is read back after a restart are not the same in the end.
 */
export async function attack(plan: {
  folder: string;
  count: number;
  seed: number;
}): Promise<{ taken: number }> {
  const random = seeded(plan.seed);
  const address = { scope: aScope(), document: 'attacked' };
  const documents = await openLocalDocuments(plan.folder);
  const hub = new LocalHub({ store: documents.store });
  const ann = openWindow(hub, 'person:ann');
  const canvas = ann.client.open(address.document);
  const work = async (id: string) => {
    canvas.apply([note(id, id)]);
    await until('ann is saved', () => canvas.saved.get() === 'saved');
  };
  await work('a');
  await work('b');
  const { updates, doc } = sampleDocument(50);
  const all = [...updates, Y.encodeStateAsUpdate(doc)];
  let taken = 0;
  for (let index = 0; index < plan.count; index += 1) {
    // A new window each time: one that is refused again and again is not listened to for long.
    const eve = openIntruder(hub);
    eve.say({ kind: 'subscribe', document: address.document });
    const update = mutateRandomly(random, all[random.below(all.length)] ?? new Uint8Array());
    eve.say({ kind: 'update', document: address.document, update, number: 1, group: 'g' });
    const answered = (kind: string) => eve.heard.some((frame) => frame.kind === kind);
    await until('there is an answer', () => answered('refused') || answered('saved'));
    if (answered('saved')) taken += 1;
    eve.leave();
  }
  await work('last');
  const board = JSON.stringify(await hub.snapshot(address));
  await until('ann sees what there is', () => JSON.stringify(readCanvas(canvas.doc)) === board);
  if (!['a', 'b', 'last'].every((id) => board.includes(`"text":"${id}"`)))
    throw new Error(`lost work: ${board}`);
  ann.disconnect();
  await hub.close();
  const again = new LocalHub({ store: documents.store });
  if (JSON.stringify(await again.snapshot(address)) !== board) throw new Error('the board reads differently');
  documents.close();
  return { taken };
}
