import { useStoreApi } from '@xyflow/react';
import { useLayoutEffect, useRef } from 'react';
import type { FlowEdge, FlowNode } from './flow.ts';

/** Canvas units between two dots at 100 %. */
const GAP = 24;
/** Dots closer than this on screen, in pixels, are thinned out by half, and again. */
const NEAREST = 12;

/** Pixels between two dots on screen: a multiple of the gap, so that dots stay where nodes snap to. */
export function gapOnScreen(zoom: number): number {
  const gap = GAP * zoom;
  return gap >= NEAREST ? gap : gap * 2 ** Math.ceil(Math.log2(NEAREST / gap));
}

/**
 * The dots of the board. They are one layer a little larger than the board, moved by less than a gap: panning neither renders
 * nor paints anything, only another zoom does.
 */
export function Dots() {
  const store = useStoreApi<FlowNode, FlowEdge>();
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    let drawn = Number.NaN;
    const place = ({ transform: [x, y, zoom] }: ReturnType<typeof store.getState>) => {
      const style = layer.current?.style;
      if (style === undefined) return;
      const gap = gapOnScreen(zoom);
      if (zoom !== drawn) {
        style.setProperty('--gap', `${gap}px`);
        style.setProperty('--dot-size', `${Math.min(1.6, Math.max(1, 1.6 * zoom))}px`);
      }
      drawn = zoom;
      style.transform = `translate(${offset(x, gap)}px, ${offset(y, gap)}px)`;
    };
    place(store.getState());
    return store.subscribe((now, before) => {
      if (now.transform !== before.transform) place(now);
    });
  }, [store]);
  return (
    <div className="board-dots" aria-hidden="true">
      <div ref={layer} />
    </div>
  );
}

/** How far the layer is moved: its first dot lies at a corner of its tile, up to one gap before the board's edge. */
function offset(at: number, gap: number): number {
  return (((at % gap) + gap) % gap) - gap;
}
