import type { Recording } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';

/** One command after another, and why the last one was refused. */
export interface Sending {
  readonly sending: boolean;
  readonly refused: Fault | null;
  /** Whether it was recorded. Those that follow are not sent after a refusal. */
  readonly send: (...commands: readonly (() => Promise<Recording>)[]) => Promise<boolean>;
}

export function useSend(): Sending {
  const [sending, begin] = useState(false);
  const [refused, refuse] = useState<Fault | null>(null);
  const send: Sending['send'] = async (...commands) => {
    begin(true);
    refuse(null);
    try {
      for (const command of commands) {
        const recorded = await command();
        if (recorded.ok) continue;
        refuse(recorded.fault);
        return false;
      }
      return true;
    } finally {
      begin(false);
    }
  };
  return { sending, refused, send };
}
