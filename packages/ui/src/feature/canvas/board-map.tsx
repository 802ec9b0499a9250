import { MiniMap, type MiniMapNodeProps } from '@xyflow/react';
import { useRun, useText } from '../../client/index.ts';
import { statusLook } from '../run/index.ts';
import { useBoardState } from './board-context.tsx';
import type { FlowNode } from './flow.ts';

/** The whole board in small: the view, and in amber what needs a person. */
export function BoardMap() {
  const text = useText();
  return (
    <MiniMap<FlowNode>
      pannable
      zoomable
      ariaLabel={text('app.canvas.map')}
      nodeComponent={MapNode}
      nodeBorderRadius={2}
      bgColor="var(--raised)"
      maskColor="color-mix(in oklab, var(--canvas) 70%, transparent)"
      maskStrokeColor="var(--accent)"
      maskStrokeWidth={2}
      style={{ width: 196, height: 118 }}
      className="m-0! mb-11! overflow-hidden rounded-card border border-line shadow-2"
    />
  );
}

function MapNode({ id, x, y, width, height }: MiniMapNodeProps) {
  const task = useBoardState(({ nodes }) => {
    const node = nodes.find((each) => each.id === id);
    return node?.type === 'task' ? node.data : null;
  });
  const waits = useRun(task?.run ?? null, (state) => {
    const status = state.tasks.find((each) => each.id === task?.task)?.status;
    return { now: status !== undefined && statusLook(status) === 'waiting' };
  });
  const fill =
    waits?.now === true ? 'var(--waiting-solid)' : task === null ? 'var(--line-2)' : 'var(--line-ctl)';
  return <rect x={x} y={y} width={width} height={height} rx={4} fill={fill} />;
}
