import type { Slots } from '@soma/schemas/event';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ThemeChoice } from '../design/index.ts';

/** One thing of a run. */
export type RunSelection =
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'task'; readonly run: string; readonly task: string }
  | { readonly kind: 'call'; readonly run: string; readonly task: string; readonly call: string }
  | { readonly kind: 'artifact'; readonly run: string; readonly task: string; readonly artifact: string };

/** What the inspector speaks of: one thing of a run, or a node of a board that no run made. */
export type Selection =
  | RunSelection
  | { readonly kind: 'node'; readonly canvas: string; readonly node: string };

/** A place in a file of a folder. `line` is 1-based. */
export interface CodePlace {
  readonly folder: string;
  readonly path: string;
  readonly line: number | null;
}

/** Where a board's camera stands: the origin's place on screen in CSS pixels, and the zoom. */
export interface CameraPlace {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** What floats over everything; at most one at a time. */
export type Overlay =
  | 'palette'
  | 'shortcuts'
  | 'settings'
  | 'open-folder'
  | 'plans'
  | 'add-plan'
  | 'queue'
  | 'backups'
  | 'compare';

/** Panels a person opens and closes. */
export type PanelName = 'sidebar' | 'inspector' | 'drawer';

/** The goal that is being typed. It outlives the field it stands in, which a new board replaces. */
export interface Draft {
  readonly text: string;
  /** The plan a person chose; null follows the best match. */
  readonly plan: string | null;
  readonly slots: Slots;
}

export const NO_DRAFT: Draft = { text: '', plan: null, slots: {} };

/** What fills the middle of the window. */
export type Page = 'canvas' | 'runs' | 'approvals' | 'interrupted' | 'models';

/** Where one is on the page of models: at the list, adding one, or at the test of one that was added. */
export type ModelsPlace =
  | { readonly at: 'list' }
  | { readonly at: 'add'; readonly server: { readonly endpoint: string; readonly address: string } | null }
  | { readonly at: 'test'; readonly added: string };

/** What the window shows. Nothing here is known to the host, and nothing the host knows is here. */
export interface View {
  /** The board that is open; null before the first one. */
  readonly canvas: string | null;
  readonly page: Page;
  /** The question that is open on the page of approvals; null opens the one that waits longest. */
  readonly approval: string | null;
  readonly models: ModelsPlace;
  /** The run whose streams are shown and which Escape pauses. */
  readonly run: string | null;
  readonly selection: Selection | null;
  /** A place in a file that was asked for; shown beside the board until closed. */
  readonly code: CodePlace | null;
  /** The run whose talk is open beside the board. */
  readonly conversation: string | null;
  readonly overlay: Overlay | null;
  /** The two runs that are compared; `other` is null until a second one is chosen. */
  readonly compared: { readonly one: string; readonly other: string | null } | null;
  readonly draft: Draft;
  readonly panels: Readonly<Record<PanelName, boolean>>;
  /** Widths of sidebar and inspector and height of the drawer, in CSS pixels. */
  readonly sizes: Readonly<Record<PanelName, number>>;
  readonly map: boolean;
  readonly theme: ThemeChoice;
  /** Where the camera stood on each board, the last one last. */
  readonly cameras: Readonly<Record<string, CameraPlace>>;
  /** Whether inspector and streams were shown once beside a run at work; from then on they stay as the person leaves them. */
  readonly introduced: boolean;
  /** Whether a model was offered after a first result, and the offer was taken or put away. */
  readonly offered: boolean;
  /** Absolute path of the folder in which backups are made and looked for; null is the one beside the data folder. */
  readonly backupFolder: string | null;
}

export interface ViewStore extends StoreApi<View> {
  /** Opens a board, on the page of boards. */
  readonly openCanvas: (canvas: string) => void;
  /** Opens a page; that of approvals at the one that waits longest, that of models at their list. */
  readonly openPage: (page: Page) => void;
  /** Opens a question, on the page of approvals. */
  readonly openApproval: (approval: string) => void;
  /** Opens a part of the page of models. */
  readonly openModels: (place: ModelsPlace) => void;
  /** Makes this the run whose streams are shown. */
  readonly showRun: (run: string | null) => void;
  /** Selects a thing of a run or a node of a board; the inspector opens when it was asked for by `reveal`. */
  readonly select: (selection: Selection | null, how?: { readonly reveal: boolean }) => void;
  readonly openCode: (place: CodePlace) => void;
  /** Opens the talk with a run, in the place of the inspector; null closes it. */
  readonly openConversation: (run: string | null) => void;
  readonly closeCode: () => void;
  readonly setOverlay: (overlay: Overlay | null) => void;
  /** Shows two runs side by side. */
  readonly compare: (one: string, other: string | null) => void;
  readonly setDraft: (part: Partial<Draft>) => void;
  readonly togglePanel: (panel: PanelName, open?: boolean) => void;
  /** Within the panel's bounds. */
  readonly resizePanel: (panel: PanelName, size: number) => void;
  readonly toggleMap: () => void;
  readonly setTheme: (theme: ThemeChoice) => void;
  /** Opens inspector and streams beside the first run at work. */
  readonly introduce: () => void;
  /** A model was offered: it is not offered again. */
  readonly putOfferAway: () => void;
  readonly setBackupFolder: (folder: string | null) => void;
  readonly keepCamera: (canvas: string, camera: CameraPlace) => void;
}

/** Smallest and largest size of each panel, and the one it has first, in CSS pixels. The drawer also stays within 60 % of the window. */
export const PANEL_BOUNDS: Readonly<
  Record<PanelName, { readonly min: number; readonly max: number; readonly first: number }>
> = {
  sidebar: { min: 200, max: 360, first: 240 },
  inspector: { min: 300, max: 560, first: 348 },
  drawer: { min: 96, max: 1200, first: 146 },
};

const FIRST: View = {
  canvas: null,
  page: 'canvas',
  approval: null,
  models: { at: 'list' },
  run: null,
  selection: null,
  code: null,
  conversation: null,
  overlay: null,
  compared: null,
  draft: NO_DRAFT,
  panels: { sidebar: true, inspector: false, drawer: false },
  sizes: {
    sidebar: PANEL_BOUNDS.sidebar.first,
    inspector: PANEL_BOUNDS.inspector.first,
    drawer: PANEL_BOUNDS.drawer.first,
  },
  map: false,
  theme: 'system',
  cameras: {},
  introduced: false,
  offered: false,
  backupFolder: null,
};

/** What a window finds again after it was closed. */
type Kept = Pick<View, (typeof KEPT)[number]>;
const KEPT = [
  'canvas',
  'panels',
  'sizes',
  'map',
  'theme',
  'cameras',
  'introduced',
  'offered',
  'backupFolder',
] as const;

/** Cameras of more boards than this are forgotten, the oldest first. */
const MOST_CAMERAS = 40;

const KEY = 'soma.view';

export function createViewStore(storage: Storage | null): ViewStore {
  const store = createStore<View>(() => ({ ...FIRST, ...read(storage) }));
  if (storage !== null) store.subscribe((view, before) => keep(storage, view, before));
  const set = store.setState;
  return Object.assign(store, {
    openCanvas: (canvas: string) =>
      set((view) => ({
        canvas,
        page: 'canvas',
        selection: null,
        code: null,
        // Another board shows a run of its own.
        run: view.canvas === canvas ? view.run : null,
        conversation: view.canvas === canvas ? view.conversation : null,
      })),
    openPage: (page: Page) =>
      set({ page, ...(page === 'approvals' && { approval: null }), models: { at: 'list' } }),
    openApproval: (approval: string) => set({ page: 'approvals', approval }),
    openModels: (models: ModelsPlace) => set({ page: 'models', models }),
    showRun: (run: string | null) => set({ run }),
    select: (selection: Selection | null, how?: { readonly reveal: boolean }) =>
      set(({ panels, run }) => ({
        selection,
        run: selection === null || selection.kind === 'node' ? run : selection.run,
        panels: how?.reveal === true ? { ...panels, inspector: true } : panels,
      })),
    openCode: (code: CodePlace) => set({ code }),
    closeCode: () => set({ code: null }),
    openConversation: (conversation: string | null) =>
      set(({ panels }) => ({
        conversation,
        panels: conversation === null ? panels : { ...panels, inspector: false },
      })),
    setOverlay: (overlay: Overlay | null) => set({ overlay }),
    compare: (one: string, other: string | null) => set({ compared: { one, other }, overlay: 'compare' }),
    setDraft: (part: Partial<Draft>) => set(({ draft }) => ({ draft: { ...draft, ...part } })),
    togglePanel: (panel: PanelName, open?: boolean) =>
      set(({ panels }) => ({ panels: { ...panels, [panel]: open ?? !panels[panel] } })),
    resizePanel: (panel: PanelName, size: number) =>
      set(({ sizes }) => ({ sizes: { ...sizes, [panel]: bounded(panel, size) } })),
    toggleMap: () => set(({ map }) => ({ map: !map })),
    setTheme: (theme: ThemeChoice) => set({ theme }),
    introduce: () =>
      set(({ panels, introduced }) =>
        introduced ? {} : { introduced: true, panels: { ...panels, inspector: true, drawer: true } },
      ),
    putOfferAway: () => set({ offered: true }),
    setBackupFolder: (backupFolder: string | null) => set({ backupFolder }),
    keepCamera: (canvas: string, camera: CameraPlace) =>
      set(({ cameras }) => {
        const others = Object.entries(cameras).filter(([id]) => id !== canvas);
        const last: (readonly [string, CameraPlace])[] = [...others, [canvas, camera]];
        return { cameras: Object.fromEntries(last.slice(-MOST_CAMERAS)) };
      }),
  });
}

function bounded(panel: PanelName, size: number): number {
  const { min, max } = PANEL_BOUNDS[panel];
  return Math.round(Math.min(max, Math.max(min, size)));
}

function keep(storage: Storage, view: View, before: View): void {
  if (KEPT.every((name) => view[name] === before[name])) return;
  const { canvas, panels, sizes, map, theme, cameras, introduced, offered, backupFolder } = view;
  const kept: Kept = { canvas, panels, sizes, map, theme, cameras, introduced, offered, backupFolder };
  try {
    storage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full or forbidden storage forgets how the window looked; nothing of the work is there.
  }
}

function read(storage: Storage | null): Partial<Kept> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    return typeof value === 'object' && value !== null ? checked(value) : {};
  } catch {
    return {};
  }
}

