import { applyMutations, type CanvasMutation, FRAME_LIMITS, readCanvas } from '@soma/schemas/canvas';
import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { attack, openIntruder, sampleDocument } from '../testing/intruder.ts';
import { type LocalDocuments, openLocalDocuments, openWindow, until } from '../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { Gate } from './gate.ts';
import { LocalHub } from './index.ts';
import { scanUpdate } from './scan.ts';

const scope = aScope();
const document = 'board';

function note(id: string, text = 'text'): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text, x: 0, y: 0, width: 200, height: 100 } };
}

/** A hand-made update: whatever the writer writes. */
function made(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const numbers = (...values: number[]) =>
  made((encoder) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  });

/** One struct by client 7 at clock 0: `info`, then whatever its content is. */
function struct(info: number, content: (encoder: encoding.Encoder) => void): Uint8Array {
  return made((encoder) => {
    for (const value of [1, 1, 7, 0]) encoding.writeVarUint(encoder, value);
    encoding.writeUint8(encoder, info);
    content(encoder);
    encoding.writeVarUint(encoder, 0);
  });
}

/** A part under the key `x` of the root map `nodes`. */
function inNodes(kind: number, content: (encoder: encoding.Encoder) => void): Uint8Array {
  return struct(0x20 | kind, (encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, 'nodes');
    encoding.writeVarString(encoder, 'x');
    content(encoder);
  });
}

const nested = (depth: number) => (encoder: encoding.Encoder) => {
  encoding.writeVarUint(encoder, 1);
  for (let level = 0; level < depth; level += 1) {
    encoding.writeUint8(encoder, 117);
    encoding.writeVarUint(encoder, 1);
  }
  encoding.writeUint8(encoder, 126);
};

const bombs: readonly (readonly [string, Uint8Array])[] = [
  ['five million structs declared in a few bytes', numbers(1, 5_000_000, 7, 0)],
  ['more clients than bytes', numbers(2 ** 40)],
  ['more deleted ranges than bytes', numbers(0, 1, 7, 2 ** 40)],
  [
    'a collected range that takes all clocks',
    struct(0, (encoder) => encoding.writeVarUint(encoder, 2 ** 45)),
  ],
  ['a collected range of nothing', struct(0, (encoder) => encoding.writeVarUint(encoder, 0))],
  ['a deleted item that takes all clocks', inNodes(1, (encoder) => encoding.writeVarUint(encoder, 2 ** 45))],
  ['a client beyond 32 bits', numbers(1, 1, 2 ** 40, 0, 0)],
  ['values nested 10,000 deep', inNodes(8, nested(10_000))],
  ['more values than bytes', inNodes(8, (encoder) => encoding.writeVarUint(encoder, 2 ** 40))],
  [
    'a key that changes what an object is',
    inNodes(8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeUint8(encoder, 118);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, '__proto__');
      encoding.writeUint8(encoder, 126);
    }),
  ],
  [
    'a big integer',
    inNodes(8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeAny(encoder, 1n);
    }),
  ],
  [
    'a document within the document',
    inNodes(9, (encoder) => {
      encoding.writeVarString(encoder, 'guid');
      encoding.writeAny(encoder, {});
    }),
  ],
  ['bytes', inNodes(3, (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array(4)))],
  ['JSON text', inNodes(5, (encoder) => encoding.writeVarString(encoder, '['.repeat(50_000)))],
  ['a list', inNodes(7, (encoder) => encoding.writeVarUint(encoder, 0))],
  ['a skipped range', struct(10, (encoder) => encoding.writeVarUint(encoder, 5))],
  ['an empty text', inNodes(4, (encoder) => encoding.writeVarString(encoder, ''))],
  [
    'a text that is no UTF-8',
    inNodes(4, (encoder) => encoding.writeVarUint8Array(encoder, Uint8Array.of(0xff, 0xfe))),
  ],
  [
    'another root',
    struct(0x28, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, 'elsewhere');
      encoding.writeVarString(encoder, 'x');
      encoding.writeVarUint(encoder, 1);
      encoding.writeAny(encoder, 1);
    }),
  ],
  [
    'a part without a key at the root',
    struct(8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, 'nodes');
      encoding.writeVarUint(encoder, 1);
      encoding.writeAny(encoder, 1);
    }),
  ],
  [
    'a part that follows itself',
    struct(0x88, (encoder) => {
      encoding.writeVarUint(encoder, 7);
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint(encoder, 1);
      encoding.writeAny(encoder, 1);
    }),
  ],
  ['the other encoding (V2)', Y.encodeStateAsUpdateV2(sampleDocument(7).doc)],
  ['bytes after the end', Uint8Array.of(...Y.encodeStateAsUpdate(sampleDocument(7).doc), 0)],
  ['two runs of one client', numbers(2, 1, 7, 0, 0, 1, 1, 7, 0, 0, 1, 0)],
  ['nothing', new Uint8Array()],
];

