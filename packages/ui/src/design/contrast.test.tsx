import { describe, expect, it } from 'vitest';
import pairs from './contrast-pairs.json';
import './style.css';

const root = document.documentElement;

/** The colour that the theme shown now gives a name. */
function colour(name: string): string {
  return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const long = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(long.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of a pair ("text / card"), rounded down to two decimals. */
function contrast(pair: string): number {
  const [light = 0, dark = 0] = pair
    .split(' / ')
    .map((name) => luminance(colour(name)))
    .sort((one, other) => other - one);
  return Math.floor(((light + 0.05) / (dark + 0.05)) * 100 + 1e-9) / 100;
}

/** Icons, edges and fills need 3, everything that is read needs 4.5. */
const needed = (pair: string): number => (/^(\w+-solid|line-ctl|accent) \//.test(pair) ? 3 : 4.5);

describe.each(Object.entries(pairs))('colours of the %s theme', (theme, measured) => {
  it('keep their measured contrasts', () => {
    root.dataset.theme = theme;
    const found = Object.fromEntries(Object.keys(measured).map((pair) => [pair, contrast(pair)]));
    expect(found).toEqual(measured);
  });

  it('can be read on everything they stand on, and edges and icons can be seen', () => {
    root.dataset.theme = theme;
    expect(Object.keys(measured).filter((pair) => contrast(pair) < needed(pair))).toEqual([]);
  });
});
