import type { Card, GraphTask } from './mutation.ts';
import type { Rect } from './node.ts';
import type { Size } from './place.ts';

/** Measures of a run's frame and of the task nodes inside it, in canvas units. */
export const RUN_FRAME = {
  header: 64,
  padding: 20,
  taskWidth: 208,
  taskHeight: 97,
  layer: 240,
  row: 112,
  /** Height of the card an ended run folds to; no frame is lower, so that the card never needs more room than the run had. */
  folded: 240,
  /** The header keeps its words down to this width. */
  minWidth: 740,
} as const;

/** Where a task stands inside its run's frame: relative to the frame's top left corner, header included. */
export interface TaskPlace extends Rect {
  readonly id: string;
  readonly layer: number;
  readonly row: number;
}

/** The layer of each task: one more than the deepest of those it comes after. A task in a circle counts where it is met. */
function layersOf(tasks: readonly GraphTask[]): Map<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const layers = new Map<string, number>();
  const open = new Set<string>();
  const layerOf = (task: GraphTask): number => {
    const known = layers.get(task.id);
    if (known !== undefined) return known;
    open.add(task.id);
    let layer = 0;
    for (const id of task.after) {
      const before = byId.get(id);
      if (before !== undefined && !open.has(id)) layer = Math.max(layer, layerOf(before) + 1);
    }
    open.delete(task.id);
    layers.set(task.id, layer);
    return layer;
  };
  for (const task of tasks) layerOf(task);
  return layers;
}

/** Tasks by layer, each layer ordered so that a task stands near those it comes after. */
function layered(tasks: readonly GraphTask[]): GraphTask[][] {
  const layers = layersOf(tasks);
  const result: GraphTask[][] = [];
  for (const task of tasks) {
    const layer = layers.get(task.id) ?? 0;
    while (result.length <= layer) result.push([]);
    result[layer]?.push(task);
  }
  const height = new Map<string, number>();
  for (const layer of result) {
    const wish = new Map(
      layer.map((task) => {
        const rows = task.after.flatMap((id) => height.get(id) ?? []);
        return [task.id, rows.length === 0 ? 0.5 : rows.reduce((sum, row) => sum + row, 0) / rows.length];
      }),
    );
    layer.sort((a, b) => (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0));
    for (const [row, task] of layer.entries()) height.set(task.id, (row + 1) / (layer.length + 1));
  }
  return result;
}

function sizeOf(layers: number, rows: number): Size {
  const { header, padding, taskWidth, taskHeight, layer, row, minWidth } = RUN_FRAME;
  const width = 2 * padding + Math.max(layers - 1, 0) * layer + taskWidth;
  return {
    width: Math.max(width, minWidth),
    height: Math.max(header + 2 * padding + Math.max(rows - 1, 0) * row + taskHeight, RUN_FRAME.folded),
  };
}

/** The size of a frame that holds these tasks; without any, of one that waits for its plan. */
export function runFrameSize(tasks: readonly GraphTask[]): Size {
  const layers = layered(tasks);
  return sizeOf(layers.length, Math.max(1, ...layers.map((layer) => layer.length)));
}

/**
 * Where each task stands in the frame of `runFrameSize`: layers from left to right 240 apart, rows 112 apart, each layer centred on the tallest. A name in
 * `after` that is no task is passed over.
 */
export function layoutTasks(tasks: readonly GraphTask[]): TaskPlace[] {
  const layers = layered(tasks);
  const rows = Math.max(1, ...layers.map((layer) => layer.length));
  const { header, padding, taskWidth, taskHeight, layer: across, row: down } = RUN_FRAME;
  const frame = sizeOf(layers.length, rows);
  const spare = frame.width - 2 * padding - Math.max(layers.length - 1, 0) * across - taskWidth;
  const used = header + 2 * padding + (rows - 1) * down + taskHeight;
  const top = header + padding + Math.floor((frame.height - used) / 2);
  const places = new Map<string, TaskPlace>();
  for (const [layer, column] of layers.entries()) {
    const above = ((rows - column.length) * down) / 2;
    for (const [row, task] of column.entries()) {
      places.set(task.id, {
        id: task.id,
        layer,
        row,
        x: padding + Math.floor(spare / 2) + layer * across,
        y: top + above + row * down,
        width: taskWidth,
        height: taskHeight,
      });
    }
  }
  return tasks.flatMap((task) => places.get(task.id) ?? []);
}

/** Measures of a card, in canvas units. */
const CARD = {
  head: 58,
  row: 22,
  /** Taller cards scroll. */
  most: 456,
  widths: { note: 240, file: 440, link: 300, artifact: 360 },
  graph: { width: 480, node: 23, around: 32, most: 240 },
  chart: { height: 216 },
} as const;

/** The size of a card that names none: its width by kind, its height by the rows it shows and the graph or chart it draws. */
export function cardSize(card: Card): Size {
  const rows = card.rows ?? (card.kind === 'note' ? card.text.split('\n').length : 3);
  const nodes = card.graph?.nodes ?? 0;
  const drawn = nodes > 0;
  const graph = Math.min(CARD.graph.around + nodes * CARD.graph.node, CARD.graph.most);
  const charted = (card.chart?.bars ?? 0) > 0;
  const height = CARD.head + rows * CARD.row + (drawn ? graph : 0) + (charted ? CARD.chart.height : 0);
  return {
    width: card.width ?? (drawn || charted ? CARD.graph.width : CARD.widths[card.kind]),
    height: card.height ?? Math.min(Math.max(height, CARD.head + CARD.row), CARD.most),
  };
}