/** The shortest of five times in milliseconds: what the work takes when nothing else is in its way. */
function quickest(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('what is no update of a canvas', () => {
  it.each(bombs)('is refused within 100 ms and unread by the document: %s', (_, bytes) => {
    const source = sampleDocument(3).doc;
    const gate = new Gate({ source, owners: new Map(), client: 9 });
    const refuse = () => expect(() => gate.admit('person:eve', [bytes])).toThrow('CANVAS_UPDATE_REFUSED');
    expect(quickest(refuse)).toBeLessThan(100);
    expect(gate.spoiled).toBe(false);
  });

  it('is refused when it has more parts than any real edit', () => {
    const bytes = made((encoder) => {
      for (const value of [1, 1_000_000, 7, 0]) encoding.writeVarUint(encoder, value);
      for (let index = 0; index < 1_000_000; index += 1) {
        encoding.writeUint8(encoder, 0);
        encoding.writeVarUint(encoder, 1);
      }
      encoding.writeVarUint(encoder, 0);
    });
    expect(quickest(() => expect(() => scanUpdate(bytes)).toThrow('CANVAS_UPDATE_REFUSED'))).toBeLessThan(
      100,
    );
  });

  it('is told from what is: every update of a real document passes', () => {
    const { doc, updates } = sampleDocument(5);
    const gate = new Gate({ source: new Y.Doc(), owners: new Map(), client: 9 });
    const back = new Y.Doc();
    for (const update of updates) Y.applyUpdate(back, gate.admit('person:ann', [update]).update);
    expect(readCanvas(back)).toEqual(readCanvas(doc));
  });
});

describe('a gate', () => {
  const gateOn = (owners = new Map<number, string>()) => {
    const source = sampleDocument(3).doc;
    return { source, gate: new Gate({ source, owners, client: 9 }) };
  };
  /** An edit by a window that has the whole document. */
  function edit(source: Y.Doc, client: number, work: (doc: Y.Doc) => void): Uint8Array {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(source));
    doc.clientID = client;
    const before = Y.encodeStateVector(doc);
    work(doc);
    return Y.encodeStateAsUpdate(doc, before);
  }
  const why = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error instanceof Error && 'fault' in error ? error.fault : error;
    }
    return null;
  };
  const refused = (reason: string) => ({
    code: 'CANVAS_UPDATE_REFUSED',
    data: { why: reason },
    retry: { when: 'never' },
  });

  it('refuses an edit of which what came before is missing', () => {
    const { source, gate } = gateOn();
    const first = edit(source, 20, (doc) => applyMutations(doc, [note('n')]));
    const both = edit(source, 20, (doc) => applyMutations(doc, [note('n'), note('m')]));
    const meta = Y.parseUpdateMeta(first).to.get(20) ?? 0;
    const second = Y.diffUpdate(both, Y.encodeStateVectorFromUpdate(first));
    expect(meta).toBeGreaterThan(0);
    expect(why(() => gate.admit('person:ann', [second]))).toEqual(refused('missing'));
    expect(why(() => gate.admit('person:ann', [first, second]))).toBe(null);
  });

  it('refuses to let one write under the name of another', () => {
    const { source, gate } = gateOn(new Map([[20, 'person:ann']]));
    const forged = edit(source, 20, (doc) => applyMutations(doc, [note('n')]));
    expect(why(() => gate.admit('person:eve', [forged]))).toEqual(refused('owner'));
    expect(why(() => gate.admit('person:ann', [forged]))).toBe(null);
  });

  it.each([
    ['a node without a place', (doc: Y.Doc) => doc.getMap('nodes').set('n', new Y.Map([['kind', 'note']]))],
    ['a node that is a number', (doc: Y.Doc) => doc.getMap('nodes').set('n', 5)],
    [
      'a place that is none',
      (doc: Y.Doc) => (doc.getMap('nodes').get('a') as Y.Map<unknown>).set('at', ['x', 1]),
    ],
    [
      'a kind nobody knows',
      (doc: Y.Doc) => (doc.getMap('nodes').get('a') as Y.Map<unknown>).set('kind', 'video'),
    ],
    [
      'a note without its text',
      (doc: Y.Doc) => (doc.getMap('nodes').get('a') as Y.Map<unknown>).delete('text'),
    ],
    ['an edge without ends', (doc: Y.Doc) => doc.getMap('edges').set('x', new Y.Map())],
  ])('refuses %s', (_, work) => {
    const { source, gate } = gateOn();
    expect(why(() => gate.admit('person:ann', [edit(source, 20, work)]))).toEqual(refused('shape'));
    expect(gate.spoiled).toBe(true);
  });

  it('takes an update twice and changes nothing the second time', () => {
    const { source, gate } = gateOn();
    const update = edit(source, 20, (doc) => applyMutations(doc, [note('n')]));
    expect(gate.admit('person:ann', [update]).nodes).toEqual(new Set(['n']));
    expect(gate.admit('person:ann', [update]).update).toEqual(Uint8Array.of(0, 0));
  });
});

