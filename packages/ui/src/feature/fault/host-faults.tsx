import { type Fault, fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useConnected, useHostFaults, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard } from './fault-card.tsx';

/** A notice of something that is over, such as a database that was mended, may be put away; what goes on may not. */
function isOver({ data }: Fault): boolean {
  return typeof data['quarantine'] === 'string';
}

/** What troubles the whole app now: a full disk, a damaged database, a host that does not answer. Nothing while all is well. */
export function HostFaults() {
  const text = useText();
  const told = useHostFaults();
  const connected = useConnected();
  const [hidden, hide] = useState<ReadonlySet<string>>(new Set());
  const faults = connected ? told : [fault('HOST_UNREACHABLE'), ...told];
  const shown = faults.filter((each) => !hidden.has(JSON.stringify(each)));
  if (shown.length === 0) return null;
  return (
    <section aria-label={text('app.fault.host')} className="flex w-[452px] max-w-full flex-col gap-2">
      {shown.map((each) => {
        const key = JSON.stringify(each);
        return (
          <div key={key} className="overflow-hidden rounded-card border border-line-2 bg-raised shadow-3">
            <FaultCard
              fault={each}
              live
              actions={
                isOver(each) ? (
                  <Button small onClick={() => hide((before) => new Set([...before, key]))}>
                    {text('app.fault.hide')}
                  </Button>
                ) : undefined
              }
            />
          </div>
        );
      })}
    </section>
  );
}
