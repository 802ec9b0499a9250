import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  applyMutations,
  type CanvasMutation,
  CanvasMutations,
  type Card,
  overlaps,
  RUN_FRAME,
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
const at = (id: string) => {
  const node = readNode(doc, id);
  return node === undefined ? undefined : [node.x, node.y, node.width, node.height];
};
const none = { changed: false, missing: [] };

describe('placing', () => {
  const anyCard: fc.Arbitrary<Omit<Card & { kind: 'note' }, 'id'>> = fc.record({
    kind: fc.constant('note' as const),
    text: fc.string({ maxLength: 5 }),
    width: fc.integer({ min: 20, max: 900 }),
    height: fc.integer({ min: 20, max: 500 }),
  });
  const anyBoard = fc.array(
    fc.record({
      x: fc.integer({ min: -1500, max: 1500 }),
      y: fc.integer({ min: -1500, max: 1500 }),
      width: fc.integer({ min: 10, max: 500 }),
      height: fc.integer({ min: 10, max: 500 }),
    }),
    { maxLength: 15 },
  );
  const put = (rects: readonly { x: number; y: number; width: number; height: number }[]) =>
    rects.length > 0 &&
    apply(
      ...rects.map(
        (rect, index): CanvasMutation => ({
          type: 'add-node',
          node: { kind: 'note', id: `old${index}`, text: '', ...rect },
        }),
      ),
    );

  it('of a run and its cards covers nothing, wherever the board has something, and is the same each time', () => {
    const tasks = [
      { id: 'a', after: [] },
      { id: 'b', after: ['a'] },
    ];
    fc.assert(
      fc.property(
        anyBoard,
        fc.array(anyCard, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (rects, cards, early) => {
          const settle = () => {
            doc = new Y.Doc();
            put(rects);
            const at = early ? { at: { x: 0, y: 0 } } : {};
            apply({ type: 'place-run', id: 'r', run: 'r1', tasks, ...at });
            const named = cards.map((card, index) => ({ ...card, id: `new${index}` }));
            apply({ type: 'place-cards', beside: 'r', cards: named });
            apply({ type: 'place-run', id: 'r2', run: 'r2', tasks });
            apply({
              type: 'place-cards',
              beside: null,
              cards: named.map((card) => ({ ...card, id: `${card.id}b` })),
            });
            return readCanvas(doc).nodes;
          };
          const nodes = settle();
          const fresh = nodes.filter(({ id }) => !id.startsWith('old'));
          expect(fresh).toHaveLength(2 + 2 * cards.length);
          for (const node of fresh) {
            expect(
              nodes.filter((other) => other.id !== node.id && overlaps(node, other)).map(({ id }) => id),
            ).toEqual([]);
          }
          expect(settle()).toEqual(nodes);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('puts cards below the run, in rows as wide as its frame', () => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: [], at: { x: 40, y: 60 } });
    const cards = ['a', 'b', 'c'].map(
      (id): Card => ({ kind: 'note', id, text: '', width: 300, height: 100 }),
    );
    apply({ type: 'place-cards', beside: 'r', cards });
    const bottom = 60 + (at('r')?.[3] ?? 0) + 20;
    expect(['a', 'b', 'c'].map((id) => at(id)?.slice(0, 2))).toEqual([
      [40, bottom],
      [360, bottom],
      [40, bottom + 120],
    ]);
  });

  it('takes the groups that hold the run for no obstacle, and other groups for one', () => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: [], at: { x: 0, y: 0 } });
    const around = { x: -50, y: -50, width: 2000, height: 2000 };
    apply({ type: 'add-node', node: { kind: 'group', id: 'g', ...around } });
    const below = { x: 0, y: 230, width: 300, height: 300 };
    apply({ type: 'add-node', node: { kind: 'group', id: 'h', ...below } });
    apply({
      type: 'place-cards',
      beside: 'r',
      cards: [{ kind: 'note', id: 'c', text: '', width: 100, height: 100 }],
    });
    expect(at('c')?.slice(0, 2)).toEqual([320, RUN_FRAME.folded + 20]);
  });

  it('keeps a card that is there where it is', () => {
    apply(note('c', { x: 5, y: 5 }));
    expect(
      apply({ type: 'place-cards', beside: null, cards: [{ kind: 'note', id: 'c', text: 'other' }] }),
    ).toEqual(none);
  });

  it('fits a frame to its plan where it stands, and moves it only when it would cover something', () => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: [], at: { x: 0, y: 0 } });
    const wide = Array.from({ length: 6 }, (_, index) => ({
      id: `t${index}`,
      after: index > 0 ? [`t${index - 1}`] : [],
    }));
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: wide });
    expect(at('r')).toEqual([0, 0, 2 * 20 + 5 * 240 + 208, RUN_FRAME.folded]);
    apply(note('in the way', { x: 0, y: 300 }));
    const tall = Array.from({ length: 4 }, (_, index) => ({ id: `t${index}`, after: [] }));
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks: tall });
    expect(at('r')?.slice(0, 2)).not.toEqual([0, 0]);
    const [run, other] = [readNode(doc, 'r'), readNode(doc, 'in the way')];
    expect(run !== undefined && other !== undefined && overlaps(run, other)).toBe(false);
  });

  it('of chosen nodes covers neither one another nor the rest, and keeps their reading order', () => {
    fc.assert(
      fc.property(
        anyBoard,
        fc.constantFrom('row' as const, 'column' as const, 'grid' as const),
        (rects, layout) => {
          doc = new Y.Doc();
          put(rects);
          const chosen = rects.map((_, index) => `old${index}`).filter((_, index) => index % 2 === 0);
          if (chosen.length === 0) return;
          apply({ type: 'arrange', nodes: chosen, layout });
          const nodes = readCanvas(doc).nodes;
          for (const node of nodes.filter(({ id }) => chosen.includes(id))) {
            expect(nodes.filter((other) => other.id !== node.id && overlaps(node, other))).toEqual([]);
          }
        },
      ),
    );
    expect(apply({ type: 'arrange', nodes: ['gone'], layout: 'row' })).toEqual({
      changed: false,
      missing: ['gone'],
    });
  });
});

