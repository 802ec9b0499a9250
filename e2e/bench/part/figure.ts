import { cpus, loadavg } from 'node:os';

/** Figures of one series of measurements. All in the unit measured. */
export interface Figure {
  readonly median: number;
  readonly p95: number;
  readonly n: number;
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: rounded(at(0.5)), p95: rounded(at(0.95)), n: values.length };
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What a bench ran on, and how much ran beside it: the load of the last 1, 5 and 15 minutes at its end. */
export function machine() {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model ?? 'unknown',
    node: process.versions.node,
    load: loadavg(),
  };
}
