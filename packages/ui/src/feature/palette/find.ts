import type { ListedPlan } from '@soma/schemas/contract';
import type { RunSummary } from '@soma/schemas/run';
import type { Canvas } from '@soma/schemas/workspace';
import type { Command, CommandGroup, Now } from './command.ts';
import { COMMANDS } from './commands.ts';
import { type Rank, rank } from './rank.ts';

/** A note on the open board. */
export interface BoardNote {
  readonly id: string;
  readonly text: string;
}

export interface Places {
  readonly canvases: readonly Canvas[];
  readonly runs: readonly RunSummary[];
  readonly notes: readonly BoardNote[];
  /** A person's own plans. */
  readonly plans: readonly ListedPlan[];
}

export type Found = Rank &
  (
    | {
        readonly kind: 'command';
        readonly id: string;
        readonly title: string;
        readonly command: Command;
        readonly blocked: string | null;
      }
    | { readonly kind: 'canvas'; readonly id: string; readonly title: string; readonly canvas: string }
    | { readonly kind: 'run'; readonly id: string; readonly title: string; readonly run: RunSummary }
    | { readonly kind: 'note'; readonly id: string; readonly title: string; readonly note: string }
    | { readonly kind: 'plan'; readonly id: string; readonly title: string; readonly plan: ListedPlan }
  );

/** Groups of commands in the order they stand in while nothing is typed. */
const FIRST: readonly CommandGroup[] = ['window', 'help', 'runs', 'move', 'edit', 'tools'];

/** What is shown of one kind before more is typed. */
const MOST = { commands: 7, places: 8 } as const;

/** Commands that answer a query, the best first; what cannot be done now comes after what can. */
export function findCommands(query: string, now: Now, name: (command: Command) => string): readonly Found[] {
  const found = COMMANDS.filter(({ inside, id }) => inside === 'window' && id !== 'palette').flatMap(
    (command): Found[] => {
      const title = name(command);
      const ranked = rank(query, title);
      if (ranked === null) return [];
      return [
        {
          ...ranked,
          kind: 'command',
          id: `command/${command.id}`,
          title,
          command,
          blocked: command.when(now),
        },
      ];
    },
  );
  // Before anything is typed, what one goes to stands before what one does to a board.
  const bare = query.trim() === '';
  const place = (each: Found) => (bare && each.kind === 'command' ? FIRST.indexOf(each.command.group) : 0);
  const best = [...found].sort(
    (a, b) => Number(isBlocked(a)) - Number(isBlocked(b)) || b.score - a.score || place(a) - place(b),
  );
  return best.slice(0, MOST.commands);
}

/** Whether it cannot be done now. */
export function isBlocked(found: Found): boolean {
  return found.kind === 'command' && found.blocked !== null;
}

/** How well the best of them matches that can be done now. */
export function bestOf(found: readonly Found[]): number {
  return Math.max(...found.map((each) => (isBlocked(each) ? -1 : each.score)));
}

/** Canvases, runs and notes that answer a query, the best first. */
export function findPlaces(query: string, { canvases, runs, notes, plans }: Places): readonly Found[] {
  const all: Found[] = [
    ...canvases.flatMap(({ id, title }) =>
      ranked(query, title, { kind: 'canvas', id: `canvas/${id}`, canvas: id }),
    ),
    ...runs.flatMap((run) => ranked(query, run.goal, { kind: 'run', id: `run/${run.run}`, run })),
    ...plans.flatMap((plan) =>
      ranked(query, plan.title ?? plan.name, { kind: 'plan', id: `plan/${plan.path}`, plan }),
    ),
    ...notes.flatMap(({ id, text }) =>
      ranked(query, text.replace(/\s+/g, ' ').slice(0, 120), { kind: 'note', id: `note/${id}`, note: id }),
    ),
  ];
  return all.sort((a, b) => b.score - a.score).slice(0, MOST.places);
}

type Unranked<F> = F extends Found ? Omit<F, keyof Rank | 'title'> : never;

function ranked(query: string, title: string, place: Unranked<Found>): Found[] {
  const found = rank(query, title);
  return found === null ? [] : [{ ...place, ...found, title }];
}
