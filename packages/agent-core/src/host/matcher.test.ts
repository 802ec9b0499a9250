import { PackagedPlan } from '@soma/schemas/plan';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packagedPlanSources } from '../plan/index.ts';
import { createMatcher } from './matcher.ts';
import type { Meaning } from './meaning.ts';
import type { Shelved } from './shelf.ts';

const shelved = packagedPlanSources.map((source): Shelved => {
  return { plan: PackagedPlan.parse(parse(source)), source, hash: source, own: false };
});

/** A matcher that is told `alike`, and every goal it asked about. */
function aMatcher(alike: () => ReadonlyMap<string, number> | null) {
  const asked: string[] = [];
  const shelf = { plans: (): readonly Shelved[] => shelved };
  const meaning: Meaning = async (goal) => {
    asked.push(goal);
    return alike();
  };
  return { asked, matcher: createMatcher(shelf, meaning) };
}

const fitting = (matches: Awaited<ReturnType<ReturnType<typeof createMatcher>['match']>>) =>
  matches.find(({ fits }) => fits)?.plan.name ?? null;

describe('a matcher', () => {
  it('matches the same goal once more only while no model has told', async () => {
    let alike: ReadonlyMap<string, number> | null = null;
    const { asked, matcher } = aMatcher(() => alike);
    const goal = 'tell me about the numbers';
    expect(fitting(await matcher.match(goal))).toBeNull();
    alike = new Map([['summarise-table', 0.8]]);
    expect(fitting(await matcher.match(goal))).toBe('summarise-table');
    expect(fitting(await matcher.match(goal))).toBe('summarise-table');
    expect(asked).toEqual([goal, goal]);
  });

  it('fills slots by words alone, and asks no model about nothing or about an example of a plan', async () => {
    const { asked, matcher } = aMatcher(() => new Map());
    const [best] = matcher.byWords('rename fastq to createQueue');
    expect(best?.filled).toEqual({ from: 'fastq', to: 'createQueue' });
    await matcher.match('  ');
    expect(fitting(await matcher.match('Explain this folder!'))).toBe('explain-folder');
    expect(asked).toEqual([]);
  });
});
