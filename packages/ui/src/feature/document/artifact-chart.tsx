import type { ArtifactChart as Chart } from '@soma/schemas/event';
import { useId } from 'react';
import { useText } from '../../client/index.ts';

/** Units of the drawing: as wide as the card that holds it, as high as its room there. */
const SIZE = {
  width: 440,
  height: 188,
  head: 20,
  foot: 30,
  gap: 2,
  label: 132,
  number: 62,
  letter: 6.2,
} as const;

export interface ArtifactChartProps {
  readonly chart: Chart;
}

/** The chart of an artifact: lying bars for things that stand apart, standing ones for ranges; and the same values as a table for whoever listens. */
export function ArtifactChart({ chart }: ArtifactChartProps) {
  const text = useText();
  const id = useId();
  const { axes, bars, unit } = chart;
  const value = unit === null ? axes.value : text('app.document.chartUnit', { value: axes.value, unit });
  const name = text('app.document.chart', { label: axes.label, value, bars: bars.length });
  return (
    <figure className="m-0" aria-labelledby={id}>
      <svg
        viewBox={`0 0 ${SIZE.width} ${heightOf(chart)}`}
        className="block w-full max-w-[560px] overflow-visible"
        aria-hidden="true"
      >
        {chart.kind === 'bars' ? (
          <LyingBars chart={chart} value={value} />
        ) : (
          <StandingBars chart={chart} value={value} />
        )}
      </svg>
      <table className="sr-only">
        <caption id={id}>{name}</caption>
        <thead>
          <tr>
            <th scope="col">{axes.label}</th>
            <th scope="col">{value}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two bars may have one label; their place tells them apart.
            <tr key={place}>
              <th scope="row">{bar.label}</th>
              <td>{text('app.document.chartValue', { value: bar.value })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** The height of one lying bar with its gap, where there is room. */
const ROW = 22;
const BAR = 'fill-accent forced-colors:fill-[Highlight]';
const WORD = 'fill-ink-2 text-[11px] forced-colors:fill-[CanvasText]';

/** A few lying bars need less room. */
function heightOf({ kind, bars }: Chart): number {
  return kind === 'bars' ? Math.min(SIZE.height, SIZE.head + bars.length * ROW) : SIZE.height;
}

interface BarsProps extends ArtifactChartProps {
  /** What is counted or measured, with its unit. */
  readonly value: string;
}

function LyingBars({ chart: { bars, axes }, value: measure }: BarsProps) {
  const text = useText();
  const step = Math.min((SIZE.height - SIZE.head) / bars.length, ROW);
  const room = SIZE.width - SIZE.label - SIZE.number;
  const most = mostOf(bars);
  // Where rows are lower than a letter only every few are named; the table names all.
  const every = Math.ceil(13 / step);
  const drawn = bars.map(({ label, value }, place) => {
    const length = (room * value) / most;
    const top = SIZE.head + place * step;
    const middle = top + step / 2 + 4;
    const named = place % every === 0;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: two bars may have one label; their place tells them apart.
      <g key={place}>
        <title>{label}</title>
        {named && (
          <text x={SIZE.label - 8} y={middle} textAnchor="end" className={WORD}>
            {shortened(label, SIZE.label - 8)}
          </text>
        )}
        <rect
          {...{ x: SIZE.label, y: top + SIZE.gap / 2 }}
          {...{ width: length, height: Math.max(step - SIZE.gap, 1), rx: 2 }}
          className={BAR}
          data-bar={value}
        />
        {named && (
          <text x={SIZE.label + length + 6} y={middle} className={WORD}>
            {text('app.document.chartValue', { value })}
          </text>
        )}
      </g>
    );
  });
  return (
    <>
      <text x={0} y={11} className={WORD}>
        {shortened(text('app.document.chartBy', { value: measure, label: axes.label }), SIZE.width)}
      </text>
      {drawn}
    </>
  );
}

function StandingBars({ chart: { bars, axes }, value }: BarsProps) {
  const text = useText();
  const step = SIZE.width / bars.length;
  const [top, ground] = [SIZE.head + 2, SIZE.height - SIZE.foot];
  const most = mostOf(bars);
  const [first, last] = [bars[0], bars.length > 1 ? bars.at(-1) : undefined];
  const half = SIZE.width / 2 - 6;
  return (
    <>
      <text x={0} y={11} className={WORD}>
        {shortened(text('app.document.chartMost', { value, most }), SIZE.width)}
      </text>
      {bars.map((bar, place) => {
        const height = ((ground - top) * bar.value) / most;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: two bars may have one label; their place tells them apart.
            key={place}
            {...{ x: place * step + SIZE.gap / 2, y: ground - height }}
            {...{ width: Math.max(step - SIZE.gap, 1), height, rx: 1 }}
            className={BAR}
            data-bar={bar.value}
          >
            <title>{`${bar.label}: ${text('app.document.chartValue', { value: bar.value })}`}</title>
          </rect>
        );
      })}
      <line
        {...{ x1: 0, x2: SIZE.width, y1: ground + 0.5, y2: ground + 0.5 }}
        className="stroke-line-ctl forced-colors:stroke-[CanvasText]"
      />
      <text x={0} y={ground + 14} className={WORD}>
        {shortened(first?.label ?? '', half)}
      </text>
      <text x={SIZE.width} y={ground + 14} textAnchor="end" className={WORD}>
        {shortened(last?.label ?? '', half)}
      </text>
      <text x={SIZE.width / 2} y={ground + 27} textAnchor="middle" className={WORD}>
        {shortened(axes.label, SIZE.width)}
      </text>
    </>
  );
}

/** The tallest bar fills the room; where all are nought, none is drawn. */
function mostOf(bars: Chart['bars']): number {
  return Math.max(...bars.map(({ value }) => value)) || 1;
}

/** As much of a text as has room, by the width of an average letter. */
function shortened(label: string, room: number): string {
  const letters = Array.from(label);
  const most = Math.floor(room / SIZE.letter);
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join('')}…`;
}
