import { z } from 'zod';
import { EndState } from '../event/run.ts';
import { CanvasEdge, CanvasId, Colour, Coordinate, Extent, NewNode, NoteText, nodeRefs } from './node.ts';

/** As much of a planned task as its place in the graph needs. */
export const GraphTask = z.object({ id: z.string(), after: z.array(z.string()) });
export type GraphTask = z.infer<typeof GraphTask>;

const card = {
  id: CanvasId,
  colour: Colour.optional(),
  /** Left out: the size of `cardSize`. */
  width: Extent.optional(),
  height: Extent.optional(),
  /** Rows the card shows below its title, nodes of the graph and bars of the chart it draws, for its size. */
  rows: z.number().int().min(0).max(10_000).optional(),
  graph: z.object({ nodes: z.number().int().min(0).max(10_000) }).nullish(),
  chart: z.object({ bars: z.number().int().min(0).max(10_000) }).nullish(),
};

/** A node without a place: the board finds one. */
export const Card = z.discriminatedUnion('kind', [
  z.object({ ...card, kind: z.literal('note'), text: NoteText }),
  z.object({ ...card, kind: z.literal('file'), ...nodeRefs.file.shape }),
  z.object({ ...card, kind: z.literal('link'), ...nodeRefs.link.shape }),
  z.object({ ...card, kind: z.literal('artifact'), ...nodeRefs.artifact.shape }),
]);
export type Card = z.infer<typeof Card>;

const Ids = z.array(CanvasId).max(50_000);
const Label = z.string().max(2000).nullable();

/** How `arrange` lays nodes out: side by side, one under the other, or in a square of rows. */
export const Arrangement = z.enum(['row', 'column', 'grid']);
export type Arrangement = z.infer<typeof Arrangement>;

/**
 * Every change to a board, by people and agents alike. Adding what is there already changes nothing, so a repeated mutation
 * is harmless; a mutation that names what is not there is passed over and reported.
 */
export const CanvasMutation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add-node'), node: NewNode }),
  z.object({
    type: z.literal('move-nodes'),
    moves: z.array(z.object({ id: CanvasId, x: Coordinate, y: Coordinate })).max(50_000),
  }),
  z.object({
    type: z.literal('resize-node'),
    id: CanvasId,
    x: Coordinate.optional(),
    y: Coordinate.optional(),
    width: Extent,
    height: Extent,
  }),
  /** The edges of a removed node go with it. */
  z.object({ type: z.literal('remove'), nodes: Ids, edges: Ids }),
  z.object({ type: z.literal('add-edge'), edge: CanvasEdge }),
  z.object({ type: z.literal('remove-edge'), id: CanvasId }),
  /**
   * The smallest change that turns a note's text into this one, so that others' typing elsewhere in it stays. With `from` it is passed
   * over and reported when the note holds any other text by now.
   */
  z.object({ type: z.literal('set-text'), id: CanvasId, text: NoteText, from: NoteText.optional() }),
  z.object({ type: z.literal('set-colour'), nodes: Ids, edges: Ids, colour: Colour.nullable() }),
  /** The label of a group or an edge. */
  z.object({ type: z.literal('set-label'), on: z.enum(['node', 'edge']), id: CanvasId, label: Label }),
  /** A group node behind and around these nodes. */
  z.object({ type: z.literal('group'), id: CanvasId, nodes: Ids.min(1), label: Label }),
  /** Removes the group node and leaves what lies inside. */
  z.object({ type: z.literal('ungroup'), id: CanvasId }),
  /** Lays the nodes out in reading order; the block moves on when something else is in its way. */
  z.object({ type: z.literal('arrange'), nodes: Ids.min(1), layout: Arrangement }),
  z.object({
    type: z.literal('order'),
    nodes: Ids,
    to: z.enum(['front', 'back', 'forward', 'backward']),
  }),
  /** In the place of an earlier one: a run whose task was done again ends again. */
  z.object({
    type: z.literal('set-caption'),
    id: CanvasId,
    state: EndState,
    title: z.string().max(200).optional(),
  }),
  /** Lowers the frame of an ended run to its card; what the run put below it comes along. */
  z.object({ type: z.literal('fold-run'), id: CanvasId, run: CanvasId }),
  /**
   * Puts a run's frame at a free place, at or after `at`, sized for its tasks. A frame that is there is sized again for them, and moves only if it
   * would now cover another node.
   */
  z.object({
    type: z.literal('place-run'),
    id: CanvasId,
    run: CanvasId,
    tasks: z.array(GraphTask).max(500),
    at: z.object({ x: Coordinate, y: Coordinate }).optional(),
  }),
  /** Lays cards out in rows below the node `beside`, over nothing else; without that node, at a free place. */
  z.object({
    type: z.literal('place-cards'),
    beside: CanvasId.nullable(),
    cards: z.array(Card).min(1).max(500),
  }),
]);
export type CanvasMutation = z.infer<typeof CanvasMutation>;

/** One call's mutations, applied together or not at all. */
export const CanvasMutations = z.array(CanvasMutation).min(1).max(1000);
