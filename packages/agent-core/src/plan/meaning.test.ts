import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exemplarsOf, likeness, matchPlans, type Ranked, withMeaning } from './index.ts';

const plan = (name: string, ...examples: string[]) => ({ name, title: name, description: name, examples });
const look = plan('look', 'look at this', 'search for {thing...}');
const count = plan('count', 'count the rows', 'how many rows');
const paint = plan('paint', 'paint the wall');
const plans = [look, count, paint];

type Plan = typeof look;
const told = (goal: string, alike: Record<string, number>) =>
  withMeaning<Plan>(matchPlans(goal, plans), new Map(Object.entries(alike)));
const near = (ranked: readonly Ranked<Plan>[]) =>
  ranked.filter((match) => match.near).map((match) => match.plan.name);
const fitting = (ranked: readonly Ranked<Plan>[]) => ranked.find(({ fits }) => fits) ?? null;

describe('a goal taken by its meaning', () => {
  it('follows the plan it is clearly like, and says that meaning chose it', () => {
    const ranked = told('tally all entries', { count: 0.7, look: 0.2, paint: 0.1 });
    expect(fitting(ranked)).toMatchObject({ plan: { name: 'count' }, by: 'meaning' });
    expect(ranked[0]?.plan.name).toBe('count');
  });

  it('asks between the first two when they are near each other, or when neither is near enough to follow', () => {
    const close = told('tally all entries', { count: 0.7, look: 0.65, paint: 0.1 });
    expect([fitting(close), near(close)]).toEqual([null, ['count', 'look']]);
    const faint = told('tally all entries', { count: 0.45, look: 0.1, paint: 0 });
    expect([fitting(faint), near(faint)]).toEqual([null, ['count', 'look']]);
    expect(faint.slice(0, 2).map(({ by }) => by)).toEqual(['meaning', 'meaning']);
  });

  it('guesses at nothing when no plan is like it', () => {
    const ranked = told('tally all entries', { count: 0.3, look: 0.2, paint: 0.1 });
    expect([fitting(ranked), near(ranked)]).toEqual([null, []]);
  });

  it('stays with the plan whose words and slots it fits', () => {
    const ranked = told('search for rows', { count: 0.6, look: 0.4, paint: 0 });
    expect(fitting(ranked)).toMatchObject({ plan: { name: 'look' }, filled: { thing: 'rows' }, by: 'words' });
  });

  it('asks when its words fit one plan and it means another far more', () => {
    const ranked = told('search for how much there is', { count: 0.6, look: 0.1, paint: 0 });
    expect([fitting(ranked), near(ranked)]).toEqual([null, ['look', 'count']]);
    expect(ranked.map(({ by }) => by)).toEqual(['words', 'meaning', 'words']);
    const exact = told('count the rows', { count: 0.1, look: 0.9, paint: 0 });
    expect(fitting(exact)?.plan.name).toBe('count');
  });

  it('does not follow what its words leave in doubt, however like it is', () => {
    const guess = plan('guess', 'who is {what...?}');
    const ranked = withMeaning(matchPlans('who is there', [guess, paint]), new Map([['guess', 0.9]]));
    expect(ranked[0]).toMatchObject({ plan: { name: 'guess' }, near: true, fits: false });
    const sure = withMeaning(matchPlans('somebody', [guess, paint]), new Map([['guess', 0.9]]));
    expect(fitting(sure)?.plan.name).toBe('guess');
  });

  it('never follows two plans, follows only the first, and keeps every plan once', () => {
    const likenesses = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(likenesses, fc.constantFrom('tally', 'count rows', 'search for rows'), (values, goal) => {
        const alike = new Map(plans.map(({ name }, index) => [name, values[index] ?? 0]));
        const ranked = withMeaning(matchPlans(goal, plans), alike);
        expect(ranked.map((match) => match.plan.name).sort()).toEqual(['count', 'look', 'paint']);
        for (const [index, match] of ranked.entries()) {
          expect(match.score).toBeGreaterThanOrEqual(0);
          expect(match.score).toBeLessThanOrEqual(1);
          if (match.fits) expect([index, match.near]).toEqual([0, true]);
        }
      }),
    );
  });
});

describe('how like a goal is to a plan', () => {
  it('is the mean of its five nearest examples', () => {
    const at = (...values: number[]) => Float32Array.from(values);
    const goal = at(1, 0);
    const half = at(0.5, Math.sqrt(0.75));
    expect(likeness(goal, [at(0, 1), goal, goal, half, at(0, 1), goal, goal])).toBeCloseTo(0.9);
    expect(likeness(goal, [half])).toBeCloseTo(0.5);
    expect(likeness(goal, [])).toBe(0);
  });

  it('rests on examples as plain words, each once', () => {
    expect(exemplarsOf(plan('p', 'sort {file/}', 'sort', 'sort {what...}'))).toEqual(['sort']);
  });
});
