import { createHash } from 'node:crypto';
import { Scope } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControllableClock } from '../../testing/controllable-clock.ts';
import { createIds, systemClock, systemHasher } from './index.ts';

describe('the system clock', () => {
  it('tells the time in UTC with milliseconds', () => {
    const now = systemClock.now();
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(1000);
  });

  it('sleeps no shorter than it was asked to', async () => {
    const before = systemClock.monotonicMs();
    await systemClock.sleep(30, new AbortController().signal);
    expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(30);
  });

  it('wakes with the reason when the signal aborts, before or during the sleep', async () => {
    const reason = new Error('enough');
    await expect(systemClock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason);
    const control = new AbortController();
    const sleeping = systemClock.sleep(2 ** 40, control.signal);
    control.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that carry the time', () => {
    const id = createIds(new ControllableClock('2026-11-21T10:00:00.000Z')).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(
      Date.parse('2026-11-21T10:00:00.000Z'),
    );
  });

  it('grow and never repeat, however the clock moves', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 50 }),
        (jumps) => {
          const clock = new ControllableClock();
          const ids = createIds(clock);
          const made = jumps.flatMap((ms) => {
            clock.jump(ms);
            return [ids.next(), ids.next()];
          });
          expect(made).toEqual([...new Set(made)].sort());
        },
      ),
    );
  });

  it('grow also when thousands are made within one millisecond', () => {
    const ids = createIds(new ControllableClock());
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(made).toEqual([...new Set(made)].sort());
  });

  it('of two sources differ', () => {
    const clock = new ControllableClock();
    expect(createIds(clock).next()).not.toBe(createIds(clock).next());
  });

  it('include traceparents as events carry them', () => {
    const ids = createIds(systemClock);
    const made = Array.from({ length: 100 }, () => ids.traceparent());
    for (const one of made) expect(Scope.shape.traceparent.safeParse(one).success).toBe(true);
    expect(new Set(made).size).toBe(100);
  });
});

describe('the hasher', () => {
  it('answers the SHA-256 of the UTF-8 bytes in lower-case hexadecimal digits', () => {
    expect(systemHasher.sha256('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(systemHasher.sha256('ä')).toBe(
      createHash('sha256')
        .update(Buffer.from([0xc3, 0xa4]))
        .digest('hex'),
    );
  });
});
