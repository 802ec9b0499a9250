import type { KeyKeeper } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { type FormEvent, useState } from 'react';
import { useChatWays, useEndpoints, useText } from '../../client/index.ts';
import { Button, Dialog } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { KeyField, keeperOf } from './key-field.tsx';
import type { OnModelProps } from './remove-model.tsx';

/** Gives a model another key, or takes it away. */
export function GiveKey({ model, onClose }: OnModelProps) {
  const text = useText();
  const { giveKey } = useChatWays();
  const table = useEndpoints().value;
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<KeyKeeper | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const keychain = table?.keychain ?? null;
  const keep = keeperOf(keychain, chosen);
  const give = async (key: string | null) => {
    const answer = await giveKey(model.id, { key, keep });
    if (answer.ok) onClose();
    else setRefused(answer.fault);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== '') void give(typed);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={text('app.chat.giveKey.title', { model: model.model })}
      close={text('app.chat.giveKey.close')}
    >
      <form onSubmit={submit} className="flex min-w-0 flex-col gap-3 pb-1">
        <KeyField
          needed={false}
          value={typed}
          onValue={setTyped}
          onKeep={setChosen}
          {...{ keep, keychain }}
        />
        {refused !== null && (
          <div className="overflow-hidden rounded-card border border-line">
            <FaultCard fault={refused} live actions={<span />} />
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <Button
            kind="primary"
            type="submit"
            {...(typed === '' && { reason: text('app.chat.giveKey.missing') })}
          >
            {text('app.chat.giveKey.act')}
          </Button>
          {model.key !== 'none' && (
            <Button onClick={() => void give(null)}>{text('app.chat.giveKey.none')}</Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
