import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replySoFar } from './reply.ts';

describe('a reply that is still coming in', () => {
  it('is its own beginning wherever it is cut off, and whole once it is all there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (reply, cut) => {
        const text = JSON.stringify({ reply, lines: [], tasks: [] });
        expect(replySoFar(text)).toBe(reply);
        expect(reply.startsWith(replySoFar(text.slice(0, cut % (text.length + 1))))).toBe(true);
      }),
    );
  });

  it('has the line breaks that a model writes as they are, and nothing of what stands around it', () => {
    expect(replySoFar('Here:\n```json\n{ "reply" : "a\nb", "lines": [')).toBe('a\nb');
    expect(replySoFar('{"tasks": []')).toBe('');
    expect(replySoFar('')).toBe('');
  });
});
