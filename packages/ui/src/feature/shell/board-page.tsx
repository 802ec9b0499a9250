import type { OpenCanvas } from '@soma/schemas/canvas';
import { Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText, useTravel, useView } from '../../client/index.ts';
import { Toast } from '../../design/index.ts';
import { BoardView, type Removed, useOpenBoard } from '../canvas/index.ts';
import { ChatPanel } from '../chat/index.ts';
import { CodePanel } from '../code/index.ts';
import { Intact } from '../fault/index.ts';
import { FirstMinute, GoalBox } from '../goal/index.ts';
import { ModelOffer } from '../model/index.ts';
import { Notices } from './notices.tsx';

export interface BoardPageProps {
  readonly canvas: string;
  /** Told which document is open, for its saved state. */
  readonly onOpen: (canvas: OpenCanvas | null) => void;
}

const NOTHING: Removed = { cards: 0, lines: 0 };

/** The open board, with what floats over it. */
export function BoardPage({ canvas, onOpen }: BoardPageProps) {
  const text = useText();
  const board = useOpenBoard(canvas);
  const code = useView((view) => view.code !== null);
  const talks = useView((view) => view.conversation !== null);
  // A run that is looked back at has the board to itself; beside a talk and a file there is no room for the goal box.
  const looksBack = useTravel(({ run }) => run !== null);
  const [removed, setRemoved] = useState<Removed>(NOTHING);
  const opened = board?.canvas ?? null;
  useEffect(() => {
    onOpen(opened);
    return () => onOpen(null);
  }, [opened, onOpen]);
  return (
    <div className="flex size-full min-w-0">
      <div className="relative min-w-0 flex-1">
        {board !== null && (
          <BoardView board={board} onRemoved={setRemoved} empty={<FirstMinute />}>
            {!looksBack && !(code && talks) && (
              <div className="pointer-events-none flex min-w-0 flex-1 flex-col gap-2 *:pointer-events-auto">
                {!code && <ModelOffer />}
                <GoalBox />
              </div>
            )}
          </BoardView>
        )}
        <Notices />
        <Toast
          icon={Trash2}
          open={removed.cards + removed.lines > 0}
          onOpenChange={(open) => {
            if (!open) setRemoved(NOTHING);
          }}
          close={text('app.shell.toast.close')}
          region={text('app.shell.toast.region')}
          action={{
            label: text('app.canvas.undo'),
            elsewhere: text('app.shell.toast.undoElsewhere'),
            onAct: () => board?.canvas.undo(),
          }}
        >
          {text(removed.cards > 0 ? 'app.canvas.removedCards' : 'app.canvas.removedLines', { ...removed })}
        </Toast>
      </div>
      {talks && (
        <div className="w-[360px] max-w-[50%] flex-none">
          <Intact>
            <ChatPanel className="h-full" />
          </Intact>
        </div>
      )}
      {code && (
        <div className="w-[46%] max-w-[720px] flex-none border-s border-line">
          <Intact>
            <CodePanel className="h-full" />
          </Intact>
        </div>
      )}
    </div>
  );
}
