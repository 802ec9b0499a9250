import { Arrangement, CanvasId } from '@soma/schemas/canvas';
import { z } from 'zod';
import type { ContentStore, Hub, Tool } from '../../port/index.ts';
import { addChart } from './add-chart.ts';
import { boardTool } from './define.ts';
import { BATCH, Cards, TAKE_BACK, takeBack } from './take-back.ts';
import { writeNote } from './write-note.ts';

const Edges = z.object({
  edges: z
    .array(
      z.object({
        id: CanvasId.optional(),
        from: CanvasId,
        to: CanvasId,
        label: z.string().max(2000).optional(),
      }),
    )
    .min(1)
    .max(BATCH),
});

const Group = z.object({
  id: CanvasId.optional(),
  nodes: z.array(CanvasId).min(1).max(BATCH),
  label: z.string().max(2000).nullable().optional(),
});

const Layout = z.object({ nodes: z.array(CanvasId).min(1).max(BATCH), layout: Arrangement });

function addCards(hub: Hub): Tool {
  return boardTool(hub, {
    name: 'canvas_add_cards',
    description:
      'Puts cards (notes, files, links, artifacts) on the canvas at free places beside a node, all in one step.',
    input: Cards,
    compensation: TAKE_BACK,
    work: ({ cards, beside }) => ({
      mutations: [{ type: 'place-cards', beside, cards }],
      ids: cards.map(({ id }) => id),
      note: { code: 'cards-added', data: { count: cards.length } },
    }),
  });
}

function connect(hub: Hub): Tool {
  return boardTool(hub, {
    name: 'canvas_connect',
    description: 'Draws edges between nodes of the canvas, all in one step. Every node must be there.',
    input: Edges,
    work: ({ edges }, { key }) => {
      // Derived from the key, so that the same call names the same edges.
      const named = edges.map((edge, index) => ({ ...edge, id: edge.id ?? `${key}/edge-${index + 1}` }));
      return {
        mutations: named.map((edge) => ({ type: 'add-edge', edge })),
        ids: named.map(({ id }) => id),
        note: { code: 'nodes-connected', data: { count: named.length } },
      };
    },
  });
}

function group(hub: Hub): Tool {
  return boardTool(hub, {
    name: 'canvas_group',
    description: 'Puts a labelled group behind and around nodes of the canvas. Every node must be there.',
    input: Group,
    work: ({ id, nodes, label }, { key }) => {
      const named = id ?? `${key}/group`;
      return {
        mutations: [{ type: 'group', id: named, nodes, label: label ?? null }],
        ids: [named],
        note: { code: 'nodes-grouped', data: { count: nodes.length } },
      };
    },
  });
}

function arrange(hub: Hub): Tool {
  return boardTool(hub, {
    name: 'canvas_arrange',
    description:
      'Lays nodes of the canvas out in a row, a column or a grid, in reading order and over nothing else.',
    input: Layout,
    work: ({ nodes, layout }) => ({
      mutations: [{ type: 'arrange', nodes, layout }],
      ids: nodes,
      note: { code: 'nodes-arranged', data: { count: nodes.length } },
    }),
  });
}

export interface CanvasToolParts {
  readonly hub: Hub;
  /** Where what a card shows is kept. */
  readonly content: ContentStore;
}

/** The canvas tools over a hub, in this process or another. */
export function createCanvasTools({ hub, content }: CanvasToolParts): readonly Tool[] {
  const drawing = [addCards(hub), connect(hub), group(hub), arrange(hub), writeNote(hub)];
  return [...drawing, addChart(hub, content), takeBack(hub, content)];
}
