import type { SetAsideCopy } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useFaultText, useFormats, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

export interface CopyLineProps {
  readonly copy: SetAsideCopy;
  /** Why it could not be sent again. */
  readonly refused: Fault | null;
  readonly onSend: () => void;
}

/** One copy that was set aside: of which event, how often it was tried, why it was not taken in. */
export function CopyLine({
  copy: { copy, type, stream, sequence, tries, at, fault },
  refused,
  onSend,
}: CopyLineProps) {
  const text = useText();
  const { exact } = useFormats();
  const { title, cause, code } = useFaultText()(fault);
  const event = text('app.queue.aside.event', { stream, sequence });
  return (
    <li className="flex min-w-0 flex-col gap-1 border-t border-line px-3 py-2.5 first:border-t-0">
      <div className="flex min-w-0 items-start gap-3">
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <code className="font-medium">{type}</code>
            <code className="cut text-meta text-ink-3" title={`${event} ${copy}`}>
              {event}
            </code>
          </span>
          <span className="text-small text-ink-3 tabular-nums">
            {text('app.queue.aside.tried', { tries, time: exact(at) })}
          </span>
        </span>
        <Button
          small
          aria-label={text('app.queue.aside.sendOf', { event: `${type} ${event}` })}
          onClick={onSend}
        >
          {text('app.queue.aside.send')}
        </Button>
      </div>
      <p className="text-small text-ink-2">
        {title}: {cause} <code className="text-meta text-ink-3">{code}</code>
      </p>
      {refused !== null && <FaultLine fault={refused} />}
    </li>
  );
}
