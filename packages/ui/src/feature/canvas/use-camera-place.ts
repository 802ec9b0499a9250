import { useReactFlow, type Viewport } from '@xyflow/react';
import { useCallback, useEffect, useRef } from 'react';
import { useClient } from '../../client/index.ts';
import type { Board } from './board-store.ts';
import type { Camera } from './camera.ts';
import type { FlowEdge, FlowNode } from './flow.ts';
import { levelAt } from './level.ts';

/** A camera's place is remembered once it has stood still, not at every frame. */
export interface CameraPlaceHandlers {
  readonly onMove: (event: unknown, viewport: Viewport) => void;
  readonly onMoveEnd: (event: unknown, viewport: Viewport) => void;
}

/**
 * Puts the camera where it stood, or so that all is seen; then keeps the level of detail and the zoom that the style sheet reads
 * in step with it, without rendering anything.
 */
export function useCameraPlace(
  board: Board,
  camera: Camera | null,
  stage: HTMLElement | null,
): CameraPlaceHandlers {
  const { view } = useClient();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const placed = useRef(false);
  const written = useRef(Number.NaN);
  const { document } = board.canvas;
  const follow = useCallback(
    (zoom: number) => {
      // Every node reads it, so that it is written only when it is another.
      if (zoom !== written.current) stage?.style.setProperty('--zoom', String(zoom));
      written.current = zoom;
      const { level } = board.store.getState();
      const next = levelAt(zoom, level);
      if (next !== level) board.store.setState({ level: next });
    },
    [board, stage],
  );
  useEffect(() => {
    if (camera === null) return;
    const place = () => {
      const { loaded, nodes } = board.store.getState();
      if (placed.current || (!loaded && nodes.length === 0)) return;
      placed.current = true;
      const known = view.getState().cameras[document];
      if (known !== undefined) void flow.setViewport(known);
      else if (nodes.length > 0) camera.fit(undefined, { at: 'once' });
      follow(flow.getZoom());
    };
    place();
    return board.store.subscribe(place);
  }, [board, camera, document, flow, follow, view]);
  return {
    onMove: (_event, { zoom }) => follow(zoom),
    onMoveEnd: (_event, { x, y, zoom }) => {
      if (placed.current) view.keepCamera(document, { x, y, zoom });
    },
  };
}
