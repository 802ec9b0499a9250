export * from './absence.tsx';
export * from './button.tsx';
export * from './card.tsx';
export * from './chip.tsx';
export * from './choice.tsx';
export * from './code.tsx';
export { cx } from './cx.ts';
export * from './design-root.tsx';
export * from './edge.tsx';
export * from './fact.tsx';
export * from './field.tsx';
export * from './icon.tsx';
export { Keys, type KeysProps } from './key.tsx';
export * from './node-face.tsx';
export {
  Dialog,
  type DialogProps,
  Menu,
  type MenuItem,
  type MenuProps,
  Popover,
  type PopoverProps,
} from './overlay.tsx';
export * from './palette.tsx';
export * from './panel.tsx';
export * from './path-text.tsx';
export * from './person.tsx';
export * from './row.tsx';
export * from './state.ts';
export * from './state-mark.tsx';
export * from './tabs.tsx';
export * from './theme.ts';
export { Tip, TipFace, type TipProps } from './tip.tsx';
export * from './toast.tsx';
export * from './toolbar.tsx';
export { Track, type TrackMark, type TrackPlace, type TrackProps, trackMarks } from './track.tsx';
