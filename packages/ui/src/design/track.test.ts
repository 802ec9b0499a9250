import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATES, type StateName } from './state.ts';
import { trackMarks } from './track.tsx';

const stateNames = Object.keys(STATES).filter((name): name is StateName => name in STATES);
const places = fc.record({
  at: fc.integer({ min: 0, max: 8 }),
  state: fc.constantFrom(...stateNames),
  skipped: fc.uniqueArray(fc.integer({ min: 1, max: 6 })),
});
const marks = (place: Parameters<typeof trackMarks>[0]) => trackMarks(place).map(({ mark }) => mark);

describe('the marks of a task', () => {
  it('rest before it began', () => {
    expect(marks({ at: 0, state: 'queued' })).toEqual(Array(8).fill('rest'));
  });

  it('show what is done, what is now and what comes', () => {
    expect(marks({ at: 4, state: 'running', skipped: [2] })).toEqual([
      'done',
      'skipped',
      'done',
      'current',
      'rest',
      'rest',
      'rest',
      'rest',
    ]);
  });

  it('hold the gate of a task that could not be verified, and leave Commit at rest', () => {
    expect(marks({ at: 7, state: 'unverified' }).slice(6)).toEqual(['held', 'rest']);
    expect(marks({ at: 7, state: 'failed' }).slice(6)).toEqual(['held', 'rest']);
  });

  it('pass the gate before Commit is worked at', () => {
    expect(marks({ at: 8, state: 'running' }).slice(6)).toEqual(['passed', 'current']);
  });

  it('are always eight, with a green Commit only behind a green gate of a verified task', () => {
    fc.assert(
      fc.property(places, (place) => {
        const found = marks(place);
        expect(found).toHaveLength(8);
        expect(found.filter((mark) => mark === 'current' || mark === 'held').length).toBeLessThanOrEqual(1);
        if (found[7] === 'passed') expect([found[6], place.state]).toEqual(['passed', 'verified']);
      }),
    );
  });
});
