import type { Rect } from '@soma/schemas/canvas';
import { type PointerEvent, useState } from 'react';

export interface FrameDrawerProps {
  /** A rectangle was drawn, in pixels of the window. */
  readonly onDrawn: (rect: Rect) => void;
}

interface Drag {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

function rectOf({ from, to }: Drag): Rect {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}

/** Lies over the board while the frame tool is held, and takes the rectangle that is drawn. */
export function FrameDrawer({ onDrawn }: FrameDrawerProps) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const at = (event: PointerEvent) => ({ x: event.clientX, y: event.clientY });
  const rect = drag === null ? null : rectOf(drag);
  return (
    <div
      className="absolute inset-0 z-4 cursor-crosshair touch-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: at(event), to: at(event) });
      }}
      onPointerMove={(event) => {
        if (drag !== null) setDrag({ ...drag, to: at(event) });
      }}
      onPointerUp={() => {
        if (rect !== null) onDrawn(rect);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
    >
      {rect !== null && (
        <div
          className="fixed rounded-float border-2 border-accent bg-accent-bg/40"
          style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
        />
      )}
    </div>
  );
}
