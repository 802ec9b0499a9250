import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyMutations, CanvasMutations, RUN_FRAME, readNode } from './index.ts';

let doc: Y.Doc;
beforeEach(() => {
  doc = new Y.Doc();
});

const apply = (...mutations: unknown[]) => applyMutations(doc, CanvasMutations.parse(mutations));
const card = {
  run: 'r1',
  task: 't',
  artifact: 'x',
  title: 'T',
  content: 'f'.repeat(64),
  width: 360,
  height: 100,
};
const HEIGHT = 500;
const RISE = HEIGHT - RUN_FRAME.folded;

function board(): void {
  apply(
    { type: 'add-node', node: { kind: 'run', id: 'r', run: 'r1', x: 0, y: 0, width: 740, height: HEIGHT } },
    { type: 'add-node', node: { kind: 'artifact', id: 'a', ...card, x: 0, y: 520 } },
    { type: 'add-node', node: { kind: 'artifact', id: 'b', ...card, x: 380, y: 520 } },
    { type: 'add-node', node: { kind: 'artifact', id: 'aside', ...card, x: 2000, y: 520 } },
  );
}

const y = (id: string) => readNode(doc, id)?.y;
const fold = () => apply({ type: 'fold-run', id: 'r', run: 'r1' });

describe('folding an ended run', () => {
  it('lowers its frame and brings the cards below it along', () => {
    board();
    fold();
    expect(readNode(doc, 'r')).toMatchObject({ width: 740, height: RUN_FRAME.folded });
    expect([y('a'), y('b')]).toEqual([520 - RISE, 520 - RISE]);
  });

  it('brings the notes along that the run wrote below it, and no note of a person', () => {
    board();
    const note = { kind: 'note', text: 'x', y: 640, width: 100, height: 50 };
    apply(
      { type: 'add-node', node: { ...note, id: 'note-r1/key', x: 0 } },
      { type: 'add-node', node: { ...note, id: 'note-r10/key', x: 200 } },
      { type: 'add-node', node: { ...note, id: 'mine', x: 400 } },
    );
    fold();
    expect([y('a'), y('note-r1/key')]).toEqual([520 - RISE, 640 - RISE]);
    expect([y('note-r10/key'), y('mine')]).toEqual([640, 640]);
  });

  it('leaves a card alone that a person took elsewhere', () => {
    board();
    fold();
    expect(y('aside')).toBe(520);
  });

  it('moves no card when something else stands where they would go', () => {
    board();
    apply({
      type: 'add-node',
      node: { kind: 'note', id: 'n', text: '', x: 20, y: 300, width: 100, height: 50 },
    });
    fold();
    expect([y('a'), y('b')]).toEqual([520, 520]);
    expect(readNode(doc, 'r')?.height).toBe(RUN_FRAME.folded);
  });

  it('changes nothing the second time, and nothing for a run that is not there', () => {
    board();
    fold();
    expect(fold().changed).toBe(false);
    expect(apply({ type: 'fold-run', id: 'gone', run: 'gone' })).toEqual({
      changed: false,
      missing: ['gone'],
    });
  });
});