describe('folding the frame of an ended run', () => {
  const tasks = Array.from({ length: 4 }, (_, index) => ({ id: `t${index}`, after: [] }));
  const artifact = (id: string): Card => {
    const ref = { run: 'r1', task: 't', artifact: id, title: id, content: '0'.repeat(64) };
    return { kind: 'artifact', id, ...ref, width: 300, height: 100 };
  };
  beforeEach(() => {
    apply({ type: 'place-run', id: 'r', run: 'r1', tasks, at: { x: 0, y: 0 } });
    apply({ type: 'place-cards', beside: 'r', cards: [artifact('a'), artifact('b')] });
  });

  it('brings the cards below it up by as much', () => {
    const [before, frame] = [at('a')?.[1] ?? 0, at('r')?.[3] ?? 0];
    apply({ type: 'fold-run', id: 'r', run: 'r1' });
    expect(at('r')).toEqual([0, 0, 740, RUN_FRAME.folded]);
    expect(at('a')?.[1]).toBe(before - (frame - RUN_FRAME.folded));
    expect(at('b')?.[1]).toBe(at('a')?.[1]);
    expect(apply({ type: 'fold-run', id: 'r', run: 'r1' })).toEqual(none);
  });

  it('leaves the cards where they are when somebody put something in their way', () => {
    apply(note('mine', { x: 400, y: 300 }));
    const before = at('a');
    apply({ type: 'fold-run', id: 'r', run: 'r1' });
    expect(at('a')).toEqual(before);
    expect(at('r')?.[3]).toBe(RUN_FRAME.folded);
  });

  it('is passed over when the frame is gone', () => {
    apply({ type: 'remove', nodes: ['r'], edges: [] });
    expect(apply({ type: 'fold-run', id: 'r', run: 'r1' })).toEqual({ changed: false, missing: ['r'] });
  });
});
