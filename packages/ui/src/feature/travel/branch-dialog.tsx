import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useClient, useCommands, useRun, useText, useTravel } from '../../client/index.ts';
import { Button, Checkbox, Dialog } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import { eventWords } from './event-words.ts';

/** Branches off after the event that is looked at: says what is shared, what is not, and whether it begins at once. */
export function BranchDialog({ run, onClose }: { readonly run: string; readonly onClose: () => void }) {
  const text = useText();
  const { travel, view } = useClient();
  const commands = useCommands();
  const { event, state } = useTravel((all) => all);
  const approve = useRun(run, (live) => ({ approve: live.approve }))?.approve ?? 'ask';
  const [paused, wait] = useState(true);
  const [sending, send] = useState(false);
  const [refused, refuse] = useState<Fault | null>(null);
  if (event === null) return null;
  const { sequence } = event;
  const branch = async () => {
    send(true);
    const answer = await commands.fork({ run, sequence, approve, paused });
    send(false);
    if (!answer.ok) return refuse(answer.fault);
    onClose();
    travel.leave();
    view.select({ kind: 'run', run: answer.run }, { reveal: true });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={text('app.travel.branchTitle', { sequence })}
      close={text('app.travel.branchClose')}
      footer={
        <>
          <span className="flex-1">{refused !== null && <FaultLine fault={refused} />}</span>
          <Button onClick={onClose}>{text('app.travel.branchCancel')}</Button>
          <Button kind="primary" disabled={sending} onClick={() => void branch()}>
            {text('app.travel.branchDo')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2.5">
        <p className="text-ink-2">
          {text('app.travel.branchAfter', { event: eventWords(event, state, text) })}
        </p>
        <ul className="flex list-disc flex-col gap-1 ps-4 text-small text-ink-2">
          <li>{text('app.travel.branchShared', { sequence })}</li>
          <li>{text('app.travel.branchFiles')}</li>
          <li>{text('app.travel.branchCost')}</li>
        </ul>
        <Checkbox checked={paused} onCheckedChange={wait}>
          {text('app.travel.branchWait')}
        </Checkbox>
        <p className="text-small text-ink-3">
          {text(paused ? 'app.travel.branchWaits' : 'app.travel.branchGoes')}
        </p>
      </div>
    </Dialog>
  );
}
