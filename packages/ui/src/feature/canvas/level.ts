import type { Level } from './board-store.ts';

/** At and above these zooms a board shows more; it shows less only once the zoom is a little below. */
const NEAR = 0.7;
const MID = 0.35;
const SLACK = 0.03;

/** The level at a zoom, given the level before, so that it does not flicker at a threshold. */
export function levelAt(zoom: number, before: Level): Level {
  const near = before === 'near' ? NEAR - SLACK : NEAR;
  const mid = before === 'far' ? MID : MID - SLACK;
  if (zoom >= near) return 'near';
  return zoom >= mid ? 'mid' : 'far';
}

/** Below this zoom tiles are smaller than 8 pixels and no lines are drawn between them. */
export const LINES_FROM = 0.08;
