import { CanvasId, Card } from '@soma/schemas/canvas';
import { Content, FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import type { ContentStore, Hub, Tool } from '../../port/index.ts';
import { boardTool } from './define.ts';

export const TAKE_BACK = 'canvas_take_back';

/** Most cards, edges or nodes of one call. */
export const BATCH = 500;

export const Cards = z.object({
  cards: z.array(Card).min(1).max(BATCH),
  /** Id of the node the cards go with, usually the run's own; null for any free place. */
  beside: CanvasId.nullable(),
});

const Input = z.object({
  tool: z.enum(['canvas_add_cards', 'canvas_add_chart']),
  key: z.string().min(1),
  arguments: Content,
  preview: z.null(),
});

/** Id of the card of the chart that a call put on the board. */
export function chartNode(run: string, key: string): string {
  return `chart-${run}/${key}`;
}

/** Takes cards of the run's own results away that an earlier call put on the board. Notes, files and links stay: they may be another's too. */
export function takeBack(hub: Hub, content: ContentStore): Tool {
  return boardTool(hub, {
    name: TAKE_BACK,
    description: 'Takes back the cards with results of this run that an earlier call put on the canvas.',
    input: Input,
    repeats: true,
    work: async ({ tool, key, arguments: given }, { scope, canvas: document, run }) => {
      const text = await content.get(scope, given);
      if (text === null) throw new FaultError('CONTENT_GONE', { hash: given.hash });
      const ids = tool === 'canvas_add_chart' ? [chartNode(run, key)] : cardsOf(text, run);
      const { nodes } = await hub.snapshot({ scope, document });
      const there = nodes.filter((node) => node.kind === 'artifact' && node.run === run).map(({ id }) => id);
      return {
        mutations: [{ type: 'remove', nodes: ids.filter((id) => there.includes(id)), edges: [] }],
        ids,
        note: { code: 'cards-taken-back', data: { count: ids.length } },
      };
    },
  });
}

function cardsOf(text: string, run: string): string[] {
  const { cards } = Cards.parse(JSON.parse(text));
  return cards.flatMap((card) => (card.kind === 'artifact' && card.run === run ? [card.id] : []));
}
