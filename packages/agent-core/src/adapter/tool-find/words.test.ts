import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedIn, asksNumber, stemOf, wordsOf } from './words.ts';

const formsOf = (text: string) => wordsOf(text).map(({ form }) => form);

describe('the words of a text', () => {
  it.each([
    ['parseHTTPHeader', ['parse', 'http', 'header', 'parsehttpheader']],
    ['get_user-name', ['get', 'user', 'name', 'getusername']],
    ['os.path.join(a)', ['os', 'path', 'join', 'ospathjoin', 'a']],
    ['utf8 is UTF-8', ['utf', '8', 'utf8', 'is', 'utf', '8', 'utf8']],
    ['Größe äußerst', ['grosse', 'ausserst']],
    ['éa e\u0301a', ['ea', 'ea']],
    ['日本語 слово', ['日本語', 'слово']],
  ])('of %j are its parts and the whole, with case and accents folded', (text, forms) => {
    expect(formsOf(text)).toEqual(forms);
  });

  it.each([
    ['validate validation validator validated validating validates', 'valid'],
    ['parse parser parsed parsing parses', 'par'],
    ['directory directories', 'direct'],
    ['Sicherung Sicherungen', 'sich'],
    ['string strings', 'string'],
    ['run running runs', 'run'],
  ])('%j have one stem', (text, stem) => {
    expect([...new Set(wordsOf(text).map((word) => word.stem))]).toEqual([stem]);
  });

  it('have stems that are stems already, and never empty ones', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { stem } of wordsOf(text)) {
          expect(stem).not.toBe('');
          expect(stemOf(stem)).toBe(stem);
        }
      }),
    );
  });

  it('are letters and digits only, so that no text is ever read as a search expression', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { stem } of wordsOf(text)) expect(stem).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });
});

describe('the words of a question', () => {
  it('leave out what only asks, in two languages', () => {
    expect(askedIn('where is it and how does this work?').map(({ form }) => form)).toEqual(['work']);
    expect(askedIn('Wo ist das und wie wird es so?')).toEqual([]);
  });

  it('weigh what is asked about more than what is done to it', () => {
    const weights = Object.fromEntries(
      askedIn('where is the cookie signed in this file').map(({ form, weight }) => [form, weight]),
    );
    expect(weights.cookie).toBeGreaterThan(weights.signed ?? 0);
    expect(weights.signed).toBeGreaterThan(weights.file ?? 0);
  });

  it('ask for a compound name as one, and for two words in a row as the name they may be', () => {
    expect(askedIn('getUserName').map(({ form, parts }) => [form, parts.length])).toEqual([
      ['getusername', 3],
    ]);
    const joined = (question: string) =>
      askedIn(question).flatMap((word) => (word.joined ? [word.form] : []));
    expect(joined('the stack version of the tree')).toEqual(['stackversion']);
    expect(joined('the file name')).toEqual([]);
  });

  it('that asks how many, or for a default or a limit, is answered by a number', () => {
    expect(askedIn('how many levels are there').map(({ form }) => form)).toEqual(['number', 'levels']);
    expect(askedIn('Wie lange dauert das Warten')[0]?.alike).toContain('timeout');
    for (const question of ['how long does it wait', 'wie oft wird gesucht', 'the default port'])
      expect(asksNumber(question)).toBe(true);
    for (const question of ['how is it done', 'where are many things kept', ''])
      expect(asksNumber(question)).toBe(false);
  });

  it('are bounded in number', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `word${index}x`).join(' ');
    expect(askedIn(many).length).toBeLessThanOrEqual(41);
  });
});
