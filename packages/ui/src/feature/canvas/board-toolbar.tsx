import { Frame, Grab, MousePointer2, MoveUpRight, Redo2, StickyNote, Undo2 } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useText } from '../../client/index.ts';
import { CanvasToolbar } from '../../design/index.ts';
import { capsOf, isMac } from '../palette/keys.ts';
import { useBoard, useBoardState } from './board-context.tsx';

const TOOLS = [
  { id: 'select', icon: MousePointer2, letter: 'V' },
  { id: 'hand', icon: Grab, letter: 'H' },
  { id: 'note', icon: StickyNote, letter: 'N' },
  { id: 'arrow', icon: MoveUpRight, letter: 'A' },
  { id: 'frame', icon: Frame, letter: 'F' },
] as const;

/** The tools of the board, and what undoes and redoes this person's steps. */
export function BoardToolbar() {
  const text = useText();
  const { canvas, store } = useBoard();
  const active = useBoardState((state) => state.tool);
  const undo = useSyncExternalStore(canvas.undoState.subscribe, canvas.undoState.get);
  return (
    <CanvasToolbar
      label={text('app.canvas.tools')}
      tools={TOOLS.map((tool) => ({ ...tool, label: text(`app.canvas.tool.${tool.id}`) }))}
      active={active}
      onActiveChange={(tool) => store.setState({ tool, connecting: null })}
      actions={[
        {
          id: 'undo',
          icon: Undo2,
          label: text('app.canvas.undo'),
          keys: capsOf('Mod+Z', isMac(navigator)),
          disabled: !undo.canUndo,
          onAct: () => canvas.undo(),
        },
        {
          id: 'redo',
          icon: Redo2,
          label: text('app.canvas.redo'),
          keys: capsOf('Mod+Shift+Z', isMac(navigator)),
          disabled: !undo.canRedo,
          onAct: () => canvas.redo(),
        },
      ]}
    />
  );
}
