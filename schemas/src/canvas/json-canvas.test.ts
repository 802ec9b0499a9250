import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyMutations,
  CanvasMutation,
  type CanvasSnapshot,
  fromJsonCanvas,
  readCanvas,
  readNode,
  toJsonCanvas,
} from './index.ts';

const there = { x: 0, y: 0, width: 10, height: 10 };

/** Everything of a board but the numbers behind its order, which a file keeps as the order of its list. */
function plain({ nodes, edges }: CanvasSnapshot): unknown {
  return { nodes: nodes.map(({ z: _, ...node }) => node), edges };
}

/** The file after a way through a document that was sent to somebody. */
function through(file: unknown): unknown {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(fromJsonCanvas(file)));
  return JSON.parse(JSON.stringify(toJsonCanvas(doc)));
}

describe('a JSON Canvas file', () => {
  const file = {
    nodes: [
      { id: 'g', type: 'group', ...there, label: 'Group', background: 'a.png', backgroundStyle: 'cover' },
      { id: 't', type: 'text', ...there, text: '# Title\n\nwords 🙂', color: '3' },
      { id: 'f', type: 'file', ...there, file: 'notes/a.md', subpath: '#Heading' },
      { id: 'c', type: 'file', ...there, file: 'src/a.ts', subpath: '#L12', color: '#ff8800' },
      { id: 'l', type: 'link', ...there, url: 'https://example.org/?a=b#c' },
    ],
    edges: [
      { id: 'z', fromNode: 't', toNode: 'f', fromSide: 'right', toSide: 'left', toEnd: 'none', label: 'so' },
      { id: 'a', fromNode: 'f', toNode: 'l', fromEnd: 'arrow', color: '6' },
    ],
  };

  it('shows its nodes as notes, files, links and groups, and comes out as it went in', () => {
    const board = readCanvas(fromJsonCanvas(file));
    expect(board.nodes.map(({ id, kind }) => [id, kind])).toEqual([
      ['g', 'group'],
      ['t', 'note'],
      ['f', 'file'],
      ['c', 'file'],
      ['l', 'link'],
    ]);
    expect(board.nodes[3]).toMatchObject({ path: 'src/a.ts', line: 12, colour: '#ff8800' });
    expect(through(file)).toEqual(file);
  });

  it('keeps keys nobody here knows, on every level, and entries nobody here can show', () => {
    const strange = {
      ...file,
      version: { by: 'another', n: [1, null] },
      nodes: [
        { id: 'new', type: 'portal', ...there, to: 'elsewhere' },
        {
          ...file.nodes[1],
          styleAttributes: { shape: 'pill' },
          x: 1.5,
          color: 'chartreuse',
          soma: 'not ours',
        },
        'no node at all',
        { ...file.nodes[1], text: 'the same id again' },
        { id: 'small', type: 'text', ...there, width: 0, text: '' },
      ],
      edges: [
        { id: 'e', fromNode: 't', toNode: 'nowhere', pathfinding: 'square', fromSide: 'middle' },
        { id: 'half' },
      ],
    };
    const expected = structuredClone(strange);
    // Coordinates are whole: that is the only thing mended.
    Object.assign(expected.nodes[1] ?? {}, { x: 2 });
    expect(through(strange)).toEqual(expected);
    expect(readCanvas(fromJsonCanvas(strange))).toMatchObject({ nodes: [{ id: 't', x: 2 }], edges: [] });
  });

  it('keeps a key that would change what an object is', () => {
    const text = `{"nodes":[{"id":"a","x":0,"y":0,"width":1,"height":1,"type":"text","text":"","__proto__":{"x":1}}],"edges":[]}`;
    expect(JSON.stringify(toJsonCanvas(fromJsonCanvas(JSON.parse(text))))).toBe(text);
  });

  it('is made of what is whole, when somebody spoilt what was kept', () => {
    const doc = fromJsonCanvas({ ...file, more: 1, nodes: [...file.nodes, 'odd'] });
    for (const name of ['top', 'nodes', 'absent']) doc.getMap('foreign').set(name, '{not JSON');
    expect(toJsonCanvas(doc)).toEqual(file);
  });

  it.each([[{}], [{ nodes: [] }], [{ edges: [], more: 1 }]])('may lack either list: %j', (empty) => {
    expect(through(empty)).toEqual(empty);
  });

  it.each([[null], [[]], ['text'], [{ nodes: {} }], [{ edges: 'none' }]])(
    'is refused when it is none: %j',
    (bad) => {
      expect(() => fromJsonCanvas(bad)).toThrow('INVALID_INPUT');
    },
  );

  it('follows what was changed since: a colour set here replaces one it could not read', () => {
    const doc = fromJsonCanvas({
      nodes: [{ id: 'a', type: 'text', ...there, text: 'x', color: 'odd', keep: 1 }],
    });
    expect(toJsonCanvas(doc).nodes).toMatchObject([{ color: 'odd' }]);
    applyMutations(doc, [
      { type: 'set-colour', nodes: ['a'], edges: [], colour: '4' },
      { type: 'set-text', id: 'a', text: 'y' },
      { type: 'move-nodes', moves: [{ id: 'a', x: 5, y: 6 }] },
    ]);
    expect(toJsonCanvas(doc).nodes).toEqual([
      { id: 'a', type: 'text', ...there, x: 5, y: 6, text: 'y', color: '4', keep: 1 },
    ]);
  });
});

