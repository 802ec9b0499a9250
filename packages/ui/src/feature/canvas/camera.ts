import type { Rect } from '@soma/schemas/canvas';
import type { ReactFlowInstance, Viewport } from '@xyflow/react';
import { rectOf } from './board-edit.ts';
import type { Board } from './board-store.ts';
import type { FlowEdge, FlowNode } from './flow.ts';

export type Flow = ReactFlowInstance<FlowNode, FlowEdge>;

/** Room kept free of what floats over the board: tools at the start. */
const ROOM = { left: 68, top: 24, right: 20 } as const;

/** Where a board is seen: its place in the window, and how much of its foot is covered, in CSS pixels. */
export interface Stage {
  readonly box: DOMRect;
  readonly below: number;
}

/** More at the top when all is shown: from afar, names stand above their frames. */
const FIT_TOP = 44;

/** At this zoom a board is read, not only seen. */
const NEAR = 0.7;

/** A camera movement takes this long, in milliseconds; none for those who asked for less motion. */
function moving(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 260;
}

/** Where a node lies on the board, also one inside a frame. */
function absoluteRect(board: Board, node: FlowNode): Rect {
  const rect = rectOf(node);
  const parent = board.store.getState().nodes.find(({ id }) => id === node.parentId);
  if (parent === undefined) return rect;
  return { ...rect, x: rect.x + parent.position.x, y: rect.y + parent.position.y };
}

function around(rects: readonly Rect[]): Rect | null {
  if (rects.length === 0) return null;
  const left = Math.min(...rects.map(({ x }) => x));
  const top = Math.min(...rects.map(({ y }) => y));
  const right = Math.max(...rects.map(({ x, width }) => x + width));
  const bottom = Math.max(...rects.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The smallest step that brings a stretch into the room, from its start where it is too long. */
function into([low, high]: readonly [number, number], start: number, size: number): number {
  if (start < low || size > high - low) return low - start;
  return Math.min(0, high - (start + size));
}

/** A board in a window: what moves the camera. */
export interface Camera {
  /** Shows everything, or these nodes; `once` without a journey there. */
  readonly fit: (ids?: readonly string[], how?: { readonly at: 'once' }) => void;
  /** Shows a node from its top at full size where it fits, as one begins to read. */
  readonly reveal: (id: string) => void;
  /** Brings a node into view with as little movement as there can be. */
  readonly bringIn: (id: string) => void;
  /** Comes near enough to read and write in a node, and shows it. */
  readonly approach: (id: string) => void;
  readonly zoom: (to: 'in' | 'out' | 'whole') => void;
  /** The middle of what is seen, in canvas units. */
  readonly middle: () => { readonly x: number; readonly y: number };
}

export function createCamera(board: Board, flow: Flow, stage: () => Stage): Camera {
  const find = (id: string) => board.store.getState().nodes.find((node) => node.id === id);
  const moveTo = (viewport: Viewport, duration = moving()) => void flow.setViewport(viewport, { duration });
  const middle = () => {
    const { x, y, width, height } = stage().box;
    return flow.screenToFlowPosition({ x: x + width / 2, y: y + height / 2 }, { snapToGrid: false });
  };
  return {
    middle,
    fit: (ids, how) => {
      const chosen = ids === undefined ? null : new Set(ids);
      const { nodes } = board.store.getState();
      const shown = nodes.filter(({ id, parentId }) =>
        chosen === null ? parentId === undefined : chosen.has(id),
      );
      const bounds = around(shown.map((node) => absoluteRect(board, node)));
      if (bounds === null) return;
      const { box, below } = stage();
      const [wide, high] = [box.width - ROOM.left - ROOM.right, box.height - FIT_TOP - below];
      const across = Math.min(1, wide / bounds.width);
      const whole = Math.min(across, high / bounds.height);
      // A board that is only long is read from its top.
      const zoom = Math.max(0.05, how !== undefined && across >= NEAR ? Math.max(whole, NEAR) : whole);
      const x = ROOM.left + Math.max(0, (wide - bounds.width * zoom) / 2) - bounds.x * zoom;
      const y = FIT_TOP + Math.max(0, (high - bounds.height * zoom) / 2) - bounds.y * zoom;
      moveTo({ x, y, zoom }, how === undefined ? moving() : 0);
    },
    reveal: (id) => {
      const node = find(id);
      if (node === undefined) return;
      const rect = absoluteRect(board, node);
      const wide = stage().box.width - ROOM.left - ROOM.right;
      const zoom = Math.max(NEAR, Math.min(1, wide / rect.width));
      moveTo({ x: ROOM.left - rect.x * zoom, y: ROOM.top - rect.y * zoom, zoom });
    },
    bringIn: (id) => {
      const node = find(id);
      if (node === undefined) return;
      const { x, y, zoom } = flow.getViewport();
      const rect = absoluteRect(board, node);
      const { box, below } = stage();
      const across = into([ROOM.left, box.width - ROOM.right], rect.x * zoom + x, rect.width * zoom);
      const down = into([ROOM.top, box.height - below], rect.y * zoom + y, rect.height * zoom);
      if (across !== 0 || down !== 0) moveTo({ x: x + across, y: y + down, zoom });
    },
    approach: (id) => {
      const node = find(id);
      if (node === undefined) return;
      const { x, y, width, height } = absoluteRect(board, node);
      const { width: wide, height: high } = stage().box;
      moveTo({ x: wide / 2 - x - width / 2, y: high / 2 - y - height / 2, zoom: 1 });
    },
    zoom: (to) => {
      const duration = moving();
      if (to === 'in') void flow.zoomIn({ duration });
      else if (to === 'out') void flow.zoomOut({ duration });
      else void flow.zoomTo(1, { duration });
    },
  };
}
