import type { Content, EndState, Scope } from '@soma/schemas/event';
import type { Hub } from '../../port/index.ts';

/** As much of a run as its caption needs. */
export interface CaptionedRun {
  readonly id: string;
  readonly scope: Scope;
  readonly canvas: string;
  readonly goal: Pick<Content, 'inline'>;
  /** How often it has ended; each end has its caption. */
  readonly endings: number;
}

/** As much of a run as its picture on the board needs. */
export interface PicturedRun extends CaptionedRun {
  readonly plan: { readonly ref: { readonly hash: string } } | null;
  readonly tasks: readonly {
    readonly id: string;
    readonly after: readonly string[];
    readonly insteadOf?: readonly string[] | undefined;
  }[];
}

/** The run's own node on its canvas: what the engine calls its board. */
export interface RunBoard {
  placeRun(run: PicturedRun): Promise<void>;
  caption(run: CaptionedRun, end: EndState): Promise<void>;
  runNode(run: string): string;
  undo(run: CaptionedRun, redo: boolean): Promise<boolean>;
}

/** The run's own node is the product's picture of the run: it stays when what the run did is undone. */
const AUTHOR = 'system:board';

/** Longest title of a caption, in UTF-16 units. */
const TITLE = 200;

function firstLine(text: string | undefined): string | undefined {
  const line = text?.split('\n', 1)[0]?.trim();
  return line === undefined || line === '' ? undefined : line.slice(0, TITLE);
}

/** A revised plan has other tasks to show: it is placed anew. */
function revisionsOf(tasks: PicturedRun['tasks']): string {
  const added = tasks.filter(({ insteadOf }) => insteadOf !== undefined).length;
  return added === 0 ? '' : `/${added}`;
}

/** The board of runs over a hub. Every call may be repeated: its key says what was done already. */
export function createRunBoard({ hub }: { readonly hub: Hub }): RunBoard {
  const runNode = (run: string): string => `run-${run}`;
  return {
    runNode,
    placeRun: async ({ id, scope, canvas, plan, tasks }) => {
      await hub.mutate({
        scope,
        document: canvas,
        author: AUTHOR,
        key: `${id}/place/${plan?.ref.hash ?? 'unplanned'}${revisionsOf(tasks)}`,
        mutations: [
          {
            type: 'place-run',
            id: runNode(id),
            run: id,
            tasks: tasks.map((task) => ({ id: task.id, after: [...task.after] })),
          },
        ],
      });
    },
    undo: async ({ id, scope, canvas }, redo) => {
      const { changed } = await hub.undoAll({ scope, document: canvas, author: `run:${id}`, redo });
      return changed;
    },
    caption: async ({ id, scope, canvas, goal, endings }, state) => {
      const key = `${id}/caption/${endings}`;
      // Looking is cheaper than loading the board, and at a start that is all there is to do for most runs.
      if (await hub.probe({ scope, document: canvas, key })) return;
      const title = firstLine(goal.inline);
      await hub.mutate({
        scope,
        document: canvas,
        author: AUTHOR,
        key,
        mutations: [
          { type: 'set-caption', id: runNode(id), state, ...(title === undefined ? {} : { title }) },
          // Later ends find the frame folded, and perhaps moved by a person.
          ...(endings > 1 ? [] : [{ type: 'fold-run' as const, id: runNode(id), run: id }]),
        ],
      });
    },
  };
}
