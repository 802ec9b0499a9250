import type { Fault } from '@soma/schemas/event';

/*
 * Whether an endpoint may be asked, after it could not be reached several times in a row. All times are milliseconds of one clock that only
 * grows, and the same values always give the same answer.
 */

export type Breaker =
  /** When it could not be reached since it last was, or might be asked again as its provider said. */
  | { readonly name: 'closed'; readonly failures: readonly number[] }
  /** Nobody asks before `until`. `times`: how often in a row it was found away. */
  | { readonly name: 'open'; readonly until: number; readonly times: number }
  /** One asks to see whether it is back. `asking` is false while that one has not got there yet, which may take it until `until`. */
  | { readonly name: 'trial'; readonly until: number; readonly times: number; readonly asking: boolean };

/** What an answer says of its endpoint: it is there, it is not, or the answer says neither. */
export type Reach = 'reached' | 'away' | 'unknown';

export interface ReachAnswer {
  readonly reach: Reach;
  readonly now: number;
  /** For how long its provider said not to ask; null where it did not say. */
  readonly advisedMs: number | null;
}

/** So many failures in a row, all within the window, open it. */
export const FAILURES_TO_OPEN = 3;
export const WINDOW_MS = 60_000;
/** The pause before the first trial; it doubles. A provider's own advice is taken in its place. */
export const FIRST_REST_MS = 1000;
export const LONGEST_REST_MS = 120_000;
/** How long one that was let through for a trial may take to begin: a person may have to be asked first. */
export const TRIAL_MS = 15_000;

export const CLOSED: Breaker = { name: 'closed', failures: [] };

/** Whether one more may ask now. */
export function mayAsk(breaker: Breaker, now: number): boolean {
  switch (breaker.name) {
    case 'closed':
      return true;
    case 'open':
      return now >= breaker.until;
    case 'trial':
      return !breaker.asking && now >= breaker.until;
    default:
      return breaker satisfies never;
  }
}

/** One that may ask was chosen to: where it is for a trial, no other is until that is over. */
export function chosen(breaker: Breaker, now: number): Breaker {
  if (breaker.name === 'closed' || !mayAsk(breaker, now)) return breaker;
  return { name: 'trial', until: now + TRIAL_MS, times: breaker.times, asking: false };
}

/** The breaker once a request goes out now; null where none may. */
export function asked(breaker: Breaker, now: number): Breaker | null {
  if (breaker.name === 'closed') return breaker;
  const isFree = breaker.name === 'trial' ? !breaker.asking : mayAsk(breaker, now);
  return isFree ? { name: 'trial', until: now, times: breaker.times, asking: true } : null;
}

/** The breaker after an answer, also after one that was asked for before it opened. */
export function answered(breaker: Breaker, { reach, now, advisedMs }: ReachAnswer): Breaker {
  switch (reach) {
    case 'reached':
      // What has only just come back is not trusted yet: until it answers again, its next failure opens it.
      return breaker.name === 'closed'
        ? CLOSED
        : { name: 'closed', failures: Array.from({ length: FAILURES_TO_OPEN - 1 }, () => now) };
    case 'unknown':
      // The next one may try at once.
      return breaker.name === 'trial' && breaker.asking
        ? { name: 'open', until: now, times: breaker.times }
        : breaker;
    case 'away': {
      if (breaker.name === 'open')
        return { ...breaker, until: Math.max(breaker.until, now + (advisedMs ?? 0)) };
      if (breaker.name === 'trial') return opened(breaker.times + 1, now, advisedMs);
      // Whoever waited as advised and finds nobody again failed within the window.
      const since = breaker.failures.filter((at) => now - at < WINDOW_MS);
      const failures = [...since, now + (advisedMs ?? 0)];
      return failures.length >= FAILURES_TO_OPEN ? opened(1, now, advisedMs) : { name: 'closed', failures };
    }
    default:
      return reach satisfies never;
  }
}

function opened(times: number, now: number, advisedMs: number | null): Breaker {
  const doubled = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(times - 1, 20));
  const rest = advisedMs === null ? doubled : Math.max(FIRST_REST_MS, advisedMs);
  return { name: 'open', until: now + rest, times };
}

/** Statuses from here on are said by who stands before an endpoint: 500 and 501 are its own, of this turn. */
const GATEWAY = 502;

/** What came of a turn: nobody is there, one is there and takes no more at the moment, one is there, or neither is known. */
export type Found = 'away' | 'busy' | 'reached' | 'unknown';

/**
 * What a fault says of who was asked. A refusal of the request, of its key or of its model was given by somebody, and so was the beginning
 * of an answer.
 */
export function foundBy({ code, retry, data }: Fault): Found {
  switch (code) {
    case 'MODEL_UNREACHABLE':
      return retry.when === 'never' ? 'unknown' : 'away';
    case 'MODEL_BUSY':
      return 'busy';
    case 'MODEL_SERVER_FAILED':
      return typeof data.status === 'number' && data.status >= GATEWAY ? 'away' : 'reached';
    case 'MODEL_KEY_MISSING':
    case 'MODEL_TURN_STOPPED':
    case 'MODEL_TIMEOUT':
    case 'MODEL_UNUSABLE':
    case 'MODEL_GONE':
    case 'INTERNAL':
      return 'unknown';
    default:
      return 'reached';
  }
}

/** Whether a model failed for not being there, or for having too much to do: nothing against asking it later. */
export function isAway(fault: Fault): boolean {
  return ['away', 'busy'].includes(foundBy(fault));
}
