import type { Fault } from '@soma/schemas/event';

/** How often a task is tried when its fault says that trying again may help. */
const MAX_ATTEMPTS = 3;
/** The pause before the second attempt, and the longest one, in milliseconds. */
const FIRST_PAUSE_MS = 250;
export const LONGEST_PAUSE_MS = 30_000;

export interface FailedAttempt {
  readonly fault: Fault;
  /** 1-based number of the attempt that failed. */
  readonly attempt: number;
  /** RFC 3339 in UTC. */
  readonly now: string;
  /** From 0 up to, and not including, 1: spreads runs that failed together. */
  readonly chance: number;
}

/**
 * When the next attempt is due (RFC 3339); null when this was the last one. The fault's own advice comes first; else pauses double, each
 * between half and all of its length ("equal jitter": M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015).
 */
export function retryAt({ fault, attempt, now, chance }: FailedAttempt): string | null {
  const { retry } = fault;
  if (retry.when === 'never' || attempt >= MAX_ATTEMPTS) return null;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + chance / 2);
  const earliest = Date.parse(now) + pause;
  return new Date(retry.when === 'at' ? Math.max(earliest, Date.parse(retry.at)) : earliest).toISOString();
}
