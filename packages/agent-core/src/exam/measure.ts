import type { ExamResult } from '@soma/schemas/contract';
import type { TurnDelta } from '@soma/schemas/delta';
import type { TurnAnswer } from '@soma/schemas/turn';
import type { Clock } from '../port/index.ts';

/** What was measured of one answer; null is what could not be. Times are milliseconds since it was asked for. */
interface Measured {
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Tokens that were counted and seen to come. */
  readonly tokens: number | null;
}

/** Watches one answer as it comes. */
export function stopwatch(clock: Clock): {
  readonly onDelta: (delta: TurnDelta) => void;
  readonly measured: (answer: TurnAnswer) => Measured;
} {
  const began = clock.monotonicMs();
  let firstMs: number | null = null;
  let lastMs: number | null = null;
  let sawReasoning = false;
  return {
    onDelta: ({ type }) => {
      lastMs = clock.monotonicMs() - began;
      firstMs ??= lastMs;
      sawReasoning ||= type === 'reasoning';
    },
    measured: ({ usage: { output, reasoning } }) => {
      // Tokens that were counted and never shown came in a time that nobody saw.
      const isHidden = !sawReasoning && reasoning !== null && reasoning > 0;
      return { firstMs, lastMs, tokens: isHidden ? null : output };
    },
  };
}

/** Figures over all answers. Nothing stands in them that was not measured. */
export function figuresOf(all: readonly Measured[]): Pick<ExamResult, 'firstTokenMs' | 'tokensPerSecond'> {
  const firsts = all.flatMap(({ firstMs }) => firstMs ?? []).toSorted((one, other) => one - other);
  let tokens = 0;
  let ms = 0;
  for (const { firstMs, lastMs, tokens: counted } of all) {
    // One piece has no pace.
    if (firstMs === null || lastMs === null || counted === null || counted < 2 || lastMs <= firstMs) continue;
    tokens += counted - 1;
    ms += lastMs - firstMs;
  }
  const first = firsts[Math.floor((firsts.length - 1) / 2)];
  return {
    firstTokenMs: first === undefined ? null : rounded(first),
    tokensPerSecond: ms === 0 ? null : rounded((tokens * 1000) / ms),
  };
}

/** What all turns took together; null as soon as one does not say. */
export function usageOf(answers: readonly TurnAnswer[]): ExamResult['usage'] {
  const sum = (name: 'input' | 'output' | 'dollars') =>
    answers.reduce<number | null>(
      (total, { usage }) => (total === null || usage[name] === null ? null : total + usage[name]),
      answers.length === 0 ? null : 0,
    );
  return { input: sum('input'), output: sum('output'), dollars: sum('dollars') };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
