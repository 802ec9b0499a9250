import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Opened, rank } from './rank.ts';
import { askedIn, asksNumber } from './words.ts';

const weighed = (question: string) =>
  askedIn(question).map((word) => ({ ...word, worth: word.weight, passages: 1, term: `"${word.stem}"` }));

function passage(path: string, lines: readonly string[]): Opened {
  return { path, from: 1, to: lines.length, lines };
}

const ranking = (question: string, candidates: readonly Opened[]) =>
  rank({ words: weighed(question), candidates, limit: 3, asksNumber: asksNumber(question) });
const first = (question: string, ...candidates: Opened[]) => ranking(question, candidates)[0];

describe('the rank of lines', () => {
  it('is higher where the words stand together than where they stand apart', () => {
    const apart = passage('a.txt', ['red', ...Array.from({ length: 12 }, () => 'x'), 'lighthouse']);
    const together = passage('b.txt', ['red', 'lighthouse']);
    expect(first('the red lighthouse', apart, together)).toMatchObject({ path: 'b.txt' });
  });

  it('prefers the line that names to a line that only uses', () => {
    const used = passage('a.js', ['x();', 'drainQueue();']);
    const named = passage('b.js', ['function drainQueue() {', '}']);
    expect(first('where is the queue drained', used, named)).toEqual(
      expect.objectContaining({ path: 'b.js', line: 1 }),
    );
  });

  it('counts what the definition around a line and its path are called', () => {
    const inside = passage('retry.py', ['def wait(attempt):', '    x = 1', '    return 2 ** attempt']);
    const outside = passage('other.py', ['def other():', '    x = 1', '    return 2 ** attempt']);
    expect(first('how long does retry wait before an attempt', outside, inside)?.path).toBe('retry.py');
  });

  it('prefers a name that says what is asked and nothing else, even close to another', () => {
    const options = passage('options.md', [
      '- `queueNameSize`: how large the name may be',
      '- `queueSize`: how large it may be',
    ]);
    expect(first('the size of the queue', options)?.line).toBe(2);
    const both = ranking('the size of the queue and its name', [options]);
    expect(both.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('prefers the line with a number where one is asked for', () => {
    const text = passage('a.txt', [
      'the lighthouse has steps',
      ...Array(12).fill('x'),
      'the lighthouse has 199 steps',
    ]);
    expect(first('where are the steps of the lighthouse', text)?.line).toBe(1);
    expect(first('how many steps has the lighthouse', text)?.line).toBe(14);
  });

  it('looks for the rest of a question in the file that it names', () => {
    const named = passage('net/packet_reader.c', [
      'x',
      ...Array(12).fill('x'),
      'if (sum != expected) fail();',
    ]);
    const other = passage('net/other.c', ['PacketReader reader(packet);', 'x']);
    expect(first('where does the packet reader check the expected sum', other, named)?.path).toBe(named.path);
  });

  it('finds what a long question is about though most of its words stand nowhere', () => {
    const text = passage('a.txt', ['Withdrawn printed editions of the library need a permit.']);
    const long =
      'which permit do withdrawn editions of the library need when printed abroad or bound elsewhere';
    const words = weighed(long).filter(({ joined }) => !joined);
    const share =
      words.filter(({ form }) => text.lines[0]?.toLowerCase().includes(form)).length / words.length;
    const [best] = rank({ words, candidates: [text], limit: 1, asksNumber: false });
    expect(best?.score).toBeGreaterThan(share);
  });

  it('takes copies of a file for one', () => {
    const lines = ['/* a lighthouse */', 'int lighthouse;', 'x'];
    const copies = ['a/light.h', 'b/light.h'].map((path) => passage(path, lines));
    const another = passage('c/light.h', ['int other; /* lighthouse */']);
    const ranked = ranking('lighthouse', [...copies, another]);
    expect(ranked.map(({ path }) => path)).toEqual(['a/light.h', 'c/light.h']);
  });

  it('is between 0 and 1, of lines that are there, and never two of one place', () => {
    const line = fc.constantFrom(
      'red lighthouse',
      'a red thing',
      '',
      'lighthouse() {',
      '# Red',
      'x'.repeat(3000),
    );
    const file = fc.array(line, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 4 }), fc.string(), (files, more) => {
        const candidates = files.map((lines, index) => passage(`f${index}`, lines));
        const ranked = ranking(`red lighthouse ${more}`, [...candidates, ...candidates]);
        const places = ranked.map(({ path, line: at }) => `${path}:${at}`);
        expect(new Set(places).size).toBe(places.length);
        for (const { path, line: at, score } of ranked) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          const quote = files[Number(path.slice(1))]?.[at - 1];
          expect(quote?.trim()).not.toBe('');
          expect(quote?.length).toBeLessThanOrEqual(2000);
        }
      }),
    );
  });
});
