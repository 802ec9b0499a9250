import { availableParallelism } from 'node:os';
import { expect } from 'vitest';
import type { Failpoint } from '../failpoint/index.ts';
import { seeded } from './random.ts';

export interface RandomKills {
  readonly names: readonly Failpoint[];
  /** Kills to be played. */
  readonly cases: number;
  readonly seed: number;
  /** More passings than a case has of any of the names. */
  readonly mostHits: number;
  /** Answers false when the case was over before that many hits. */
  readonly play: (name: Failpoint, hit: number) => Promise<boolean>;
}

/** Kills at places a seed chooses until so many were killed; the first three that do not hold end it. */
export async function killAtRandom({ names, cases, seed, mostHits, play }: RandomKills): Promise<void> {
  const random = seeded(seed);
  const failures: string[] = [];
  /** The first passing of each that a case does not come to, as far as is known. */
  const ends = new Map<Failpoint, number>();
  let kills = 0;
  const lane = async () => {
    while (kills < cases && failures.length < 3) {
      const name = names[random.below(names.length)];
      if (name === undefined) throw new Error('there is nothing to kill at');
      const end = ends.get(name) ?? mostHits;
      const hit = 1 + random.below(Math.max(1, end - 1));
      try {
        if (await play(name, hit)) kills += 1;
        else ends.set(name, Math.min(hit, ends.get(name) ?? hit));
      } catch (error) {
        failures.push(`${name}:${hit}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  process.stdout.write(`kills at random: ${kills} of ${cases}\n`);
  expect(failures).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(cases);
}
