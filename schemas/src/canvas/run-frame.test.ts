import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Card,
  cardSize,
  contains,
  type GraphTask,
  layoutTasks,
  overlaps,
  RUN_FRAME,
  runFrameSize,
} from './index.ts';

/** Tasks that may come after any others, themselves and unknown ones included. */
const anyTasks: fc.Arbitrary<GraphTask[]> = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'), { maxLength: 16 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .array(fc.constantFrom(...ids, 'unknown'), { maxLength: 4 })
          .map((after): GraphTask => ({ id, after })),
      ),
    ),
  );

/** The same without circles: a task comes after earlier ones only. */
const anyGraph = anyTasks.map((tasks) =>
  tasks.map((task, index) => {
    const earlier = new Set(tasks.slice(0, index).map(({ id }) => id));
    return { ...task, after: task.after.filter((id) => earlier.has(id)) };
  }),
);

describe('the layout of tasks in a run’s frame', () => {
  it('places every task once, inside the frame, below its header, over no other, in whole units', () => {
    fc.assert(
      fc.property(anyTasks, (tasks) => {
        const places = layoutTasks(tasks);
        const { width, height } = runFrameSize(tasks);
        const inner = { x: 0, y: RUN_FRAME.header, width, height: height - RUN_FRAME.header };
        expect(places.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
        for (const [index, place] of places.entries()) {
          expect(contains(inner, place)).toBe(true);
          expect([place.x, place.y].every(Number.isInteger)).toBe(true);
          expect(places.slice(index + 1).some((other) => overlaps(place, other))).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('puts a task right of everything it comes after, layers 240 and rows 112 apart', () => {
    fc.assert(
      fc.property(anyGraph, (tasks) => {
        const places = new Map(layoutTasks(tasks).map((place) => [place.id, place]));
        for (const task of tasks) {
          const x = places.get(task.id)?.x ?? 0;
          for (const id of task.after)
            expect(x - (places.get(id)?.x ?? 0)).toBeGreaterThanOrEqual(RUN_FRAME.layer);
        }
        for (const one of places.values()) {
          for (const other of places.values()) {
            expect(Math.abs(one.x - other.x) % RUN_FRAME.layer).toBe(0);
            if (one.layer === other.layer) expect(Math.abs(one.y - other.y) % RUN_FRAME.row).toBe(0);
          }
        }
      }),
    );
  });

  it('draws the plan of the example as the screens show it', () => {
    const tasks = [
      { id: 'list', after: [] },
      { id: 'manifest', after: ['list'] },
      { id: 'outline', after: ['list'] },
      { id: 'imports', after: ['list'] },
      { id: 'run', after: ['manifest'] },
      { id: 'order', after: ['outline', 'imports'] },
    ];
    expect(layoutTasks(tasks).map(({ id, layer, row }) => [id, layer, row])).toEqual([
      ['list', 0, 0],
      ['manifest', 1, 0],
      ['outline', 1, 1],
      ['imports', 1, 2],
      ['run', 2, 0],
      ['order', 2, 1],
    ]);
    const [list, , outline] = layoutTasks(tasks);
    expect(list?.y).toBe(outline?.y);
    expect(runFrameSize(tasks)).toEqual({ width: 740, height: 64 + 40 + 2 * 112 + 97 });
  });

  it('has room for the card it folds to before there is a plan', () => {
    expect(runFrameSize([])).toEqual({ width: 740, height: RUN_FRAME.folded });
    expect(layoutTasks([])).toEqual([]);
  });
});

describe('the size of a card', () => {
  const size = (card: object) => cardSize(Card.parse({ id: 'c', ...card }));
  const ref = { run: 'r', task: 't', artifact: 'a', title: 'T', content: '0'.repeat(64) };

  it('grows with its rows up to a bound, and with a graph', () => {
    const artifact = (rows: number, graph: { nodes: number } | null) =>
      size({ kind: 'artifact', ...ref, rows, graph });
    expect(artifact(3, null)).toEqual({ width: 360, height: 124 });
    expect(artifact(0, null).height).toBe(80);
    expect(artifact(1000, null).height).toBe(456);
    expect(artifact(3, { nodes: 9 })).toEqual({ width: 480, height: 363 });
    expect(artifact(3, { nodes: 0 })).toEqual({ width: 360, height: 124 });
  });

  it('is what the card says, or follows a note’s lines', () => {
    expect(size({ kind: 'link', url: 'https://example.org', width: 10, height: 20 })).toEqual({
      width: 10,
      height: 20,
    });
    expect(size({ kind: 'note', text: 'a\nb\nc\nd' }).height).toBe(58 + 4 * 22);
  });
});
