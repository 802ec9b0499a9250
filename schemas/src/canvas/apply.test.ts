import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyMutations,
  CanvasMutation,
  CanvasMutations,
  type CanvasNode,
  contains,
  noteText,
  readCanvas,
  readNode,
} from './index.ts';

let doc: Y.Doc;
beforeEach(() => {
  doc = new Y.Doc();
});

const apply = (...mutations: CanvasMutation[]) => applyMutations(doc, CanvasMutations.parse(mutations));
const note = (id: string, at: { x: number; y: number } = { x: 0, y: 0 }, text = ''): CanvasMutation => ({
  type: 'add-node',
  node: { kind: 'note', id, text, ...at, width: 100, height: 50 },
});
const ids = () => readCanvas(doc).nodes.map(({ id }) => id);
const at = (id: string) => {
  const node = readNode(doc, id);
  return node === undefined ? undefined : [node.x, node.y, node.width, node.height];
};
const none = { changed: false, missing: [] };

describe('a mutation', () => {
  it('adds a node above the others, once', () => {
    expect(apply(note('b'), note('a'))).toEqual({ changed: true, missing: [] });
    expect(ids()).toEqual(['b', 'a']);
    expect(apply(note('b', { x: 9, y: 9 }))).toEqual(none);
    expect(at('b')).toEqual([0, 0, 100, 50]);
  });

  it('adds a node of every kind and reads it back', () => {
    const rest = { x: 1, y: 2, width: 30, height: 40 };
    const nodes = [
      { id: 'n', kind: 'note', text: 'x', ...rest },
      { id: 'f', kind: 'file', path: 'a/b.ts', line: 3, ...rest, colour: '4' },
      { id: 'l', kind: 'link', url: 'https://example.org', ...rest },
      { id: 'g', kind: 'group', label: 'L', ...rest, colour: '#0a0B0c' },
      { id: 'r', kind: 'run', run: 'r1', ...rest },
      { id: 't', kind: 'task', run: 'r1', task: 't1', ...rest },
      {
        id: 'a',
        kind: 'artifact',
        run: 'r1',
        task: 't1',
        artifact: 'x',
        title: 'T',
        content: 'f'.repeat(64),
        ...rest,
      },
    ];
    apply(...nodes.map((node) => CanvasMutation.parse({ type: 'add-node', node })));
    expect(readCanvas(doc).nodes).toEqual(nodes.map((node, z) => ({ ...node, z })));
  });

  it('moves and resizes, writes nothing that is so already, and reports what is not there', () => {
    apply(note('a'));
    expect(apply({ type: 'move-nodes', moves: [{ id: 'a', x: 7, y: 8 }] }).changed).toBe(true);
    expect(apply({ type: 'move-nodes', moves: [{ id: 'a', x: 7, y: 8 }] })).toEqual(none);
    expect(apply({ type: 'resize-node', id: 'a', width: 20, height: 30 }).changed).toBe(true);
    expect(apply({ type: 'resize-node', id: 'a', x: 7, width: 20, height: 30 })).toEqual(none);
    expect(at('a')).toEqual([7, 8, 20, 30]);
    expect(apply({ type: 'move-nodes', moves: [{ id: 'x', x: 0, y: 0 }] })).toEqual({
      changed: false,
      missing: ['x'],
    });
    expect(apply({ type: 'resize-node', id: 'x', width: 1, height: 1 }).missing).toEqual(['x']);
  });

  it('connects what is there, and takes edges away with their nodes', () => {
    apply(note('a'), note('b'), note('c'));
    const edge = { id: 'e', from: 'a', to: 'b', fromSide: 'right', label: 'so' } as const;
    apply({ type: 'add-edge', edge }, { type: 'add-edge', edge: { id: 'f', from: 'b', to: 'c' } });
    expect(apply({ type: 'add-edge', edge: { id: 'g', from: 'a', to: 'gone' } })).toEqual({
      changed: false,
      missing: ['gone'],
    });
    expect(readCanvas(doc).edges).toEqual([edge, { id: 'f', from: 'b', to: 'c' }]);
    apply({ type: 'remove', nodes: ['a'], edges: [] });
    expect(readCanvas(doc).edges.map(({ id }) => id)).toEqual(['f']);
    apply({ type: 'remove-edge', id: 'f' });
    expect(readCanvas(doc).edges).toEqual([]);
    expect(apply({ type: 'remove', nodes: ['a'], edges: ['f'] }).missing).toEqual(['a', 'f']);
  });

  it('sets and takes away colours and labels', () => {
    apply(note('a'), note('b'), { type: 'group', id: 'g', nodes: ['a'], label: null });
    apply({ type: 'add-edge', edge: { id: 'e', from: 'a', to: 'b' } });
    apply({ type: 'set-colour', nodes: ['a'], edges: ['e'], colour: '2' });
    apply(
      { type: 'set-label', on: 'node', id: 'g', label: 'G' },
      { type: 'set-label', on: 'edge', id: 'e', label: 'E' },
    );
    expect(readNode(doc, 'a')?.colour).toBe('2');
    expect(readNode(doc, 'g')).toMatchObject({ label: 'G' });
    expect(readCanvas(doc).edges).toEqual([{ id: 'e', from: 'a', to: 'b', colour: '2', label: 'E' }]);
    apply(
      { type: 'set-colour', nodes: ['a'], edges: ['e'], colour: null },
      { type: 'set-label', on: 'edge', id: 'e', label: null },
    );
    expect(readNode(doc, 'a')?.colour).toBe(undefined);
    expect(readCanvas(doc).edges).toEqual([{ id: 'e', from: 'a', to: 'b' }]);
    expect(apply({ type: 'set-label', on: 'edge', id: 'e', label: null })).toEqual(none);
    expect(apply({ type: 'set-label', on: 'edge', id: 'x', label: 'X' }).missing).toEqual(['x']);
  });

  it('groups nodes behind and around them, and leaves them when the group goes', () => {
    apply(note('a', { x: 100, y: 100 }), note('b', { x: 300, y: 200 }));
    expect(apply({ type: 'group', id: 'g', nodes: ['a', 'b', 'x'], label: 'Both' }).missing).toEqual(['x']);
    const { nodes } = readCanvas(doc);
    expect(nodes[0]).toMatchObject({ id: 'g', label: 'Both' });
    for (const node of nodes.slice(1)) expect(contains(nodes[0] as CanvasNode, node)).toBe(true);
    apply({ type: 'ungroup', id: 'g' });
    expect(ids()).toEqual(['a', 'b']);
  });

  it('writes a run’s caption, and a later one in its place', () => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: [] }, note('a'));
    apply({ type: 'set-caption', id: 'r', state: 'verified', title: 'Explained' });
    expect(readNode(doc, 'r')).toMatchObject({ caption: { state: 'verified', title: 'Explained' } });
    apply({ type: 'set-caption', id: 'r', state: 'failed' });
    expect(readNode(doc, 'r')).toMatchObject({ caption: { state: 'failed' } });
    expect(apply({ type: 'set-caption', id: 'a', state: 'failed' }).missing).toEqual(['a']);
  });

  it('applies a batch in one transaction under its origin', () => {
    const origins: unknown[] = [];
    doc.on('update', (_: Uint8Array, origin: unknown) => origins.push(origin));
    applyMutations(doc, [note('a'), note('b'), { type: 'remove', nodes: ['a'], edges: [] }], 'me');
    expect(origins).toEqual(['me']);
  });
});

