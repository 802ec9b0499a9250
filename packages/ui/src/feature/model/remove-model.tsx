import type { AddedModel } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useChatWays, useText } from '../../client/index.ts';
import { Button, Dialog } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

export interface OnModelProps {
  readonly model: AddedModel;
  readonly onClose: () => void;
}

/** Asks once: its key and what its test found cannot be brought back. */
export function RemoveModel({ model, onClose }: OnModelProps) {
  const text = useText();
  const { remove } = useChatWays();
  const [refused, setRefused] = useState<Fault | null>(null);
  const act = async () => {
    const answer = await remove(model.id);
    if (answer.ok) onClose();
    else setRefused(answer.fault);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={text('app.chat.remove.title', { model: model.model })}
      close={text('app.chat.remove.close')}
      footer={
        <>
          <span className="flex-1" />
          <Button onClick={onClose}>{text('app.chat.remove.keep')}</Button>
          <Button kind="danger" onClick={() => void act()}>
            {text('app.chat.remove.act')}
          </Button>
        </>
      }
    >
      <p>{text(`app.chat.remove.${model.file === null ? 'endpoint' : 'file'}`)}</p>
      {refused !== null && <FaultLine fault={refused} />}
    </Dialog>
  );
}
