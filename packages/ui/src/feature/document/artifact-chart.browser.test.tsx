import type { ArtifactChart as Chart } from '@soma/schemas/event';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { show } from '../../testing/show.tsx';
import { ArtifactChart } from './artifact-chart.tsx';

const script = { folders: [], canvases: [], runs: [], contents: {} };
const HISTOGRAM: Chart = {
  kind: 'histogram',
  bars: [
    { label: '0 to 10', value: 4 },
    { label: '10 to 20', value: 0 },
    { label: '20 to 30', value: 8000 },
  ],
  axes: { label: 'price', value: 'Rows' },
  unit: null,
};
const CITIES: Chart = {
  kind: 'bars',
  bars: [
    { label: 'Oslo', value: 10 },
    { label: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', value: 5 },
  ],
  axes: { label: 'city', value: 'Sales' },
  unit: 'NOK',
};

const rows = () =>
  [...document.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent));
const bars = () => [...document.querySelectorAll<SVGRectElement>('rect[data-bar]')];

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

describe('the chart of an artifact', () => {
  it('stands a bar for each range, as high as its value, and names both ends', async () => {
    await show(<ArtifactChart chart={HISTOGRAM} />, script);
    await expect.element(page.getByText('0 to 10').first()).toBeVisible();
    const heights = bars().map((bar) => bar.height.baseVal.value);
    expect(heights[1]).toBe(0);
    expect(heights[0]).toBeCloseTo((heights[2] ?? 0) / 2000, 5);
    const feet = bars().map((bar) => Math.round(bar.y.baseVal.value + bar.height.baseVal.value));
    expect(new Set(feet).size).toBe(1);
    await expect.element(page.getByText('Rows, at most 8,000')).toBeVisible();
    await expect.element(page.getByText('price', { exact: true }).first()).toBeVisible();
  });

  it('lays a bar for each value, with its name and number, cut where there is no room', async () => {
    await show(<ArtifactChart chart={CITIES} />, script);
    const lengths = bars().map((bar) => bar.width.baseVal.value);
    expect(lengths[0]).toBeCloseTo((lengths[1] ?? 0) * 2, 5);
    const words = [...document.querySelectorAll('svg text')].map((word) => word.textContent);
    expect(words).toContain('Oslo');
    expect(words).toContain('10');
    expect(words[0]).toBe('Sales in NOK by city');
    expect(words.find((word) => word?.startsWith('Llan'))).toMatch(/^Llan.*…$/);
  });

  it('says every value as a table to whoever does not see it', async () => {
    await show(<ArtifactChart chart={CITIES} />, script);
    const table = page.getByRole('table', { name: 'Chart of Sales in NOK by city, 2 bars' });
    await expect.element(table).toBeInTheDocument();
    expect(rows()).toEqual(CITIES.bars.map(({ label, value }) => [label, String(value)]));
    await expect.element(page.getByRole('columnheader', { name: 'Sales in NOK' })).toBeInTheDocument();
  });

  it('draws nothing where all is nought, and sixty bars within the same room', async () => {
    const none = { ...HISTOGRAM, bars: HISTOGRAM.bars.map(({ label }) => ({ label, value: 0 })) };
    await show(<ArtifactChart chart={none} />, script);
    expect(bars().map((bar) => bar.height.baseVal.value)).toEqual([0, 0, 0]);
    const sixty = Array.from({ length: 60 }, (_, place) => ({ label: `v${place}`, value: place }));
    await show(<ArtifactChart chart={{ ...CITIES, bars: sixty }} />, script);
    const drawn = bars()
      .filter((bar) => bar.dataset.bar !== undefined)
      .slice(3);
    expect(drawn).toHaveLength(60);
    expect(
      Math.max(...drawn.map((bar) => bar.y.baseVal.value + bar.height.baseVal.value)),
    ).toBeLessThanOrEqual(188);
    const middles = [...document.querySelectorAll('g > text[text-anchor="end"]')].map((word) =>
      Number(word.getAttribute('y')),
    );
    const gaps = middles.slice(1).map((middle, place) => middle - (middles[place] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12);
  });

  it.each(['light', 'dark', 'contrast'])('stands out from the card in the %s theme', async (theme) => {
    document.documentElement.dataset.theme = theme;
    await show(
      <div className="bg-card">
        <ArtifactChart chart={HISTOGRAM} />
      </div>,
      script,
    );
    const card = document.querySelector('.bg-card');
    const word = document.querySelector('svg text');
    const [bar] = bars();
    if (card === null || word === null || bar === undefined)
      throw new Error('the chart is expected on the page');
    const ground = luminance(getComputedStyle(card).backgroundColor);
    expect(contrast(ground, luminance(getComputedStyle(bar).fill))).toBeGreaterThanOrEqual(3);
    expect(contrast(ground, luminance(getComputedStyle(word).fill))).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2: of an sRGB colour as the browser computes it. */
function luminance(colour: string): number {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  if (canvas === null) throw new Error('the browser is expected to draw');
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