describe('the text of a note', () => {
  it('becomes any other text', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(anyText, anyText, (from, to) => {
        doc = new Y.Doc();
        apply(note('a', { x: 0, y: 0 }, from));
        const { changed } = apply({ type: 'set-text', id: 'a', text: to });
        expect(noteText(doc, 'a')?.toJSON()).toBe(to);
        expect(changed).toBe(from !== to);
        // What others receive is the same: no half character was torn.
        const other = new Y.Doc();
        Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
        expect(noteText(other, 'a')?.toJSON()).toBe(to);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what somebody else typed elsewhere in it', () => {
    apply(note('a', { x: 0, y: 0 }, 'one two three'));
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    noteText(other, 'a')?.insert(13, ' four');
    apply({ type: 'set-text', id: 'a', text: 'zero two three' });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(noteText(doc, 'a')?.toJSON()).toBe('zero two three four');
  });

  it('stays as it is when it is no longer the one that was to be changed', () => {
    apply(note('a', { x: 0, y: 0 }, 'one'));
    const wish = { type: 'set-text', id: 'a', text: 'two', from: 'one' } as const;
    expect(apply(wish)).toEqual({ changed: true, missing: [] });
    expect(apply(wish)).toEqual({ changed: false, missing: ['a'] });
    expect(noteText(doc, 'a')?.toJSON()).toBe('two');
  });

  it('is not there on other nodes', () => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: [] });
    expect(apply({ type: 'set-text', id: 'r', text: 'x' }).missing).toEqual(['r']);
  });
});

describe('the order of nodes', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];
  beforeEach(() => {
    apply(...all.map((id) => note(id)));
  });
  const order = (to: 'front' | 'back' | 'forward' | 'backward', ...nodes: string[]) => {
    apply({ type: 'order', nodes, to });
    return ids().join('');
  };

  it('changes to the front and the back, keeping the order of those that go', () => {
    expect(order('front', 'd', 'a')).toBe('bcead');
    expect(order('back', 'd', 'e')).toBe('edbca');
  });

  it('changes by one neighbour, and not at all at the end', () => {
    expect(order('forward', 'a')).toBe('bacde');
    expect(order('forward', 'd', 'e')).toBe('bacde');
    expect(order('forward', 'c', 'd')).toBe('baecd');
    expect(order('backward', 'c', 'd')).toBe('bacde');
    expect(order('backward', 'b')).toBe('bacde');
  });

  it('is what a plain list would be, after any changes', () => {
    const anyWish = fc.record({
      to: fc.constantFrom('front' as const, 'back' as const, 'forward' as const, 'backward' as const),
      id: fc.constantFrom(...all),
    });
    fc.assert(
      fc.property(fc.array(anyWish, { minLength: 100, maxLength: 300, size: 'max' }), (wishes) => {
        let list = ids();
        for (const { to, id } of wishes) {
          const from = list.indexOf(id);
          const rest = list.filter((other) => other !== id);
          const index = {
            front: 4,
            back: 0,
            forward: Math.min(from + 1, 4),
            backward: Math.max(from - 1, 0),
          }[to];
          list = [...rest.slice(0, index), id, ...rest.slice(index)];
          apply({ type: 'order', nodes: [id], to });
          expect(ids()).toEqual(list);
        }
      }),
      { numRuns: 10 },
    );
  });
});
