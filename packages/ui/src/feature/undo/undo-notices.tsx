import type { RunState } from '@soma/schemas/run';
import { Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import { useRun, useText } from '../../client/index.ts';
import { Button, Dialog, PathText, Toast } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useStarted, useUndoable } from './changes.ts';
import { KeptFiles } from './kept-files.tsx';
import { dismiss, type Notice, showKept, useUndo, useUndoing } from './undo.ts';

/** Files named before an undo. */
const NAMED = 6;

/** What is asked before a run is undone and said after it. Stands once in the window. */
export function UndoNotices() {
  const { asked, notice, kept, refused } = useUndoing();
  return (
    <>
      {asked !== null && <AskUndo state={asked} refused={refused} />}
      {kept !== null && <KeptFiles undone={kept} onClose={() => dismiss('kept')} />}
      {/* What was kept is seen first. */}
      {notice !== null && kept === null && <Said key={`${notice.run}/${notice.board}`} notice={notice} />}
    </>
  );
}

interface AskUndoProps {
  readonly state: RunState;
  readonly refused: ReturnType<typeof useUndoing>['refused'];
}

function AskUndo({ state: asked, refused }: AskUndoProps) {
  const text = useText();
  const undo = useUndo();
  const state = useRun(asked.id, (whole) => ({ whole }))?.whole ?? asked;
  const started = useStarted(state.id);
  const { files, fault } = useUndoable(useMemo(() => [state, ...started], [state, started]));
  const left = files?.left ?? [];
  const close = () => dismiss('asked');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={text('app.undo.title')}
      close={text('app.undo.close')}
      footer={
        <span className="ms-auto flex gap-2">
          <Button onClick={close}>{text('app.undo.cancel')}</Button>
          <Button
            kind="primary"
            disabled={files === null}
            onClick={() => undo.run(state, { files: left.length > 0, started: started.map(({ id }) => id) })}
          >
            {text('app.undo.run')}
          </Button>
        </span>
      }
    >
      <div className="flex flex-col gap-2">
        <p>
          {left.length > 0 && text('app.undo.willFiles', { files: left.length })}
          {files?.all.length === 0 && text('app.undo.noFiles')}
          {files !== null &&
            files.all.length > 0 &&
            left.length === 0 &&
            text('app.undo.wasFiles', { files: files.all.length })}
        </p>
        {started.length > 0 && <p>{text('app.undo.willStarted', { runs: started.length })}</p>}
        {left.length > 0 && (
          <ul className="flex flex-col gap-1 rounded-control border border-line bg-sunken px-3 py-2">
            {left.slice(0, NAMED).map((path) => (
              <li key={path} className="flex min-w-0">
                <PathText path={path} />
              </li>
            ))}
            {left.length > NAMED && (
              <li className="text-small text-ink-3">
                {text('app.undo.more', { count: left.length - NAMED })}
              </li>
            )}
          </ul>
        )}
        <p>{text('app.undo.willBoard')}</p>
        {fault !== null && <FaultLine fault={fault} />}
        {refused !== null && <FaultLine fault={refused} />}
      </div>
    </Dialog>
  );
}

const BOARD = {
  taken: 'app.undo.boardTaken',
  back: 'app.undo.boardBack',
  nothing: 'app.undo.boardNothing',
} as const;

function Said({ notice }: { readonly notice: Notice }) {
  const text = useText();
  const undo = useUndo();
  const { restored, kept, board, run } = notice;
  const parts = [
    ...(restored.length > 0 ? [text('app.undo.restored', { files: restored.length })] : []),
    ...(kept.length > 0 ? [text('app.undo.kept', { files: kept.length })] : []),
    ...(board === null ? [] : [text(BOARD[board])]),
  ];
  const redo = {
    label: text('app.undo.redo'),
    elsewhere: text('app.undo.redoElsewhere'),
    onAct: () => undo.bringBack(run),
  };
  const show = {
    label: text('app.undo.keptShow'),
    elsewhere: text('app.undo.keptShow'),
    onAct: () => showKept(notice),
  };
  return (
    <Toast
      icon={Undo2}
      open
      onOpenChange={(open) => !open && dismiss('notice')}
      close={text('app.shell.toast.close')}
      region={text('app.shell.toast.region')}
      {...(board === 'taken' ? { action: redo } : kept.length > 0 ? { action: show } : {})}
    >
      {parts.join(' ')}
    </Toast>
  );
}
