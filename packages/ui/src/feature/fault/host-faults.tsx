import { fault } from '@soma/schemas/event';
import { useState } from 'react';
import { useConnected, useHostFaults, useText } from '../../client/index.ts';
import { Button } from '../../design/index.ts';
import { FaultCard, isMended } from './fault-card.tsx';

/** What troubles the whole app now: a full disk, a damaged database, a host that does not answer. A notice of what is over may be put away. */
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
                isMended(each) ? (
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
