import type { RunSummary } from '@soma/schemas/run';
import type { LucideIcon } from 'lucide-react';
import type { Client, Commands, View } from '../../client/index.ts';
import type { BoardActions } from './board-actions.ts';
import type { Chord } from './keys.ts';

/** What a command may look at and act on. */
export interface Now {
  readonly client: Client;
  readonly commands: Commands;
  readonly view: View;
  /** The run whose streams are shown. */
  readonly run: RunSummary | null;
  /** Runs that wait for a person's answer. */
  readonly waiting: number;
  readonly board: BoardActions | null;
  /** Asks for a folder and opens it. */
  readonly openFolder: () => void;
  /** Puts the cursor into the goal box. */
  readonly focusGoal: () => void;
  /** Makes a canvas about the open folder and opens it. */
  readonly newCanvas: () => void;
}

export const COMMAND_GROUPS = ['move', 'runs', 'tools', 'edit', 'window', 'help'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** One thing that can be done, from the palette, by key, and as a line of the cheat sheet. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  /** Its name: `app.palette.command.ID`. */
  readonly title: string;
  readonly icon: LucideIcon;
  /** The first one is shown; the others do the same. */
  readonly keys: readonly Chord[];
  /** Its keys count only while this has focus, and there mean what they mean here. */
  readonly inside: 'window' | 'approval';
  /** Why it cannot be done now, as a key of the catalogue; null when it can. */
  readonly when: (now: Now) => string | null;
  readonly run: (now: Now) => void;
}

type Parts = Pick<Command, 'group' | 'icon' | 'run'> &
  Partial<Pick<Command, 'keys' | 'when' | 'inside'>> & { readonly id: string };

/** One line of the table; its keys count in the whole window unless it says otherwise. */
export function command({ keys = [], when = () => null, inside = 'window', ...rest }: Parts): Command {
  return { ...rest, keys, when, inside, title: `app.palette.command.${rest.id}` };
}
