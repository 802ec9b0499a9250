// Tokens and primitives. No data and no words of its own: every text comes from the caller, out of the catalogue.
// A page has one `DesignRoot` above it, `followTheme` beside it and `style.css` under it. Colours are utilities named
// after roles (`bg-card`, `text-ink-2`, `border-line`); a state's four colours are `bg-tone-bg`, `text-tone-fg`, `text-tone`
// and `border-tone-line` inside an element with `data-tone`; a person's is `bg-hue` inside `data-hue`. Type is `text-title`,
// `text-reading`, `text-body`, `text-small`, `text-meta` and `mono`; `cut` ends a line with an ellipsis; `hit` gives what
// is smaller a target of 24 pixels (a board sets `--zoom`); `tabular-nums` stands on every figure.
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
export { useHandBack } from './hand-back.ts';
export * from './icon.tsx';
export { Keys } from './key.tsx';
export * from './markdown/markdown.tsx';
export * from './node-face.tsx';
export { Dialog, Menu, type MenuItem } from './overlay.tsx';
export * from './palette.tsx';
export * from './panel.tsx';
export * from './path-text.tsx';
export * from './person.tsx';
export * from './row.tsx';
export * from './state.ts';
export * from './state-mark.tsx';
export * from './tabs.tsx';
export * from './theme.ts';
export * from './toast.tsx';
export * from './toolbar.tsx';
export type { TrackPlace } from './track.tsx';
