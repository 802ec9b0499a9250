import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, placeOfCode, placeOfLink } from './place.ts';

const named = (text: string) => piecesOf(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece]));

describe('a place in a file, named in words', () => {
  it('is a path with an ending and a line', () => {
    expect(named('See src/queue.js:12, ./lib/a-b.test.ts:3-9 (and .env.local:1); größe/für.md:7:2.')).toEqual(
      [
        { path: 'src/queue.js', line: 12, words: 'src/queue.js:12' },
        { path: 'lib/a-b.test.ts', line: 3, words: './lib/a-b.test.ts:3-9' },
        { path: '.env.local', line: 1, words: '.env.local:1' },
        { path: 'größe/für.md', line: 7, words: 'größe/für.md:7:2' },
      ],
    );
  });

  it.each([
    'at 12:30',
    'example.com:443',
    'http://host/a.js:12',
    '/etc/passwd.txt:1',
    'C:\\a.js:3',
    'a.js:0',
    'a.js:12px',
    'a.js:',
    'localhost:80',
    'version 1.2:3',
    'me@host.org:22',
  ])('is not read into “%s”', (text) => {
    expect(named(text)).toEqual([]);
  });

  it('leaves the text as it is when its pieces are put together', () => {
    const bits = fc.constantFrom('a', '.', '/', ':', '1', '0', ' ', '-', 'js', '\n', 'é', '\\', '@', '#');
    const texts = fc.array(bits, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const pieces = piecesOf(text).map((piece) => (typeof piece === 'string' ? piece : piece.words));
        expect(pieces.join('')).toBe(text);
        expect(pieces.length === 1 || pieces.every((piece) => piece !== '')).toBe(true);
      }),
    );
  });
});

describe('a place in a file, as code or as a link', () => {
  it('needs no ending as code inside a folder', () => {
    expect(placeOfCode('docker/Makefile:3')).toEqual({ path: 'docker/Makefile', line: 3 });
    expect(placeOfCode('queue.js:3')).toEqual({ path: 'queue.js', line: 3 });
    for (const code of ['flag:3', '16:9', 'a b.js:3', '/etc/passwd:1', 'queue.js'])
      expect(placeOfCode(code)).toBe(null);
  });

  it('is where a link leads inside the folder', () => {
    expect(placeOfLink('src/queue.js#L12')).toEqual({ path: 'src/queue.js', line: 12 });
    expect(placeOfLink('gr%C3%B6%C3%9Fe.md:7')).toEqual({ path: 'größe.md', line: 7 });
    for (const address of [
      'src/queue.js',
      'http://x.y/q.js#L12',
      'javascript:alert(1)',
      'data:a.b:1',
      '%.js:1',
    ])
      expect(placeOfLink(address)).toBe(null);
  });
});
