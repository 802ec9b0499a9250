import type { RunSummary } from '@soma/schemas/run';
import {
  Contrast,
  Cpu,
  FilePlus,
  FolderOpen,
  Frame,
  Grab,
  Hand,
  History,
  Inbox,
  Keyboard,
  LayoutGrid,
  ListChecks,
  type LucideIcon,
  Map as MapIcon,
  Maximize,
  MessageSquareText,
  Minus,
  Monitor,
  Moon,
  MousePointer2,
  MoveUpRight,
  Package,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Pause,
  Play,
  Plus,
  Redo2,
  Scan,
  Search,
  Settings,
  SquareStop,
  StickyNote,
  Sun,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { Client, Commands, View } from '../../client/index.ts';
import type { ThemeChoice } from '../../design/index.ts';
import type { BoardAction, BoardActions } from './board-actions.ts';
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

function command({ keys = [], when = () => null, inside = 'window', ...rest }: Parts): Command {
  return { ...rest, keys, when, inside, title: `app.palette.command.${rest.id}` };
}

type BoardParts = readonly [BoardAction, CommandGroup, LucideIcon, ...Chord[]];

function onBoard([id, group, icon, ...keys]: BoardParts): Command {
  return command({
    id,
    group,
    icon,
    keys,
    when: ({ board }) => (board === null ? 'app.palette.reason.no-board' : board.reason(id)),
    run: ({ board }) => board?.perform(id),
  });
}

const BOARD: readonly Command[] = (
  [
    ['fit-board', 'move', Maximize, 'Shift+1'],
    ['fit-selection', 'move', Scan, 'Shift+2'],
    ['zoom-whole', 'move', Search, 'Mod+0'],
    ['zoom-in', 'move', Plus, 'Mod+=', 'Mod++'],
    ['zoom-out', 'move', Minus, 'Mod+-'],
    ['select-tool', 'tools', MousePointer2, 'V'],
    ['hand-tool', 'tools', Grab, 'H'],
    ['note-tool', 'tools', StickyNote, 'N'],
    ['arrow-tool', 'tools', MoveUpRight, 'A'],
    ['frame-tool', 'tools', Frame, 'F'],
    ['undo', 'edit', Undo2, 'Mod+Z'],
    ['redo', 'edit', Redo2, 'Mod+Shift+Z', 'Mod+Y'],
    ['select-all', 'edit', LayoutGrid, 'Mod+A'],
    ['duplicate', 'edit', Plus, 'Mod+D'],
    ['group', 'edit', Frame, 'Mod+G'],
    ['bring-forward', 'edit', MoveUpRight, 'Mod+]'],
    ['send-backward', 'edit', MoveUpRight, 'Mod+['],
    ['remove', 'edit', Trash2, 'Delete', 'Backspace'],
  ] as const satisfies readonly BoardParts[]
).map(onBoard);

const isWorking = ({ run }: Now) =>
  run !== null && (run.phase === 'planning' || run.phase === 'running' || run.phase === 'waiting');
const isHeld = ({ run }: Now) => run !== null && (run.phase === 'paused' || run.phase === 'interrupted');

const RUNS: readonly Command[] = [
  command({
    id: 'pause-run',
    group: 'runs',
    icon: Pause,
    keys: ['Escape'],
    when: (now) => (isWorking(now) ? null : 'app.palette.reason.no-working-run'),
    run: ({ run, commands }) => void (run !== null && commands.pause(run.run)),
  }),
  command({
    id: 'resume-run',
    group: 'runs',
    icon: Play,
    when: (now) => (isHeld(now) ? null : 'app.palette.reason.no-held-run'),
    run: ({ run, commands }) => void (run !== null && commands.resume(run.run)),
  }),
  command({
    id: 'stop-run',
    group: 'runs',
    icon: SquareStop,
    when: (now) => (isWorking(now) || isHeld(now) ? null : 'app.palette.reason.no-open-run'),
    run: ({ run, commands }) => void (run !== null && commands.stop(run.run)),
  }),
  command({
    id: 'approve',
    group: 'runs',
    icon: Hand,
    keys: ['A'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'reject',
    group: 'runs',
    icon: Hand,
    keys: ['R'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'mark-approval',
    group: 'runs',
    icon: ListChecks,
    keys: ['X'],
    inside: 'approval',
    when: ({ waiting }) => (waiting > 0 ? null : 'app.palette.reason.nothing-waits'),
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'open-approvals',
    group: 'runs',
    icon: Inbox,
    keys: ['Mod+I'],
    run: ({ client }) => client.view.openPage('approvals'),
  }),
  command({
    id: 'open-runs',
    group: 'runs',
    icon: History,
    run: ({ client }) => client.view.openPage('runs'),
  }),
];

const themed = (theme: ThemeChoice, icon: LucideIcon): Command =>
  command({
    id: `theme-${theme}`,
    group: 'window',
    icon,
    when: ({ view }) => (view.theme === theme ? 'app.palette.reason.chosen' : null),
    run: ({ client }) => client.view.setTheme(theme),
  });

const WINDOW: readonly Command[] = [
  command({
    id: 'palette',
    group: 'window',
    icon: Search,
    keys: ['Mod+K', 'Mod+Shift+P'],
    run: ({ client, view }) => client.view.setOverlay(view.overlay === 'palette' ? null : 'palette'),
  }),
  command({
    id: 'goal',
    group: 'window',
    icon: MessageSquareText,
    keys: ['/'],
    run: ({ focusGoal }) => focusGoal(),
  }),
  command({
    id: 'open-folder',
    group: 'window',
    icon: FolderOpen,
    keys: ['Mod+O'],
    run: ({ openFolder }) => openFolder(),
  }),
  command({ id: 'new-canvas', group: 'window', icon: LayoutGrid, run: ({ newCanvas }) => newCanvas() }),
  command({
    id: 'sidebar',
    group: 'window',
    icon: PanelLeft,
    keys: ['Mod+B'],
    run: ({ client }) => client.view.togglePanel('sidebar'),
  }),
  command({
    id: 'streams',
    group: 'window',
    icon: PanelBottom,
    keys: ['Mod+J'],
    run: ({ client }) => client.view.togglePanel('drawer'),
  }),
  command({
    id: 'inspector',
    group: 'window',
    icon: PanelRight,
    keys: ['Mod+Alt+B'],
    run: ({ client }) => client.view.togglePanel('inspector'),
  }),
  command({ id: 'map', group: 'window', icon: MapIcon, run: ({ client }) => client.view.toggleMap() }),
  command({
    id: 'models',
    group: 'window',
    icon: Cpu,
    run: ({ client }) => client.view.setOverlay('models'),
  }),
  themed('system', Monitor),
  themed('light', Sun),
  themed('dark', Moon),
  themed('contrast', Contrast),
];

const PLANS: readonly Command[] = [
  command({
    id: 'plans',
    group: 'runs',
    icon: Package,
    run: ({ client }) => client.view.setOverlay('plans'),
  }),
  command({
    id: 'add-plan',
    group: 'runs',
    icon: FilePlus,
    run: ({ client }) => client.view.setOverlay('add-plan'),
  }),
];

const HELP: readonly Command[] = [
  command({
    id: 'shortcuts',
    group: 'help',
    icon: Keyboard,
    keys: ['?', 'Mod+/'],
    run: ({ client }) => client.view.setOverlay('shortcuts'),
  }),
  command({
    id: 'settings',
    group: 'help',
    icon: Settings,
    keys: ['Mod+,'],
    run: ({ client }) => client.view.setOverlay('settings'),
  }),
];

/** The one table of commands: palette, keys and cheat sheet all come from it. */
export const COMMANDS: readonly Command[] = [...BOARD, ...RUNS, ...PLANS, ...WINDOW, ...HELP];
