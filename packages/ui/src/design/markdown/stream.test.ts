import fc from 'fast-check';
import type { Token } from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { parse } from './parser.ts';
import { type Block, GROUP, markdownStream } from './stream.ts';

/** What a token says, whatever line it stands in. */
const said = ({ map: _map, children, ...token }: Token): object => ({
  ...token,
  children: children?.map(said) ?? null,
});
const whole = (text: string) => parse(text, {}).tokens.map(said);
const flat = (groups: readonly (readonly Block[])[]) => groups.flat();
const streamed = (groups: readonly (readonly Block[])[]) =>
  flat(groups).flatMap(({ tokens }) => tokens.map(said));

/** Pieces that open, close, interrupt and continue blocks, so that most texts made of them mean something different a letter later. */
const PIECES = [
  ...[
    'a',
    'foo',
    ' ',
    '  ',
    '    ',
    '\t',
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\\',
    '\u0000',
    'é',
    '\ud83d\ude00',
    '\ufeff',
  ],
  ...[
    '#',
    '# ',
    '## x\n',
    '===\n',
    '---\n',
    '-',
    '- ',
    '* ',
    '+ ',
    '1. ',
    '2) ',
    '- [ ] ',
    '- [x] ',
    '***\n',
    '> ',
    '>',
  ],
  ...[
    '```',
    '```ts\n',
    '~~~\n',
    '````',
    '`',
    '`a.ts:3`',
    '*',
    '**',
    '_',
    '__',
    '~~',
    '<b>',
    '</b>',
    '<!--',
    '&amp;',
  ],
  ...['|', 'a | b\n', '|-|-|\n', '--|--\n', ':-: | -\n', '| x | y |\n', 'a|b', '-|-'],
  ...[
    '[a]',
    '[a]: /u\n',
    '[a]: http://x.y\n',
    '[b]: <http://z>\n',
    '"title',
    '"title"\n',
    "'t",
    "t'\n",
    '(t)',
    '[a][b]',
    '![a]',
  ],
  ...['[a]: http://w\n"', "> [b]: http://w\n'", '- [a]: http://v\n', '"\n'],
  ...[
    '[',
    ']',
    ':',
    '(',
    ')',
    '(http://x.y)',
    'http://x.y/z',
    'src/q.js:12',
    '[A]:',
    '\n[a]:\n',
    '[foo\nbar]',
    '[foo bar]: http://v\n',
  ],
];
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** The text cut at the given shares of its length. */
function cutting(from: string, shares: readonly number[]): readonly string[] {
  const ends = shares.map((share) => Math.floor(share * from.length)).sort((one, other) => one - other);
  return [...ends.map((end) => from.slice(0, end)), from];
}

const NAMED = {
  'a fence that is never closed': 'Text\n\n```ts\nconst a = `\n\n# no heading\n',
  'a fence in a list': '- one\n  ```\n  code\n\n  more\n  ```\n- two\n\nend\n\n',
  'a table right under a paragraph': 'Words\na | b\n--|--\n1 | 2\n\nWords\n# x\n\n',
  'a list that becomes loose': '1. one\n2. two\n\n   more of two\n\n3. three\n\nend\nof it\n',
  'emphasis half open over lines': '**bold and *more\nof it* still** not\n\n**never closed\n\nnext\n',
  CRLF: '# Head\r\n\r\n- a\r\n- b\r\n\r\n| x |\r\n|---|\r\n| 1 |\r\n\r\nend\r\n',
  'a definition after what refers to it':
    'See [the guide] and [x][1].\n\n> [1]\n\nmore\n\n[The  Guide]: http://g\n[1]: http://one\n',
  'a definition that is taken back': '[a]\n\nmiddle\n\n# x\n\n[a]: http://a\nand so on\n\n',
  'a title over many lines, one of which looks like a heading':
    '[a]\n\n[a]: http://a\n"title\n===\nmore\nand more\nend"\n\n[a]\n\n\n',
  'a title that never ends': '[a]\n\n[a]: http://a\n"title\n===\nmore\nand more\nend\n\n[a]\n\n\n',
  'a setext heading': 'Head\nover two\n---\nText\n===\nend\n',
};

describe('a text that streams', () => {
  it.each(Object.entries(NAMED))('is what it is when parsed whole at every letter: %s', (_, source) => {
    const stream = markdownStream();
    for (let end = 0; end <= source.length; end += 1) {
      const part = source.slice(0, end);
      expect(streamed(stream.read(part))).toEqual(whole(part));
    }
  });

  it('has its closed blocks, and groups of them, as the same objects for as long as it grows', () => {
    const paragraphs = Array.from({ length: 3 * GROUP }, (_, index) => `Paragraph ${index} of [many].\n\n`);
    const stream = markdownStream();
    const before = stream.read(paragraphs.join(''));
    const after = stream.read(`${paragraphs.join('')}And one more.`);
    expect(flat(after)).toHaveLength(3 * GROUP + 1);
    const kept = flat(before).filter((block, index) => flat(after)[index] === block);
    expect(kept.length).toBeGreaterThanOrEqual(3 * GROUP - 2);
    expect(after.slice(0, 2).map((group, index) => group === before[index])).toEqual([true, true]);
    const linked = stream.read(`${paragraphs.join('')}And one more.\n\n[many]: http://many\n`);
    expect(flat(linked)[0]).not.toBe(flat(before)[0]);
  });

  it('is at every moment what the text so far is when it is parsed whole, however it is cut', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(text, shares, (source, cuts) => {
        const stream = markdownStream();
        for (const part of cutting(source, cuts)) expect(streamed(stream.read(part))).toEqual(whole(part));
      }),
      { numRuns: 3000 },
    );
  });

  it('is the same where it comes letter by letter', () => {
    fc.assert(
      fc.property(text, (source) => {
        const stream = markdownStream();
        for (let end = 1; end <= source.length; end += 1) stream.read(source.slice(0, end));
        expect(streamed(stream.read(source))).toEqual(whole(source));
      }),
      { numRuns: 1000 },
    );
  });

  it('depends on nothing that was read before', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (sources) => {
        const stream = markdownStream();
        for (const source of sources) expect(streamed(stream.read(source))).toEqual(whole(source));
      }),
      { numRuns: 500 },
    );
  });
});
