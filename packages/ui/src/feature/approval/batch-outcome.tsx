import { Info, X } from 'lucide-react';
import { useText } from '../../client/index.ts';
import { Icon, IconButton } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';
import type { Outcome } from './batch.ts';

export interface BatchOutcomeProps {
  readonly outcome: Outcome;
  readonly onClose: () => void;
}

/** What came of answering several together: only said where something was left, for what was taken stands in the list. */
export function BatchOutcome({ outcome: { answer, taken, left }, onClose }: BatchOutcomeProps) {
  const text = useText();
  const said = text(`app.approval.batch.outcome.${answer}`, { taken, left: left.length });
  if (left.length === 0) {
    return (
      <p role="status" className="sr-only">
        {said}
      </p>
    );
  }
  return (
    <section
      aria-label={said}
      className="flex max-h-[40%] flex-none items-start gap-2.5 overflow-y-auto border-b border-line bg-app px-9 py-3"
    >
      <span className="flex h-[1.25rem] items-center">
        <Icon of={Info} size={14} className="text-ink-2" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p role="status" className="font-medium">
          {said}
        </p>
        <ul className="flex flex-col gap-1">
          {left.map(({ id, title, fault }) => (
            <li key={id} className="flex min-w-0 flex-col">
              <span>{title}</span>
              <FaultLine fault={fault} />
            </li>
          ))}
        </ul>
      </div>
      <IconButton small icon={X} label={text('app.approval.batch.outcome.close')} onClick={onClose} />
    </section>
  );
}