const anyRect = fc.record({
  x: fc.integer({ min: -1e9, max: 1e9 }),
  y: fc.integer({ min: -1e9, max: 1e9 }),
  width: fc.integer({ min: 1, max: 1e6 }),
  height: fc.integer({ min: 1, max: 1e6 }),
});
const anyWord = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const anyColour = fc.option(fc.constantFrom('1', '6', '#abc', '#A1b2C3'), { nil: undefined });
const anyRef = fc.oneof(
  fc.record({ kind: fc.constant('note'), text: fc.string({ unit: 'grapheme' }) }),
  fc.record({
    kind: fc.constant('file'),
    path: anyWord,
    line: fc.option(fc.integer({ min: 1, max: 99_999 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('link'), url: anyWord }),
  fc.record({ kind: fc.constant('group'), label: fc.option(anyWord, { nil: undefined }) }),
  fc.record({ kind: fc.constant('run'), run: anyWord }),
  fc.record({ kind: fc.constant('task'), run: anyWord, task: anyWord }),
  fc.record({
    kind: fc.constant('artifact'),
    run: anyWord,
    task: anyWord,
    artifact: anyWord,
    title: anyWord,
    icon: fc.option(anyWord, { nil: undefined }),
    content: fc.constant('0f'.repeat(32)),
  }),
);
const anyMutations = fc
  .uniqueArray(fc.record({ id: anyWord, rect: anyRect, ref: anyRef, colour: anyColour }), {
    selector: ({ id }) => id,
  })
  .chain((nodes) => {
    const ids = nodes.map(({ id }) => id);
    const added = nodes.map(({ id, rect, ref, colour }) => ({
      type: 'add-node',
      node: { id, ...rect, ...ref, colour },
    }));
    const captions = nodes.flatMap(({ id, ref }) =>
      ref.kind === 'run' ? [{ type: 'set-caption', id, state: 'verified', title: 'done' }] : [],
    );
    if (ids.length === 0) return fc.constant(added);
    const anyEdge = fc.record({
      id: anyWord,
      from: fc.constantFrom(...ids),
      to: fc.constantFrom(...ids),
      fromSide: fc.option(fc.constantFrom('top', 'left'), { nil: undefined }),
      toEnd: fc.option(fc.constantFrom('none', 'arrow'), { nil: undefined }),
      label: fc.option(anyWord, { nil: undefined }),
      colour: anyColour,
    });
    return fc
      .array(anyEdge)
      .map((edges) => [...added, ...captions, ...edges.map((edge) => ({ type: 'add-edge', edge }))]);
  });

describe('a board', () => {
  it('comes back from its file as it was, with runs, tasks and artifacts', () => {
    fc.assert(
      fc.property(anyMutations, (wishes) => {
        const doc = new Y.Doc();
        applyMutations(
          doc,
          wishes.map((wish) => CanvasMutation.parse(wish)),
        );
        const file: unknown = JSON.parse(JSON.stringify(toJsonCanvas(doc)));
        const back = fromJsonCanvas(file);
        expect(plain(readCanvas(back))).toEqual(plain(readCanvas(doc)));
        expect(through(file)).toEqual(file);
      }),
      { numRuns: 300 },
    );
  });

  it('is a valid file for programs that know only the four types, its own kinds as texts and groups', () => {
    const doc = new Y.Doc();
    const artifact = { run: 'r', task: 't', artifact: 'a', title: 'What it is', content: '0'.repeat(64) };
    applyMutations(doc, [
      { type: 'add-node', node: { id: 'r', kind: 'run', run: 'r', ...there } },
      { type: 'set-caption', id: 'r', state: 'verified', title: 'Explained' },
      { type: 'add-node', node: { id: 'a', kind: 'artifact', ...artifact, ...there } },
      { type: 'add-node', node: { id: 't', kind: 'task', run: 'r', task: 't', ...there } },
    ]);
    expect(toJsonCanvas(doc).nodes).toMatchObject([
      { type: 'group', label: 'Explained', soma: { kind: 'run', run: 'r' } },
      { type: 'text', text: 'What it is', soma: { kind: 'artifact', content: artifact.content } },
      { type: 'text', text: 't', soma: { kind: 'task' } },
    ]);
  });

  it('keeps what another program wrote over the words of an artifact, and more beside its own key', () => {
    const soma = { kind: 'task', run: 'r', task: 't', later: { v: 2 } };
    const file = { nodes: [{ id: 'a', type: 'text', ...there, text: 'rewritten', soma }], edges: [] };
    const doc = fromJsonCanvas(file);
    expect(readNode(doc, 'a')).toMatchObject({ kind: 'task', task: 't' });
    expect(toJsonCanvas(doc)).toEqual(file);
  });

  it('keeps a key named __proto__ wherever it stands', () => {
    const place = { x: 0, y: 0, width: 1, height: 1 };
    const text = `{"nodes":[{"id":"b",${JSON.stringify(place).slice(1, -1)},"type":"link","url":"u"},{"id":"b","type":"text","text":"","color":{"__proto__":""}}],"edges":[],"__proto__":1}`;
    expect(JSON.stringify(toJsonCanvas(fromJsonCanvas(JSON.parse(text))))).toContain(
      '"color":{"__proto__":""}',
    );
  });
});
