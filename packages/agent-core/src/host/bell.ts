import type { Clock } from '../port/index.ts';

/** Wakes whoever waits. A ring while nobody waits is remembered once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring (true) or after `ms` milliseconds (false); at once when the signal aborts (false). */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: async (ms, signal) => {
      if (!rung && !signal.aborted) {
        const stop = new AbortController();
        const onAbort = () => stop.abort();
        signal.addEventListener('abort', onAbort);
        const awake = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([awake, clock.sleep(ms, stop.signal).catch(() => undefined)]);
        wake = null;
        stop.abort();
        signal.removeEventListener('abort', onAbort);
      }
      const answer = rung;
      rung = false;
      return answer;
    },
  };
}
