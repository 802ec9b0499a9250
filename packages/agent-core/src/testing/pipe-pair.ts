import type { Duplex, FlowDuplex } from '@soma/schemas/contract';
import { withFlow } from '@soma/schemas/contract';

/**
 * Both ends of a pipe within this process. Messages arrive in order, each in a turn of its own, and wait until someone listens, as
 * over a real one.
 */
export function pipePair(): readonly [FlowDuplex, FlowDuplex] {
  const ends = [end(), end()] as const;
  return [withFlow(duplex(ends[0], ends[1])), withFlow(duplex(ends[1], ends[0]))];
}

interface End {
  readonly messages: Set<(message: string | Uint8Array) => void>;
  readonly closes: Set<() => void>;
  readonly waiting: (string | Uint8Array)[];
  open: boolean;
}

function end(): End {
  return { messages: new Set(), closes: new Set(), waiting: [], open: true };
}

function deliver({ messages, waiting }: End): void {
  if (messages.size === 0) return;
  for (const message of waiting.splice(0)) for (const listener of messages) listener(message);
}

function duplex(mine: End, theirs: End): Duplex {
  return {
    send: (message) => {
      if (!theirs.open) return;
      theirs.waiting.push(message);
      setImmediate(() => deliver(theirs));
    },
    onMessage: (listener) => {
      mine.messages.add(listener);
      setImmediate(() => deliver(mine));
      return () => void mine.messages.delete(listener);
    },
    onClose: (listener) => {
      if (!mine.open) listener();
      else mine.closes.add(listener);
      return () => void mine.closes.delete(listener);
    },
    close: () => {
      for (const side of [mine, theirs]) {
        if (!side.open) continue;
        side.open = false;
        for (const listener of side.closes) listener();
      }
    },
  };
}
