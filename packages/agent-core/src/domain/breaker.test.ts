import { type FaultCode, fault } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answered,
  asked,
  type Breaker,
  CLOSED,
  chosen,
  FAILURES_TO_OPEN,
  FIRST_REST_MS,
  type Found,
  foundBy,
  isAway,
  LONGEST_REST_MS,
  mayAsk,
  type Reach,
  TRIAL_MS,
  WINDOW_MS,
} from './breaker.ts';

interface Step {
  readonly afterMs: number;
  readonly does: 'choose' | 'ask' | Reach;
  readonly advisedMs: number | null;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200_000 })),
    does: fc.constantFrom<Step['does']>('choose', 'ask', 'away', 'away', 'reached', 'unknown'),
    advisedMs: fc.option(fc.integer({ min: 0, max: 300_000 })),
  }),
  { maxLength: 60 },
);

function next(breaker: Breaker, { does, advisedMs }: Step, now: number): Breaker {
  if (does === 'choose') return chosen(breaker, now);
  if (does === 'ask') return asked(breaker, now) ?? breaker;
  return answered(breaker, { reach: does, now, advisedMs });
}

/** Plays steps one after the other and looks at each. */
function play(given: readonly Step[], look: (before: Breaker, step: Step, now: number) => void): Breaker {
  let breaker = CLOSED;
  let now = 1000;
  for (const step of given) {
    now += step.afterMs;
    look(breaker, step, now);
    breaker = next(breaker, step, now);
  }
  return breaker;
}

const away = (advisedMs: number | null = null, afterMs = 10): Step => ({ afterMs, does: 'away', advisedMs });

describe('a breaker', () => {
  it('opens with the third failure in a row within the window, and not before', () => {
    expect(play([away(), away()], () => undefined).name).toBe('closed');
    expect(play([away(), away(), away()], () => undefined).name).toBe('open');
    const answer: Step = { afterMs: 1, does: 'reached', advisedMs: null };
    expect(play([away(), away(), answer, away(), away()], () => undefined).name).toBe('closed');
    expect(play([away(), away(), away(null, WINDOW_MS)], () => undefined).name).toBe('closed');
  });

  it('lets nobody ask while it is open, and never more than one while that one sees whether it is back', () => {
    fc.assert(
      fc.property(steps, (given) => {
        let asking = 0;
        play(given, (before, { does }, now) => {
          const out = does === 'ask' ? asked(before, now) : null;
          if (before.name === 'closed') asking = 0;
          if (out?.name === 'trial') {
            expect(before.name === 'open' ? now >= before.until : before.name === 'trial').toBe(true);
            asking += 1;
            expect(asking).toBe(1);
          }
          if (does === 'away' || does === 'reached' || does === 'unknown') asking = 0;
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is never asked before its provider said that it may be, and always again after the longest pause', () => {
    fc.assert(
      fc.property(steps, (given) => {
        play(given, (before, step, now) => {
          if (step.does !== 'away') return;
          const after = next(before, step, now);
          if (after.name !== 'open') return;
          const advised = step.advisedMs ?? 0;
          expect(mayAsk(after, now + advised - 1)).toBe(false);
          const longest = Math.max(LONGEST_REST_MS, advised);
          if (before.name !== 'open') expect(mayAsk(after, now + longest)).toBe(true);
        });
      }),
    );
  });

  it('closes with the first answer, whatever came before', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const breaker = play(given, () => undefined);
        expect(answered(breaker, { reach: 'reached', now: 1e9, advisedMs: null }).name).toBe('closed');
      }),
    );
  });

  it('only ever opens by what could not be reached', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const breaker = play(
          given.filter(({ does }) => does !== 'away'),
          () => undefined,
        );
        expect(breaker).toEqual(CLOSED);
      }),
    );
  });

  it('waits twice as long after each trial that found nobody, and tries one that never began once more', () => {
    let breaker = play([away(), away(), away()], () => undefined);
    let now = 1030;
    for (let times = 1; times <= 10; times += 1) {
      const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (times - 1));
      expect(breaker).toEqual({ name: 'open', until: now + rest, times });
      now += rest;
      breaker = chosen(breaker, now);
      expect(mayAsk(breaker, now)).toBe(false);
      expect(mayAsk(breaker, now + TRIAL_MS)).toBe(true);
      breaker = answered(asked(breaker, now) ?? CLOSED, { reach: 'away', now, advisedMs: null });
    }
  });

  it('opens again at once when what has just come back is away again', () => {
    let breaker = play([away(), away(), away()], () => undefined);
    breaker = answered(breaker, { reach: 'reached', now: 2000, advisedMs: null });
    expect(answered(breaker, { reach: 'away', now: 2100, advisedMs: null }).name).toBe('open');
    breaker = answered(breaker, { reach: 'reached', now: 2100, advisedMs: null });
    expect(answered(breaker, { reach: 'away', now: 2200, advisedMs: null }).name).toBe('closed');
    expect(FAILURES_TO_OPEN).toBe(3);
  });
});

describe('what a fault says of its endpoint', () => {
  it.each<[FaultCode, object, Found]>([
    ['MODEL_UNREACHABLE', { cause: 'refused' }, 'away'],
    ['MODEL_BUSY', {}, 'busy'],
    ['MODEL_SERVER_FAILED', { status: 502 }, 'away'],
    ['MODEL_SERVER_FAILED', { status: 500 }, 'reached'],
    ['MODEL_KEY_REFUSED', { status: 401 }, 'reached'],
    ['MODEL_NAME_UNKNOWN', {}, 'reached'],
    ['MODEL_REQUEST_REFUSED', { status: 400 }, 'reached'],
    ['MODEL_CREDIT_SPENT', {}, 'reached'],
    ['MODEL_ANSWER_CUT', {}, 'reached'],
    ['MODEL_TURN_STOPPED', {}, 'unknown'],
    ['MODEL_KEY_MISSING', {}, 'unknown'],
  ])('%s %j: %s', (code, data, found) => {
    expect(foundBy(fault(code, { ...data }, { when: 'now' }))).toBe(found);
  });

  it('is nothing where trying again never helps', () => {
    const certificate = fault('MODEL_UNREACHABLE', { cause: 'certificate' });
    expect(foundBy(certificate)).toBe('unknown');
    expect(isAway(certificate)).toBe(false);
  });
});
