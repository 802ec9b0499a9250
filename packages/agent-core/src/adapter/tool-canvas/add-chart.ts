import { CanvasId } from '@soma/schemas/canvas';
import { type Artifact, ArtifactChart } from '@soma/schemas/event';
import { z } from 'zod';
import type { ContentStore, Hub, Tool } from '../../port/index.ts';
import { boardTool } from './define.ts';
import { chartNode, TAKE_BACK } from './take-back.ts';

const ICON = 'chart-no-axes-column';

const Input = z.object({
  title: z.string().min(1).max(200),
  chart: ArtifactChart,
  /** Id of the node the card goes with, usually the run's own; null for any free place. */
  beside: CanvasId.nullable(),
});

/**
 * Puts a card with a chart on the board, shown as the charts of tasks are. Under the same key it is the same card: after a crash the call is made
 * again, and the hub, which knows the key, draws nothing twice.
 */
export function addChart(hub: Hub, content: ContentStore): Tool {
  return boardTool(hub, {
    name: 'canvas_add_chart',
    description:
      'Puts a card with a chart on the canvas: bars for things that stand apart, or a histogram for neighbouring ranges, with values from 0 up.',
    input: Input,
    repeats: true,
    compensation: TAKE_BACK,
    work: async ({ title, chart, beside }, { scope, run, task, key }) => {
      const id = chartNode(run, key);
      const shown: Artifact = {
        ...{ id, title, icon: ICON, chart },
        ...{ claims: [], lines: [], graph: null, offers: [] },
      };
      const stored = await content.put(scope, JSON.stringify(shown), 'application/json');
      const card = {
        ...{
          id,
          kind: 'artifact' as const,
          run,
          task,
          artifact: id,
          title,
          icon: ICON,
          content: stored.hash,
        },
        ...{ rows: 0, chart: { bars: chart.bars.length } },
      };
      return {
        mutations: [{ type: 'place-cards', beside, cards: [card] }],
        ids: [id],
        note: { code: 'chart-added', data: { bars: chart.bars.length } },
        artifact: { id, title, icon: ICON, node: id, content: stored },
      };
    },
  });
}
