import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  blindGoals,
  goalsOf,
  judgeBlind,
  judgeGoals,
  matchByMeaning,
  matchByWords,
} from '../testing/judge-goals.ts';
import { openRealModel, type RealModel, testScope } from '../testing/real-model.ts';

// The real MiniLM, fetched as the product fetches it when it is not kept yet: these tests fail where that cannot be done.

let model: Extract<RealModel, { ok: true }>;
beforeAll(async () => {
  const opened = await openRealModel();
  if (!opened.ok) throw new Error(`no model: ${opened.code}`);
  model = opened;
});
afterAll(() => model.close());

describe.each(['tune', 'held-out'] as const)('goals of the set %s, by what they mean', (set) => {
  it('come to their plan more often than by words, or to a question, and hardly ever to a wrong one', async () => {
    const goals = goalsOf(set);
    const byWords = await judgeGoals(goals, matchByWords);
    const { fitting, unfitting } = await judgeGoals(goals, await matchByMeaning(model.provider));
    expect(fitting.right).toBeGreaterThan(byWords.fitting.right);
    expect(fitting.right + fitting.asked).toBeGreaterThanOrEqual(
      0.7 * goals.filter(({ plan }) => plan).length,
    );
    expect(fitting.wrong).toBeLessThanOrEqual(byWords.fitting.wrong);
    expect(unfitting.wrong).toBeLessThanOrEqual(byWords.unfitting.wrong + 1);
  });
});

it('goals of the blind set come to their plan or to a question, and to a wrong plan less often than to a question', async () => {
  const { fitting, unfitting } = await judgeBlind(blindGoals(), await matchByMeaning(model.provider));
  expect(fitting.wrong + unfitting.wrong).toBeLessThan(fitting.asked + unfitting.asked);
  expect(fitting.right + fitting.asked).toBeGreaterThanOrEqual(42);
});

it('a vector has length 1, and is nearer to what means the same than to what shares a word', async () => {
  const texts = ['How do I get my money back?', 'refund policy', 'How do I get to the station?'];
  const { signal } = new AbortController();
  const [asked, same, other] = await model.provider.embed({ scope: testScope, texts, signal });
  if (asked === undefined || same === undefined || other === undefined)
    throw new Error('a vector is missing');
  const cosine = (vector: Float32Array) =>
    asked.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0);
  expect(cosine(asked)).toBeCloseTo(1, 4);
  expect(cosine(same)).toBeGreaterThan(cosine(other));
});
