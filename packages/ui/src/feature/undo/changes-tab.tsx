import type { RunState } from '@soma/schemas/run';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../client/index.ts';
import { Button, Chip, IconButton } from '../../design/index.ts';
import { FileDifference } from '../change/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { useRunChanges } from './changes.ts';
import { askUndo, useUndo, useUndoing } from './undo.ts';

/** Files listed at once. */
const LISTED = 100;

export interface ChangesTabProps {
  readonly state: RunState;
  /** Only what this task did; of the whole run with null. */
  readonly task: string | null;
}

/** What a run did to files: each with its lines before and after, to be taken back one by one or whole. */
export function ChangesTab({ state, task }: ChangesTabProps) {
  const text = useText();
  const { asked, refused } = useUndoing();
  const { files, fault } = useRunChanges(state, task);
  const [open, setOpen] = useState<string | null>(null);
  const [listed, setListed] = useState(LISTED);
  if (fault !== null) return <FaultLine fault={fault} />;
  if (files === null) return <p className="p-4 text-small text-ink-3">{text('app.change.reading')}</p>;
  const ended = state.status.name === 'ended';
  const undone = files.filter(({ path }) => state.undone.includes(path)).length;
  return (
    <div className="flex min-w-0 flex-col gap-2 p-3">
      <div className="flex min-h-6.5 items-center gap-2 text-small text-ink-2">
        <span className="flex-1">
          {undone === 0
            ? text('app.inspector.changes.sums', { files: files.length })
            : text('app.inspector.changes.undone', { undone, files: files.length })}
        </span>
        {task === null && (
          <Button
            small
            icon={Undo2}
            onClick={() => askUndo(state)}
            {...(!ended && { reason: text('app.undo.afterEnd') })}
          >
            {text('app.undo.run')}
          </Button>
        )}
      </div>
      {refused !== null && asked === null && <FaultLine fault={refused} />}
      {files.slice(0, listed).map((change) => (
        <FileDifference
          key={change.path}
          narrow
          change={change}
          folder={state.folder.id}
          open={open === change.path}
          onToggle={() => setOpen(open === change.path ? null : change.path)}
          end={<FileUndo state={state} path={change.path} />}
        />
      ))}
      {files.length > listed && (
        <Button small className="self-start" onClick={() => setListed(listed + LISTED)}>
          {text('app.change.more', { count: Math.min(files.length - listed, LISTED) })}
        </Button>
      )}
    </div>
  );
}

/** Takes one file back; says so once it was. */
function FileUndo({ state, path }: { readonly state: RunState; readonly path: string }) {
  const text = useText();
  const undo = useUndo();
  if (state.undone.includes(path)) return <Chip>{text('app.undo.undone')}</Chip>;
  if (state.status.name !== 'ended') return null;
  return (
    <IconButton
      small
      icon={Undo2}
      label={text('app.undo.fileOf', { path })}
      onClick={() => undo.file(state.id, path)}
    />
  );
}
