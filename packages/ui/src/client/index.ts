// The window's side of the contract: one client a window, and the hooks through which features read and command it.
// What the host knows comes from `useHost`, `useWorkspace`, `useRuns`, `useRun` and the queries; what only this window
// knows (selection, panels, open board) from `useView` and `useViewStore`.

export * from './backups.ts';
export * from './chat.ts';
export { type Client, type ClientOptions, openClient } from './client.ts';
export {
  type Commands,
  type ModelWish,
  mintId,
  type Undone,
  useCommands,
} from './commands.ts';
export { ClientProvider, useClient } from './context.tsx';
export { RunHistory } from './history.ts';
export * from './hooks.ts';
export { useOwnPlans } from './own-plans.ts';
export * from './queries.ts';
export type { Asked } from './question.ts';
export * from './queue.ts';
export type { RunDeltas } from './run-store.ts';
export {
  type CodePlace,
  type Draft,
  type ModelsPlace,
  NO_DRAFT,
  PANEL_BOUNDS,
  type Page,
  type PanelName,
  type RunSelection,
  type Selection,
  type View,
} from './view-store.ts';
export {
  type Formats,
  type Text,
  useFaultText,
  useFormats,
  useNoteText,
  useText,
} from './words.ts';
export { firstNews } from './workspace-store.ts';
