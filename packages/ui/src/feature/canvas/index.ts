export { BoardView, type BoardViewProps } from './board.tsx';
export { useOpenBoard } from './board-context.tsx';
