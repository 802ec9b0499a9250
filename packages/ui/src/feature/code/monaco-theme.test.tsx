import { describe, expect, it } from 'vitest';
import { whole } from './monaco-theme.ts';

describe('a colour for the editor', () => {
  it('has six digits, however short the built style sheet wrote it', () => {
    expect(whole('#fff')).toBe('#ffffff');
    expect(whole('#1eF')).toBe('#11eeFF');
    expect(whole('#1e59cd')).toBe('#1e59cd');
  });
});
