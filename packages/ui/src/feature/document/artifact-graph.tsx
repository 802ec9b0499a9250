import { layoutTasks } from '@soma/schemas/canvas';
import type { ArtifactGraph as Graph } from '@soma/schemas/event';
import { useMemo } from 'react';
import { useText } from '../../client/index.ts';
import { cx } from '../../design/index.ts';

const BOX = { width: 124, height: 20, across: 184, down: 23, detail: 16 } as const;

interface Box {
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly x: number;
  readonly y: number;
  /** How many arrows lead to it. */
  readonly into: number;
}

/** The boxes of a graph in layers along its arrows, each layer centred on the tallest. */
function layoutGraph(graph: Graph): readonly Box[] {
  const into = new Map<string, string[]>();
  for (const { from, to } of graph.edges) into.set(to, [...(into.get(to) ?? []), from]);
  const laid = layoutTasks(graph.nodes.map(({ id }) => ({ id, after: into.get(id) ?? [] })));
  const rowsOf = (layer: number) => laid.filter((place) => place.layer === layer).length;
  const rows = Math.max(1, ...laid.map(({ row }) => row + 1));
  const byId = new Map(laid.map((place) => [place.id, place]));
  return graph.nodes.flatMap(({ id, label, detail }) => {
    const place = byId.get(id);
    if (place === undefined) return [];
    const y = (place.row + (rows - rowsOf(place.layer)) / 2) * BOX.down;
    return [{ id, label, detail, x: place.layer * BOX.across, y, into: into.get(id)?.length ?? 0 }];
  });
}

/** The small drawing of an artifact: names in boxes and the arrows between them; the one most depended on is tinted. */
export function ArtifactGraph({ graph }: { readonly graph: Graph }) {
  const text = useText();
  const boxes = useMemo(() => layoutGraph(graph), [graph]);
  const at = new Map(boxes.map((box) => [box.id, box]));
  const width = Math.max(0, ...boxes.map(({ x }) => x + BOX.width));
  const height = Math.max(0, ...boxes.map(({ y }) => y + BOX.height + BOX.detail));
  const most = Math.max(1, ...boxes.map(({ into }) => into));
  return (
    <div className="max-h-full overflow-auto">
      <div
        role="img"
        aria-label={text('app.document.graph', { nodes: graph.nodes.length, edges: graph.edges.length })}
        className="relative mx-auto"
        style={{ width, height }}
      >
        <svg className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
          {graph.edges.map(({ from, to }) => (
            <path
              key={`${from}/${to}`}
              className="edge-line"
              data-edge="link"
              markerEnd="url(#edge-head-link)"
              d={arrow(at.get(from), at.get(to))}
            />
          ))}
        </svg>
        {boxes.map(({ id, label, detail, x, y, into }) => (
          <div key={id} className="absolute text-center" style={{ left: x, top: y, width: BOX.width }}>
            <div
              title={label}
              style={{ height: BOX.height }}
              className={cx(
                'cut mono rounded-mark border px-1.5 text-start text-meta leading-small',
                into === most ? 'border-accent-line bg-accent-bg' : 'border-line-2 bg-sunken',
              )}
            >
              {label}
            </div>
            {detail !== null && <div className="cut text-meta text-ink-3">{detail}</div>}
          </div>
        ))}
      </div>
    </div>
  );
}

function arrow(from: Box | undefined, to: Box | undefined): string {
  if (from === undefined || to === undefined) return '';
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x - 1, to.y + BOX.height / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}
