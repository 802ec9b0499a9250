import type { Duplex } from './duplex.ts';

/** How much, in characters or bytes, may be on its way in one direction before a sender that waits is made to wait. */
export const FLOW_WINDOW = 1024 * 1024;

/** How much a receiver takes before it says so. Well below the window, so that a waiting sender is always set free. */
const REPORT_EVERY = FLOW_WINDOW / 4;

/** A pipe that knows how much of what it sent was not taken yet, so that a slow reader holds its sender up. */
export interface FlowDuplex extends Duplex {
  /** Resolves when there is room for another message, or when the pipe is closed. */
  ready(): Promise<void>;
  /** What was sent and not taken yet, in characters or bytes. */
  readonly pending: () => number;
}

/**
 * Adds flow control to a raw pipe; both ends must. Every message is passed on as it is; besides them each end tells the
 * other now and then, as a text of decimal digits, how much it has taken in all. A message is taken once its listeners ran,
 * so a window that hangs takes nothing, and what comes before anyone listens waits.
 */
export function withFlow(raw: Duplex): FlowDuplex {
  const listeners = new Set<(message: string | Uint8Array) => void>();
  const waiting = new Set<() => void>();
  let open = true;
  let early: (string | Uint8Array)[] | null = [];
  let sent = 0;
  let acknowledged = 0;
  let taken = 0;
  let reported = 0;

  const release = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  raw.onClose(() => {
    open = false;
    release();
  });

  const take = (message: string | Uint8Array) => {
    for (const listener of [...listeners]) listener(message);
    taken += message.length;
    if (taken - reported < REPORT_EVERY || !open) return;
    reported = taken;
    raw.send(String(taken));
  };
  raw.onMessage((message) => {
    if (typeof message !== 'string' || !/^\d{1,15}$/.test(message)) {
      if (early === null) take(message);
      else early.push(message);
      return;
    }
    acknowledged = Math.min(Math.max(acknowledged, Number(message)), sent);
    if (sent - acknowledged < FLOW_WINDOW) release();
  });
  const takeEarly = () => {
    const waited = early ?? [];
    early = null;
    for (const message of waited) take(message);
  };

  return {
    send: (message) => {
      sent += message.length;
      raw.send(message);
    },
    onMessage: (listener) => {
      // Whoever else listens to this pipe begins in the same turn.
      if (early !== null && listeners.size === 0) void Promise.resolve().then(takeEarly);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onClose: (listener) => raw.onClose(listener),
    close: () => raw.close(),
    pending: () => sent - acknowledged,
    ready: () => {
      if (!open || sent - acknowledged < FLOW_WINDOW) return Promise.resolve();
      return new Promise((resume) => waiting.add(resume));
    },
  };
}
