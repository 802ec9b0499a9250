import type { Json } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../port/index.ts';
import { commitOf, goalSubmitted, remark, scopeOf } from './event-sample.ts';
import type { EventStoreUnderTest } from './event-store-conformance.ts';

const scope = scopeOf();
const stream = 'run/run-1';

function deep(levels: number): Json {
  let value: Json = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { in: value };
  return value;
}

/** Values that databases, drivers and JSON itself are known to change. */
const VALUES: readonly (readonly [name: string, value: Json])[] = [
  ['an empty text', ''],
  ['NUL alone', '\u0000'],
  ['NUL within a text', 'before\u0000after'],
  ['every control character', Array.from({ length: 32 }, (_, n) => String.fromCharCode(n)).join('')],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', 'a\udc00b'],
  ['surrogates in the wrong order', '\udc00\ud800'],
  ['a pair of surrogates', '\ud83d\ude00'],
  ['a byte order mark', '\ufefftext'],
  ['line and paragraph separators', '\u2028\u2029'],
  ['a composed and a decomposed letter, which differ', ['\u00e9', 'e\u0301']],
  ['writing from right to left', '\u202eabc\u0627'],
  ['the last code points', '\uffff\u{10ffff}'],
  ['text that looks like JSON', '{"a": [1, null]}'],
  ['quotes and backslashes', '"\\\'`$1%s;--'],
  ['trailing spaces and ends of lines', ' a \r\n\t'],
  ['the greatest safe integer', Number.MAX_SAFE_INTEGER],
  ['2^53 + 1, which is 2^53 as a number', 2 ** 53 + 1],
  ['2^53 + 2', 2 ** 53 + 2],
  ['an integer above 64 bits', 2 ** 70],
  ['the smallest number', 5e-324],
  ['the greatest number', Number.MAX_VALUE],
  ['a number between two decimals', 0.1 + 0.2],
  ['minus zero', -0],
  ['1e21, where writing changes', [1e21, 1e20, 1e-7, 1e-6]],
  ['no value, and values that look like none', [null, false, 0, '', [], {}]],
  ['keys that look like numbers', { 10: 'a', 2: 'b', '-1': 'c', '1e3': 'd' }],
  ['keys of objects themselves', { constructor: 2, toString: 3, hasOwnProperty: 4 }],
  ['keys with NUL, surrogates and nothing', { '': 1, '\u0000': 2, '\ud800': 3 }],
  ['a list of many', Array.from({ length: 10_000 }, (_, n) => n)],
  ['a hundred levels', deep(100)],
  ['a text of 1 MB', 'x'.repeat(1_000_000)],
  ['1 MB of letters of four bytes', '\u{1f600}'.repeat(262_144)],
  ['1 MB in small pieces', Object.fromEntries(Array.from({ length: 40_000 }, (_, n) => [`key-${n}`, n]))],
];

/** What an EventStore must give back as it was given, whatever its database would make of it. */
export function eventStoreDataConformance(name: string, make: () => Promise<EventStoreUnderTest>): void {
  describe(`${name} gives back as it was committed`, () => {
    let under: EventStoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    const saying = (id: string, value: Json): NewEvent => {
      const event = remark(id, '');
      if (event.type !== 'step.completed') throw new Error('a remark is a step');
      return { ...event, data: { ...event.data, note: { code: 'remark', data: { value } } } };
    };
    const commit = async (event: NewEvent) => {
      const events = [goalSubmitted('run-1', 'goal'), event];
      const result = await under.store.commit(commitOf(scope, { stream, expected: 0, events }));
      if (!result.ok) throw new Error(JSON.stringify(result));
      return result.events;
    };

    it.each(VALUES)('%s', async (_name, value) => {
      const committed = await commit(saying('value', value));
      under = await under.reopen();
      const page = await under.store.read({ scope, stream, after: 0, limit: 10 });
      // JSON has one zero.
      expect(page.events).toEqual(Object.is(value, -0) ? JSON.parse(JSON.stringify(committed)) : committed);
      const feed = await under.store.read({ scope, stream: null, after: 0, limit: 10 });
      expect(feed.events).toEqual(page.events);
      const [, stored] = page.events;
      const expected = Object.is(value, -0) ? 0 : value;
      expect(stored?.type === 'step.completed' && stored.data.note.data['value']).toEqual(expected);
    });

    it('an object whatever the order of its keys, and knows the commit again', async () => {
      const first = await commit(saying('value', { b: 1, a: { d: 2, c: 3 } }));
      const again = await under.store.commit(
        commitOf(scope, {
          stream,
          expected: 0,
          events: [goalSubmitted('run-1', 'goal'), saying('value', { a: { c: 3, d: 2 }, b: 1 })],
        }),
      );
      expect(again).toEqual({ ok: true, events: first });
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'nothing of %s, which is no JSON: it is refused',
      async (value) => {
        const append = {
          stream,
          expected: 0,
          events: [goalSubmitted('run-1', 'goal'), saying('value', value)],
        };
        expect(await under.store.commit(commitOf(scope, append))).toMatchObject({
          ok: false,
          fault: { code: 'INVALID_INPUT' },
        });
        expect((await under.store.read({ scope, stream, after: 0, limit: 10 })).events).toEqual([]);
      },
    );
  });
}