function checked(value: Partial<Record<keyof Kept, unknown>>): Partial<Kept> {
  const { canvas, panels, sizes, map, theme, cameras, introduced, offered, backupFolder } = value;
  return {
    ...(typeof canvas === 'string' && { canvas }),
    panels: fromRecord(FIRST.panels, panels, (given) => (typeof given === 'boolean' ? given : null)),
    sizes: fromRecord(FIRST.sizes, sizes, (given, panel) =>
      typeof given === 'number' ? bounded(panel, given) : null,
    ),
    ...(typeof map === 'boolean' && { map }),
    ...(isTheme(theme) && { theme }),
    ...(typeof introduced === 'boolean' && { introduced }),
    ...(typeof offered === 'boolean' && { offered }),
    ...(typeof backupFolder === 'string' && { backupFolder }),
    ...(typeof cameras === 'object' && cameras !== null && { cameras: camerasOf(cameras) }),
  };
}

function camerasOf(given: object): Record<string, CameraPlace> {
  const whole = Object.entries(given).flatMap(([id, place]: [string, unknown]) => {
    const { x, y, zoom }: Partial<Record<keyof CameraPlace, unknown>> =
      typeof place === 'object' && place !== null ? place : {};
    const numbers = typeof x === 'number' && typeof y === 'number' && typeof zoom === 'number' && zoom > 0;
    return numbers ? [[id, { x, y, zoom }] as const] : [];
  });
  return Object.fromEntries(whole);
}

function fromRecord<Value>(
  first: Readonly<Record<PanelName, Value>>,
  given: unknown,
  check: (value: unknown, panel: PanelName) => Value | null,
): Record<PanelName, Value> {
  const record: Partial<Record<PanelName, unknown>> =
    typeof given === 'object' && given !== null ? given : {};
  const one = (panel: PanelName) => check(record[panel], panel) ?? first[panel];
  return { sidebar: one('sidebar'), inspector: one('inspector'), drawer: one('drawer') };
}

function isTheme(value: unknown): value is ThemeChoice {
  return value === 'system' || value === 'light' || value === 'dark' || value === 'contrast';
}
