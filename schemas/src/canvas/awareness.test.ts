import { describe, expect, it } from 'vitest';
import { Awareness, decodeAwareness, encodeAwareness, type Presence } from './index.ts';

const ann: Presence = {
  who: { kind: 'person', id: 'ann' },
  name: 'Ann',
  colour: '4',
  cursor: { x: 1.5, y: -2 },
  selection: ['a'],
};
const agent: Presence = { who: { kind: 'agent', id: 'r1' }, cursor: null, selection: [] };

describe('awareness', () => {
  it('passes from one to another, and is the same map until something changes', () => {
    const [here, there] = [new Awareness(), new Awareness()];
    let changes = 0;
    const stop = there.subscribe(() => {
      changes += 1;
    });
    const told = encodeAwareness([here.set(1, ann), here.set(2, agent)]);
    there.apply(decodeAwareness(told));
    expect([...there.states]).toEqual([
      [1, ann],
      [2, agent],
    ]);
    const { states } = there;
    expect(there.apply(decodeAwareness(told))).toEqual([]);
    expect(there.states).toBe(states);
    expect(changes).toBe(1);
    stop();
    there.apply([here.set(1, null)]);
    expect([...there.states.keys()]).toEqual([2]);
    expect(changes).toBe(1);
    expect(there.all()).toMatchObject([{ client: 2, clock: 1 }]);
  });

  it('takes no old news, and forgets whoever left', () => {
    const awareness = new Awareness();
    const first = awareness.set(1, ann);
    const second = awareness.set(1, agent);
    expect(awareness.apply([first])).toEqual([]);
    expect(awareness.states.get(1)).toEqual(agent);
    expect(second.clock).toBe(2);
    awareness.set(1, null);
    expect(awareness.apply([{ client: 1, clock: 9, state: null }])).toEqual([]);
    expect(awareness.apply([first])).toHaveLength(1);
  });

  it.each([
    ['too large', new Uint8Array(70_000)],
    ['cut off', encodeAwareness([{ client: 1, clock: 1, state: ann }]).subarray(0, 10)],
    ['of too many', Uint8Array.of(0xff, 0xff, 0x03)],
  ])('is refused when it is %s', (_, bytes) => {
    expect(() => decodeAwareness(bytes)).toThrow();
  });

  it('is refused when it says something else than where somebody is', () => {
    const odd = encodeAwareness([
      { client: 1, clock: 1, state: { ...ann, selection: Array.from({ length: 200 }, () => 'a') } },
    ]);
    expect(() => decodeAwareness(odd)).toThrow();
  });
});