describe('a room among hostile windows', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;
  let hub: LocalHub;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    hub = new LocalHub({ store: documents.store });
  });
  afterEach(async () => {
    await hub.close();
    documents.close();
    home.remove();
  });

  it('tells the sender alone, and goes on for everybody else', async () => {
    const ann = openWindow(hub, 'person:ann');
    const canvas = ann.client.open(document);
    canvas.apply([note('mine')]);
    const eve = openIntruder(hub);
    eve.say({ kind: 'subscribe', document });
    for (const [index, [, update]] of bombs.entries()) {
      eve.say({ kind: 'update', document, update, number: index + 1, group: 'g' });
    }
    const refusals = () => eve.heard.filter((frame) => frame.kind === 'refused');
    await until('all are refused', () => refusals().length === bombs.length);
    canvas.apply([note('more')]);
    await until('ann is saved', () => canvas.saved.get() === 'saved');
    expect(canvas.refused.get()).toBe(null);
    const { nodes } = await hub.snapshot({ scope, document });
    expect(nodes.map(({ id }) => id).sort()).toEqual(['mine', 'more']);
    ann.disconnect();
  });

  it('stays as it is under 2,000 damaged updates', async () => {
    const apart = temporaryFolder();
    const { taken } = await attack({ folder: apart.path, count: 2_000, seed: 1 });
    expect(taken).toBeLessThan(1_000);
    apart.remove();
  });

  it('asks for everything again after a message that is damaged', async () => {
    const eve = openIntruder(hub);
    eve.raw(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
    expect(eve.heard.map(({ kind }) => kind)).toEqual(['hello', 'hello']);
  });

  it('stops listening to a window that is refused again and again, and says that it is gone', async () => {
    const eve = openIntruder(hub);
    for (let index = 0; index < 300; index += 1) eve.raw(Uint8Array.of(index & 0xff));
    expect(eve.heard.at(-1)).toEqual({ kind: 'gone' });
    const count = eve.heard.length;
    eve.say({ kind: 'subscribe', document });
    expect(eve.heard).toHaveLength(count);
  });

  it('refuses an edit above the bound and keeps the board', async () => {
    const ann = openWindow(hub, 'person:ann');
    const canvas = ann.client.open(document);
    canvas.apply([note('a', 'x')]);
    await until('ann is saved', () => canvas.saved.get() === 'saved');
    canvas.apply([{ type: 'set-text', id: 'a', text: 'y'.repeat(FRAME_LIMITS.update + 1) }]);
    await until('it is refused', () => canvas.refused.get() !== null);
    expect(canvas.refused.get()).toMatchObject({ code: 'CANVAS_UPDATE_REFUSED', data: { why: 'too-large' } });
    expect(canvas.saved.get()).toBe('offline');
    expect((await hub.snapshot({ scope, document })).nodes).toMatchObject([{ id: 'a', text: 'x' }]);
    ann.disconnect();
  });
});
