import { z } from 'zod';
import { Sha256 } from '../event/content.ts';
import { EndState } from '../event/run.ts';

/** Bounds of one canvas document, kept by the room and by every reader. */
export const CANVAS_LIMITS = {
  nodes: 50_000,
  edges: 100_000,
  /** UTF-16 units of one note. */
  text: 1_000_000,
  /** Canvas units a coordinate may lie from the origin. */
  reach: 1_000_000_000,
  /** Canvas units of a node's side. */
  extent: 1_000_000,
} as const;

export const CanvasId = z.string().min(1).max(300);
/** A place on the board in whole canvas units (one CSS pixel at 100 %); y grows downwards. */
export const Coordinate = z.number().int().min(-CANVAS_LIMITS.reach).max(CANVAS_LIMITS.reach);
export const Extent = z.number().int().min(1).max(CANVAS_LIMITS.extent);

/** JSON Canvas colours: `1` red, `2` orange, `3` yellow, `4` green, `5` cyan, `6` purple, or a hexadecimal colour. */
export const Colour = z.string().regex(/^([1-6]|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6})$/);
export type Colour = z.infer<typeof Colour>;

/** How a run ended, kept on the board so that it can be read without the run's log. Written once. */
export const RunCaption = z.object({ state: EndState, title: z.string().max(200).optional() });
export type RunCaption = z.infer<typeof RunCaption>;

/** Largest note, in UTF-16 units. */
export const NoteText = z.string().max(CANVAS_LIMITS.text);

/** What a node of each kind points at. Everything else about a run, task or artifact comes from the run's log. */
export const nodeRefs = {
  note: z.object({}),
  /** `path` is relative to the folder with `/`; `line` is 1-based. */
  file: z.object({ path: z.string().min(1).max(4096), line: z.number().int().min(1).optional() }),
  link: z.object({ url: z.string().min(1).max(8192) }),
  group: z.object({}),
  run: z.object({ run: CanvasId }),
  task: z.object({ run: CanvasId, task: CanvasId }),
  /** `content` is the hash of the artifact's content. */
  artifact: z.object({
    run: CanvasId,
    task: CanvasId,
    artifact: CanvasId,
    title: z.string().min(1).max(200),
    icon: z.string().min(1).max(60).optional(),
    content: Sha256,
  }),
} as const;

const place = { id: CanvasId, x: Coordinate, y: Coordinate, width: Extent, height: Extent };
const look = { colour: Colour.optional() };
const label = { label: z.string().max(2000).optional() };

const note = z.object({ ...place, ...look, kind: z.literal('note'), text: NoteText });
const file = z.object({ ...place, ...look, kind: z.literal('file'), ...nodeRefs.file.shape });
const link = z.object({ ...place, ...look, kind: z.literal('link'), ...nodeRefs.link.shape });
const group = z.object({ ...place, ...look, kind: z.literal('group'), ...label });
const run = z.object({ ...place, ...look, kind: z.literal('run'), ...nodeRefs.run.shape });
const task = z.object({ ...place, ...look, kind: z.literal('task'), ...nodeRefs.task.shape });
const artifact = z.object({ ...place, ...look, kind: z.literal('artifact'), ...nodeRefs.artifact.shape });

/** A node as it is added: the board gives it its order. */
export const NewNode = z.discriminatedUnion('kind', [note, file, link, group, run, task, artifact]);
export type NewNode = z.infer<typeof NewNode>;

const drawn = { z: z.number() };

/**
 * A node as it stands on the board. Nodes are drawn by ascending `z`, then id: the first lies lowest. A node belongs to the groups that contain it
 * geometrically.
 */
export const CanvasNode = z.discriminatedUnion('kind', [
  note.extend(drawn),
  file.extend(drawn),
  link.extend(drawn),
  group.extend(drawn),
  run.extend({ ...drawn, caption: RunCaption.optional() }),
  task.extend(drawn),
  artifact.extend(drawn),
]);
export type CanvasNode = z.infer<typeof CanvasNode>;
export type NodeKind = CanvasNode['kind'];
export type NodeOf<K extends NodeKind> = Extract<CanvasNode, { kind: K }>;

export const Side = z.enum(['top', 'right', 'bottom', 'left']);
export type Side = z.infer<typeof Side>;
export const EdgeEnd = z.enum(['none', 'arrow']);

/** A line between two nodes, with an arrow at `to` unless `toEnd` says otherwise. */
export const CanvasEdge = z.object({
  id: CanvasId,
  from: CanvasId,
  to: CanvasId,
  fromSide: Side.optional(),
  toSide: Side.optional(),
  fromEnd: EdgeEnd.optional(),
  toEnd: EdgeEnd.optional(),
  ...label,
  ...look,
});
export type CanvasEdge = z.infer<typeof CanvasEdge>;

/** The whole board at one moment: nodes lowest first, and the edges whose two ends are there. */
export const CanvasSnapshot = z.object({ nodes: z.array(CanvasNode), edges: z.array(CanvasEdge) });
export type CanvasSnapshot = z.infer<typeof CanvasSnapshot>;

/** A rectangle on the board: `x`, `y` its top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
