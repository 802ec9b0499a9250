import type { Reconciled } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useFormats, useQueueWays, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultLine } from '../fault/fault-line.tsx';

/** What came of the last comparison. */
interface Compared {
  readonly busy: boolean;
  readonly report: Reconciled | null;
  readonly refused: Fault | null;
}

/** Compares log and consumers on a person's word, sends again what is missing, and says what was found. */
export function Reconcile() {
  const text = useText();
  const { reconcile } = useQueueWays();
  const [{ busy, report, refused }, setCompared] = useState<Compared>({
    busy: false,
    report: null,
    refused: null,
  });
  const compare = async () => {
    setCompared({ busy: true, report: null, refused: null });
    const answer = await reconcile();
    setCompared({
      busy: false,
      report: answer.ok ? answer.report : null,
      refused: answer.ok ? null : answer.fault,
    });
  };
  return (
    <section
      aria-label={text('app.queue.compare.title')}
      className="flex flex-col gap-2 border-t border-line pt-3 pb-1"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-56 flex-1">
          <h3 className="font-medium">{text('app.queue.compare.title')}</h3>
          <p className="text-small text-ink-3">{text('app.queue.compare.help')}</p>
        </div>
        <Button disabled={busy} onClick={() => void compare()}>
          {text(busy ? 'app.queue.compare.going' : 'app.queue.compare.do')}
        </Button>
      </div>
      {refused !== null && <FaultLine fault={refused} />}
      {report !== null && <Report report={report} />}
    </section>
  );
}

/** The finding in one sentence, then the figures of each who is told of events. */
function Report({ report }: { readonly report: Reconciled }) {
  const text = useText();
  const { log, open, setAside, gaps, consumers, requeued } = report;
  const missing = consumers.reduce((sum, each) => sum + each.missing, 0);
  const found = gaps > 0 ? 'gaps' : missing > 0 ? 'missing' : 'whole';
  return (
    <div className="flex flex-col gap-2">
      <p role="status">{text(`app.queue.compare.${found}`, { gaps, missing, requeued })}</p>
      <p className="text-small text-ink-2 tabular-nums">
        {text('app.queue.compare.log', { log, open, setAside, gaps })}
      </p>
      {consumers.length > 0 && <Consumers consumers={consumers} />}
    </div>
  );
}

const COLUMNS = ['taken', 'expected', 'missing', 'gaps', 'repeated', 'unknown'] as const;

function Consumers({ consumers }: Pick<Reconciled, 'consumers'>) {
  const text = useText();
  const { count } = useFormats();
  const cell = 'border-t border-line px-2 py-1.5 text-end tabular-nums';
  return (
    <section
      aria-label={text('app.queue.compare.table')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-card"
    >
      <table className="w-full text-small">
        <thead>
          <tr className="text-meta text-ink-3">
            <th scope="col" className="px-3 py-1.5 text-start font-medium">
              {text('app.queue.compare.consumer')}
            </th>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="px-2 py-1.5 text-end font-medium whitespace-nowrap">
                {text(`app.queue.compare.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {consumers.map((each) => (
            <tr key={each.consumer}>
              <th scope="row" className="border-t border-line px-3 py-1.5 text-start font-normal">
                <code>{each.consumer}</code>
              </th>
              {COLUMNS.map((column) => (
                <td key={column} className={cell}>
                  {count(each[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
