import type { QueueView } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useFormats, useQueue, useQueueWays, useText, useView, useViewStore } from '../../client/index.ts';
import { Button, Count, DescriptionList, Dialog } from '../../design/index.ts';
import { FaultCard } from '../fault/fault-card.tsx';
import { FaultLine } from '../fault/fault-line.tsx';
import { CopyLine } from './copy-line.tsx';
import { Reconcile } from './reconcile.tsx';

/** What waits between the log and the bus, what was set aside and why, and the ways to mend it. */
export function QueueDialog() {
  const text = useText();
  const view = useViewStore();
  const open = useView(({ overlay }) => overlay === 'queue');
  return (
    <Dialog
      open={open}
      wide
      onOpenChange={(shown) => view.setOverlay(shown ? 'queue' : null)}
      title={text('app.queue.title')}
      close={text('app.queue.close')}
    >
      <QueueNow />
    </Dialog>
  );
}

function QueueNow() {
  const text = useText();
  const { value, fault } = useQueue();
  const trouble = fault ?? value?.trouble ?? null;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-small text-ink-2">{text('app.queue.help')}</p>
      {trouble !== null && (
        <div className="overflow-hidden rounded-card border border-line">
          <FaultCard fault={trouble} live />
        </div>
      )}
      {value === null && fault === null && (
        <p role="status" className="text-small text-ink-3">
          {text('app.queue.looking')}
        </p>
      )}
      {value !== null && <Waiting queue={value} />}
      {value !== null && value.setAside > 0 && <SetAside queue={value} />}
      <Reconcile />
    </div>
  );
}

/** The two sums, or one sentence where there is nothing. */
function Waiting({ queue: { backlog, oldest, setAside } }: { readonly queue: QueueView }) {
  const text = useText();
  const { age, exact } = useFormats();
  if (backlog + setAside === 0) return <p>{text('app.queue.none')}</p>;
  const facts = [
    {
      id: 'backlog',
      name: text('app.queue.fact.backlog'),
      value: text('app.queue.events', { count: backlog }),
    },
    ...(oldest === null
      ? []
      : [
          {
            id: 'oldest',
            name: text('app.queue.fact.oldest'),
            value: text('app.queue.since', { age: age(oldest, Date.now()), time: exact(oldest) }),
          },
        ]),
  ];
  return <DescriptionList facts={facts} className="tabular-nums" />;
}

/** What could not be taken in, each with its cause, to be sent again one by one or all. */
function SetAside({ queue: { setAside, copies } }: { readonly queue: QueueView }) {
  const text = useText();
  const { requeue } = useQueueWays();
  const [refused, setRefused] = useState<{ readonly copy: string | null; readonly fault: Fault } | null>(
    null,
  );
  const [told, setTold] = useState<number | null>(null);
  const send = async (copy: string | null) => {
    const answer = await requeue(copy);
    setRefused(answer.ok ? null : { copy, fault: answer.fault });
    setTold(answer.ok ? answer.requeued : null);
  };
  const more = setAside - copies.length;
  return (
    <section
      aria-label={text('app.queue.aside.title')}
      className="flex flex-col gap-2 border-t border-line pt-3"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">{text('app.queue.aside.title')}</h3>
        <Count label={text('app.queue.aside.count', { count: setAside })}>{setAside}</Count>
        <span className="flex-1" />
        <Button small onClick={() => void send(null)}>
          {text('app.queue.aside.all')}
        </Button>
      </div>
      {refused !== null && refused.copy === null && <FaultLine fault={refused.fault} />}
      {told !== null && (
        <p role="status" className="text-small text-ink-2">
          {text('app.queue.requeued', { requeued: told })}
        </p>
      )}
      <ul className="overflow-hidden rounded-card border border-line bg-card">
        {copies.map((copy) => (
          <CopyLine
            key={copy.copy}
            copy={copy}
            refused={refused?.copy === copy.copy ? refused.fault : null}
            onSend={() => void send(copy.copy)}
          />
        ))}
      </ul>
      {more > 0 && <p className="text-small text-ink-3">{text('app.queue.aside.more', { more })}</p>}
    </section>
  );
}
