import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyMutations,
  type CanvasChange,
  type CanvasMutation,
  CanvasNode,
  CanvasSnapshot,
  noteText,
  observeCanvas,
  readCanvas,
  readEdge,
  readNode,
  readPlaces,
} from './index.ts';

const note = (id: string, text = ''): CanvasMutation => ({
  type: 'add-node',
  node: { kind: 'note', id, text, x: 0, y: 0, width: 100, height: 50 },
});

/** Anything a hostile or later program might have put where fields belong. */
const anyJson = fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text));
const anyField = fc.oneof(
  anyJson,
  fc.constantFrom('note', 'file', 'run', 'group', 'artifact'),
  fc.constant([0, 0]),
  fc.constant([100, 50]),
  fc.constant({ path: 'a', run: 'r' }),
);
const anyFields = fc.dictionary(
  fc.constantFrom(
    'kind',
    'at',
    'size',
    'z',
    'ref',
    'text',
    'label',
    'colour',
    'caption',
    'from',
    'to',
    'later',
  ),
  anyField,
  { noNullPrototype: true },
);
const anyEntry = fc.oneof({ weight: 5, arbitrary: anyFields }, { weight: 1, arbitrary: anyJson });

describe('reading a board', () => {
  it('answers only whole nodes and edges, whatever lies in the document, and never throws', () => {
    const anyRoot = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), anyEntry, { noNullPrototype: true });
    fc.assert(
      fc.property(anyRoot, anyRoot, fc.boolean(), (nodes, edges, typed) => {
        const doc = new Y.Doc();
        applyMutations(doc, [note('whole', 'text')]);
        for (const [root, entries] of [
          ['nodes', nodes],
          ['edges', edges],
        ] as const) {
          for (const [id, entry] of Object.entries(entries)) {
            const fields = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
            doc.getMap(root).set(id, fields && typed ? new Y.Map(Object.entries({ ...entry })) : entry);
          }
        }
        const board = readCanvas(doc);
        expect(CanvasSnapshot.parse(board)).toEqual(board);
        expect(board.nodes.map(({ id }) => id)).toContain('whole');
        for (const edge of board.edges)
          expect(board.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([edge.from, edge.to]));
        for (const id of ['a', 'b', 'c', 'd']) {
          const node = readNode(doc, id);
          expect(board.nodes.find((one) => one.id === id)).toEqual(node);
          readEdge(doc, id);
          noteText(doc, id);
        }
        for (const { id } of board.nodes) expect(readPlaces(doc).has(id)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps fields of a later version untouched while older hands move the node', () => {
    const doc = new Y.Doc();
    applyMutations(doc, [note('a')]);
    const fields = doc.getMap('nodes').get('a');
    if (fields instanceof Y.Map) fields.set('later', { version: 9 });
    applyMutations(doc, [{ type: 'move-nodes', moves: [{ id: 'a', x: 3, y: 4 }] }]);
    expect(fields instanceof Y.Map && fields.get('later')).toEqual({ version: 9 });
    expect(CanvasNode.parse(readNode(doc, 'a'))).toMatchObject({ x: 3, y: 4 });
  });

  it('hides an edge whose end somebody else removed meanwhile', () => {
    const [ann, ben] = [new Y.Doc(), new Y.Doc()];
    applyMutations(ann, [note('a'), note('b')]);
    Y.applyUpdate(ben, Y.encodeStateAsUpdate(ann));
    applyMutations(ann, [{ type: 'add-edge', edge: { id: 'e', from: 'a', to: 'b' } }]);
    applyMutations(ben, [{ type: 'remove', nodes: ['b'], edges: [] }]);
    Y.applyUpdate(ann, Y.encodeStateAsUpdate(ben));
    expect(readCanvas(ann)).toMatchObject({ nodes: [{ id: 'a' }], edges: [] });
  });

  it('never mixes the places of two people who move one node at once', () => {
    const [ann, ben] = [new Y.Doc(), new Y.Doc()];
    applyMutations(ann, [note('a')]);
    Y.applyUpdate(ben, Y.encodeStateAsUpdate(ann));
    applyMutations(ann, [{ type: 'move-nodes', moves: [{ id: 'a', x: 1, y: 1 }] }]);
    applyMutations(ben, [{ type: 'move-nodes', moves: [{ id: 'a', x: 2, y: 2 }] }]);
    Y.applyUpdate(ann, Y.encodeStateAsUpdate(ben));
    Y.applyUpdate(ben, Y.encodeStateAsUpdate(ann));
    const node = readNode(ann, 'a');
    expect(node?.x).toBe(node?.y);
    expect(readNode(ben, 'a')).toEqual(node);
  });

  it('of 10,000 nodes takes less than three seconds', () => {
    const doc = new Y.Doc();
    applyMutations(doc, [note('first')]);
    doc.transact(() => {
      const from = doc.getMap('nodes').get('first');
      for (let index = 0; index < 10_000; index += 1) {
        if (from instanceof Y.Map) doc.getMap('nodes').set(`n${index}`, from.clone());
      }
    });
    const start = performance.now();
    expect(readCanvas(doc).nodes).toHaveLength(10_001);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('watching a board', () => {
  const watched = () => {
    const doc = new Y.Doc();
    applyMutations(doc, [
      note('a', 'x'),
      note('b'),
      { type: 'add-edge', edge: { id: 'e', from: 'a', to: 'b' } },
    ]);
    const seen: CanvasChange[] = [];
    const stop = observeCanvas(doc, (change) => seen.push(change));
    const change = (...mutations: CanvasMutation[]) => {
      applyMutations(doc, mutations, 'me');
      return seen.splice(0).map(({ nodes, edges, order, origin }) => [[...nodes], [...edges], order, origin]);
    };
    return { doc, change, stop, seen };
  };

  it('tells once a transaction which nodes and edges it touched', () => {
    const { change } = watched();
    expect(change({ type: 'move-nodes', moves: [{ id: 'a', x: 9, y: 9 }] })).toEqual([
      [['a'], [], false, 'me'],
    ]);
    expect(change({ type: 'set-text', id: 'a', text: 'xy' })).toEqual([[['a'], [], false, 'me']]);
    expect(change(note('c'), { type: 'set-colour', nodes: ['b'], edges: ['e'], colour: '1' })).toEqual([
      [['c', 'b'], ['e'], true, 'me'],
    ]);
    expect(change({ type: 'order', nodes: ['a'], to: 'front' })).toEqual([[['a'], [], true, 'me']]);
    expect(change({ type: 'remove', nodes: ['a'], edges: [] })).toEqual([[['a'], ['e'], true, 'me']]);
    expect(change({ type: 'set-text', id: 'gone', text: '' })).toEqual([]);
  });

  it('tells of what others did, and no more once it is stopped', () => {
    const { doc, seen, stop } = watched();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    applyMutations(other, [{ type: 'set-text', id: 'a', text: 'changed' }]);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'wire');
    expect(seen).toMatchObject([{ nodes: new Set(['a']), edges: new Set(), origin: 'wire' }]);
    stop();
    applyMutations(doc, [note('late')]);
    expect(seen).toHaveLength(1);
  });

  it('is enough to keep a copy up to date, node by node', () => {
    const doc = new Y.Doc();
    const copy = new Map<string, CanvasNode>();
    observeCanvas(doc, ({ nodes }) => {
      for (const id of nodes) {
        const node = readNode(doc, id);
        if (node === undefined) copy.delete(id);
        else copy.set(id, node);
      }
    });
    const anyId = fc.constantFrom('a', 'b', 'c');
    const anyMutation: fc.Arbitrary<CanvasMutation> = fc.oneof(
      anyId.map((id) => note(id, 't')),
      anyId.map((id) => ({ type: 'remove' as const, nodes: [id], edges: [] })),
      fc.record({ type: fc.constant('set-text' as const), id: anyId, text: fc.string() }),
      fc
        .record({ id: anyId, x: fc.nat(9), y: fc.nat(9) })
        .map((move) => ({ type: 'move-nodes' as const, moves: [move] })),
      anyId.map((id) => ({ type: 'order' as const, nodes: [id], to: 'back' as const })),
    );
    fc.assert(
      fc.property(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        applyMutations(doc, mutations);
        const nodes = readCanvas(doc).nodes;
        expect(copy).toEqual(new Map(nodes.map((node) => [node.id, node])));
      }),
      { numRuns: 300 },
    );
  });
});
