import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader } from './stream.ts';

interface Read {
  readonly values: unknown[];
  done: number;
  readonly reader: EventReader;
}

function read(bytes: Uint8Array, cuts: readonly number[] = []): Read {
  const found: unknown[] = [];
  const result = { values: found, done: 0 };
  const reader = new EventReader({
    onValue: (value) => found.push(value),
    onDone: () => {
      result.done += 1;
    },
  });
  let from = 0;
  for (const cut of [...cuts.toSorted((one, other) => one - other), bytes.length]) {
    reader.push(bytes.subarray(from, cut));
    from = cut;
  }
  reader.end();
  return { ...result, reader };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('events out of bytes', () => {
  it('are the same wherever the bytes are cut, with any line ending and comments between', () => {
    const event = fc.record({ text: fc.string({ unit: 'binary' }), lines: fc.constantFrom('\n', '\r\n') });
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1 }),
        fc.array(fc.nat()),
        fc.boolean(),
        (events, places, comment) => {
          const text = events.map(({ text: said, lines }) => {
            const before = comment ? `: wait${lines}` : '';
            return `${before}data: ${JSON.stringify({ said })}${lines}${lines}`;
          });
          const bytes = bytesOf(`${text.join('')}data: [DONE]\n\n`);
          const cuts = places.map((place) => place % (bytes.length + 1));
          const { values, done } = read(bytes, cuts);
          expect(values).toEqual(
            events.map(({ text: said }) => ({ said: JSON.parse(JSON.stringify(said)) })),
          );
          expect(done).toBe(1);
        },
      ),
    );
  });

  it('join the data of several lines, and count the last one also without its blank line', () => {
    expect(read(bytesOf('data: {"a":\ndata: 1}\n\ndata:{"b":2}')).values).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('leave out what is no data: names, numbers and times to try again', () => {
    expect(read(bytesOf('id: 7\nevent: message\nretry: 10\ndata: {"a":1}\n\n')).values).toEqual([{ a: 1 }]);
  });

  it('are undefined where they are no JSON', () => {
    expect(read(bytesOf('data: {"a":\n\n')).values).toEqual([undefined]);
  });
});

describe('an answer that is no stream of events', () => {
  it('is one value when it is JSON, and none when it is broken', () => {
    expect(read(bytesOf('\n {"a": 1}\n')).values).toEqual([{ a: 1 }]);
    expect(read(bytesOf('{"a": ')).values).toEqual([undefined]);
  });

  it('is known as a page, or as nothing that is known', () => {
    const page = read(bytesOf('\uFEFF <html></html>'));
    expect([page.values, page.reader.isPage, page.reader.isStrange]).toEqual([[], true, false]);
    const words = read(bytesOf('Service unavailable'));
    expect([words.values, words.reader.isPage, words.reader.isStrange]).toEqual([[], false, true]);
    const nothing = read(bytesOf('  \n'));
    expect([nothing.values, nothing.reader.isPage, nothing.reader.isStrange]).toEqual([[], false, false]);
  });

  it('says how much waits for the end of a line that does not come', () => {
    const reader = new EventReader({ onValue: () => undefined, onDone: () => undefined });
    reader.push(bytesOf(`data: ${'x'.repeat(10_000)}`));
    expect(reader.waiting).toBe(10_006);
  });
});
