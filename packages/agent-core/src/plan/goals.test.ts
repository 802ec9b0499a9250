import { describe, expect, it } from 'vitest';
import {
  blindGoals,
  goalsOf,
  judgeBlind,
  judgeGoals,
  matchByWords,
  packagedNames,
} from '../testing/judge-goals.ts';

describe.each(['tune', 'held-out'] as const)('goals of the set %s, by words alone', (set) => {
  it('are sixty and more that a plan fits, and twenty and more that none does', () => {
    const goals = goalsOf(set);
    expect(goals.filter(({ plan }) => plan !== null).length).toBeGreaterThanOrEqual(60);
    expect(goals.filter(({ plan }) => plan === null).length).toBeGreaterThanOrEqual(20);
    expect(new Set(goals.map(({ goal }) => goal)).size).toBe(goals.length);
    const names = [...packagedNames, null];
    for (const { plan } of goals) expect(names).toContain(plan);
  });

  it('hardly ever follow a wrong plan, and then one that only reads', async () => {
    const judged = await judgeGoals(goalsOf(set), matchByWords);
    expect(judged.unfitting.wrong).toBeLessThanOrEqual(3);
    expect(judged.misled.filter((goal) => !goal.endsWith('-> find-in-folder'))).toEqual([]);
    expect(judged.fitting.wrong).toBeLessThanOrEqual(6);
    expect(judged.fitting.right).toBeGreaterThanOrEqual(8);
  });
});

it('no goal is in two sets', () => {
  const tuned = new Set(goalsOf('tune').map(({ goal }) => goal.toLowerCase()));
  const others = [...goalsOf('held-out'), ...blindGoals()];
  expect(others.filter(({ goal }) => tuned.has(goal.toLowerCase()))).toEqual([]);
});

describe('goals of the blind set, by words alone', () => {
  it('hardly ever follow a wrong plan, and rather come to a question', async () => {
    const { fitting, unfitting } = await judgeBlind(blindGoals(), matchByWords);
    expect(fitting.wrong + unfitting.wrong).toBeLessThanOrEqual(fitting.asked + unfitting.asked);
  });
});
