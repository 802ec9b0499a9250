import { readCanvas } from '@soma/schemas/canvas';
import { useEffect, useState } from 'react';
import { useClient } from '../../client/index.ts';
import type { BoardNote } from './find.ts';

/** The notes on a board as they were when the palette opened. */
export function useBoardNotes(canvas: string | null): readonly BoardNote[] {
  const { canvases } = useClient().link;
  const [notes, setNotes] = useState<readonly BoardNote[]>([]);
  useEffect(() => {
    if (canvas === null) return;
    const board = canvases.open(canvas);
    const read = () => {
      const { nodes } = readCanvas(board.doc);
      setNotes(
        nodes.flatMap((node) =>
          node.kind === 'note' && node.text !== '' ? [{ id: node.id, text: node.text }] : [],
        ),
      );
    };
    read();
    const stop = board.loaded.subscribe(read);
    return () => {
      stop();
      board.close();
    };
  }, [canvases, canvas]);
  return notes;
}
