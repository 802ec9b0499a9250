// The window's side of the contract: one client a window, and the hooks through which features read and command it.
// What the host knows comes from `useHost`, `useWorkspace`, `useRuns`, `useRun` and the queries; what only this window
// knows (selection, panels, open board) from `useView` and `useViewStore`.
export { type Client, type ClientOptions, type HostFacts, type Opened, openClient } from './client.ts';
export { type Commands, type GoalWish, mintId, useCommands } from './commands.ts';
export { ClientProvider, useClient } from './context.tsx';
export * from './hooks.ts';
export type { Connect, HostLink, Reach } from './link.ts';
export * from './queries.ts';
export type { RunDeltas, RunFeed, RunFeeds, RunView } from './run-store.ts';
export {
  type CodePlace,
  type Overlay,
  PANEL_BOUNDS,
  type Page,
  type PanelName,
  type Selection,
  type View,
  type ViewStore,
} from './view-store.ts';
export {
  type Formats,
  type Text,
  type TextData,
  useFaultText,
  useFormats,
  useNoteText,
  useText,
} from './words.ts';
