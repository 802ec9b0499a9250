import { Handle, NodeResizer, Position } from '@xyflow/react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useText } from '../../client/index.ts';
import { useBoard, useBoardState } from './board-context.tsx';

const SIDES = [
  ['top', Position.Top],
  ['right', Position.Right],
  ['bottom', Position.Bottom],
  ['left', Position.Left],
] as const;

export interface NodeShellProps {
  readonly id: string;
  /** The node's accessible name: what it is called, and its state. */
  readonly label: string;
  /** What it is: "note", "run". */
  readonly kind: string;
  readonly selected: boolean;
  /** A person may draw lines from it. */
  readonly connectable?: boolean;
  /** Smallest size a person may give it; without it the size is not theirs to change. */
  readonly resizable?: { readonly minWidth: number; readonly minHeight: number };
  /** Nothing in it turns: it is shown as it was. */
  readonly still?: boolean;
  readonly children: ReactNode;
}

/** What every node of the board has: its name for a screen reader, handles for lines, and corners to drag. */
export function NodeShell(props: NodeShellProps) {
  const { id, label, kind, selected, connectable = true, resizable, still, children } = props;
  const board = useBoard();
  const level = useBoardState((state) => state.level);
  const place = useRef<HTMLDivElement>(null);
  const text = useText();
  const role = text(`app.kind.${kind}`);
  useLayoutEffect(() => {
    // The element around belongs to the flow library, which takes names only with the data of the node.
    const around = place.current?.parentElement;
    around?.setAttribute('aria-label', label);
    around?.setAttribute('aria-roledescription', role);
  }, [label, role]);
  return (
    <>
      {resizable !== undefined && selected && level === 'near' && (
        <NodeResizer
          {...resizable}
          onResizeEnd={(_, { x, y, width, height }) => {
            const [left, top, wide, high] = [x, y, width, height].map(Math.round);
            if (left === undefined || top === undefined || wide === undefined || high === undefined) return;
            board.canvas.apply([{ type: 'resize-node', id, x: left, y: top, width: wide, height: high }]);
          }}
        />
      )}
      <div ref={place} data-still={still === true ? '' : undefined} className="size-full">
        {children}
      </div>
      {/* From afar no line is drawn by hand, and a board may show thousands of nodes. */}
      {level === 'near' &&
        SIDES.map(([side, position]) => (
          <Handle key={side} id={side} type="source" position={position} isConnectable={connectable} />
        ))}
    </>
  );
}
