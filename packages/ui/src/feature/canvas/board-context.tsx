import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useClient } from '../../client/index.ts';
import { type Board, type BoardState, openBoard } from './board-store.ts';

export const BoardContext = createContext<Board | null>(null);

/** Opens a board for as long as the component stands; null until it is. */
export function useOpenBoard(canvas: string): Board | null {
  const { link, runs } = useClient();
  const [board, setBoard] = useState<Board | null>(null);
  useEffect(() => {
    const opened = openBoard(link.canvases.open(canvas), runs);
    setBoard(opened);
    return () => {
      setBoard(null);
      opened.close();
    };
  }, [link, runs, canvas]);
  return board?.canvas.document === canvas ? board : null;
}

/** The board above; throws outside one. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === null) throw new Error('there is no board above');
  return board;
}

export function useBoardState<Part>(part: (state: BoardState) => Part): Part {
  return useStore(useBoard().store, part);
}
