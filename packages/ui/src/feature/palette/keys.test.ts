import { describe, expect, it } from 'vitest';
import { capsOf, isChord } from './keys.ts';

const press = (
  key: string,
  more: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> & { code?: string } = {},
) =>
  ({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  }) as KeyboardEvent;

describe('a chord', () => {
  it('is met by its keys, no more and no less', () => {
    expect(isChord(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true);
    expect(isChord(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(isChord(press('k', { metaKey: true }), 'Mod+K', false)).toBe(false);
    expect(isChord(press('K', { ctrlKey: true, shiftKey: true }), 'Mod+K', false)).toBe(false);
    expect(isChord(press('k'), 'Mod+K', false)).toBe(false);
    expect(isChord(press('P', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+P', false)).toBe(true);
  });

  it('follows the letter that is typed, and the place of the key where letters are of another script', () => {
    expect(isChord(press('a', { code: 'KeyQ' }), 'A', false)).toBe(true);
    expect(isChord(press('a', { code: 'KeyQ' }), 'Q', false)).toBe(false);
    expect(isChord(press('ф', { code: 'KeyA' }), 'A', false)).toBe(true);
  });

  it('takes a digit by its key whatever Shift makes of it, and a sign with or without Shift', () => {
    expect(isChord(press('!', { code: 'Digit1', shiftKey: true }), 'Shift+1', false)).toBe(true);
    expect(isChord(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(isChord(press('?'), '?', false)).toBe(true);
    expect(isChord(press('+', { ctrlKey: true, shiftKey: true }), 'Mod++', false)).toBe(true);
    expect(isChord(press('Escape'), 'Escape', false)).toBe(true);
    expect(isChord(press('Escape', { shiftKey: true }), 'Escape', false)).toBe(false);
  });

  it('stands on its caps in the order of pressing, named as on the machine', () => {
    expect(capsOf('Mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(capsOf('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z']);
    expect(capsOf('Mod++', false)).toEqual(['Ctrl', '+']);
  });
});
