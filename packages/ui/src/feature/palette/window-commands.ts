import {
  Archive,
  Contrast,
  Cpu,
  FolderOpen,
  Keyboard,
  Layers,
  LayoutGrid,
  type LucideIcon,
  Map as MapIcon,
  MessageSquareText,
  Monitor,
  Moon,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Search,
  Settings,
  Sun,
} from 'lucide-react';
import type { ThemeChoice } from '../../design/index.ts';
import { type Command, command } from './command.ts';

const themed = (theme: ThemeChoice, icon: LucideIcon): Command =>
  command({
    id: `theme-${theme}`,
    group: 'window',
    icon,
    when: ({ view }) => (view.theme === theme ? 'app.palette.reason.chosen' : null),
    run: ({ client }) => client.view.setTheme(theme),
  });

/** What the window shows, and how it looks. */
export const WINDOW: readonly Command[] = [
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
    run: ({ client }) => client.view.openPage('models'),
  }),
  command({
    id: 'backups',
    group: 'window',
    icon: Archive,
    run: ({ client }) => client.view.setOverlay('backups'),
  }),
  command({
    id: 'queue',
    group: 'window',
    icon: Layers,
    run: ({ client }) => client.view.setOverlay('queue'),
  }),
  themed('system', Monitor),
  themed('light', Sun),
  themed('dark', Moon),
  themed('contrast', Contrast),
];

/** What explains and sets. */
export const HELP: readonly Command[] = [
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
