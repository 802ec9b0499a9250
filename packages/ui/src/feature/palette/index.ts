export { type BoardAction, type BoardActions, provideBoard } from './board-actions.ts';
export { COMMANDS, type Command } from './commands.ts';
export { capsOf, isMac } from './keys.ts';
export { Overlays } from './overlays.tsx';
export { Palette } from './palette.tsx';
