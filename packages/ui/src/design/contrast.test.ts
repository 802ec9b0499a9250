import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import pairs from './contrast-pairs.json' with { type: 'json' };

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The hex colours that a theme's block gives, by name. */
function coloursOf(theme: string): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(`[data-theme='${theme}'] {`));
  const body = block.slice(0, block.indexOf('\n}'));
  return new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(front: string, back: string): number {
  const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const isEdge = (name: string): boolean => name.endsWith('-solid') || name === 'line-ctl' || name === 'accent';

describe.each(Object.entries(pairs))('colours of the %s theme', (theme, expected) => {
  const colours = coloursOf(theme);

  it.each(Object.entries(expected))('%s keeps its measured contrast of %d', (pair, measured) => {
    const [front = '', back = ''] = pair.split(' / ');
    const found = ratio(colours.get(front) ?? '', colours.get(back) ?? '');
    expect(Math.floor(found * 100) / 100).toBeCloseTo(measured, 2);
    expect(found).toBeGreaterThanOrEqual(isEdge(front) ? 3 : 4.5);
  });

  it('names every colour that the light theme names', () => {
    expect([...colours.keys()]).toEqual([...coloursOf('light').keys()]);
  });
});
