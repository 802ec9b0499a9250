import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventType, lifts, RecordedEvent, registry, upcast, versionOf } from './index.ts';

const scope = {
  tenant: 'local',
  workspace: 'local',
  actor: [{ kind: 'person', id: 'p1' }],
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  causation: null,
};
const place = { id: 'e1', stream: 'run/r1', sequence: 7, time: '2026-01-01T00:00:00.000Z', scope };
const types = Object.keys(registry) as EventType[];

describe('an event of an older version', () => {
  it('is read as it would be written now: a run that went on before there was `approve`', () => {
    const stored = { ...place, type: 'run.resumed', version: 1, data: { from: 'paused' } };
    expect(RecordedEvent.safeParse(stored).success).toBe(false);
    expect(RecordedEvent.parse(upcast(stored))).toEqual({
      ...stored,
      version: 2,
      data: { from: 'paused', approve: null },
    });
  });

  it('keeps what it already has of a later version', () => {
    const stored = { ...place, type: 'run.resumed', version: 1, data: { from: 'paused', approve: 'all' } };
    expect(RecordedEvent.parse(upcast(stored))).toMatchObject({ data: { approve: 'all' } });
  });
});

describe('an event of a newer version', () => {
  it.each(['run.resumed', 'run.ended'])('%s is left as it is and refused, not guessed', (type) => {
    const stored = { ...place, type, version: 9, data: { from: 'paused', approve: null } };
    expect(upcast(stored)).toBe(stored);
    expect(RecordedEvent.safeParse(upcast(stored)).success).toBe(false);
  });
});

describe('lifting', () => {
  it('is known only of events that there are', () => {
    expect(Object.keys(lifts).filter((type) => !Object.hasOwn(registry, type))).toEqual([]);
  });

  it('ends at the present version, and lifting again changes nothing', () => {
    const anyEvent = fc.record({
      type: fc.constantFrom(...types),
      version: fc.integer({ min: 1, max: 4 }),
      data: fc.dictionary(fc.constantFrom('from', 'approve', 'state', 'x'), fc.jsonValue()),
    });
    fc.assert(
      fc.property(anyEvent, (event) => {
        const once = upcast(event);
        expect(once.version).toBe(Math.max(event.version, versionOf(event.type)));
        expect(upcast(once)).toEqual(once);
        expect({ ...event.data, ...once.data }).toEqual(once.data);
      }),
    );
  });

  it('never throws, whatever it is given, and changes nothing but events of older versions', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(upcast(value)).toBe(value);
      }),
    );
    for (const type of ['constructor', '__proto__', 'no.such'])
      expect(upcast({ type, version: 1, data: {} })).toEqual({ type, version: 1, data: {} });
  });
});
