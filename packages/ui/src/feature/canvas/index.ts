export { BoardView } from './board.tsx';
export { useOpenBoard } from './board-context.tsx';
export type { Removed } from './board-edit.ts';
