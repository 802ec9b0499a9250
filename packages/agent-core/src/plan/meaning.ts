import type { Described, Ranked } from './match.ts';
import { isLoose, withoutSlots } from './template.ts';

/** A goal is as like a plan as it is, on average, to this many of the plan's nearest examples: one alone misleads. */
const NEAREST = 5;
/** What the score of the words adds to how like goal and plan are. */
const WORDS = 0.5;
/** Followed without asking from here on, when the next one is this far behind; set on `goals/tune.json`. */
const FITS = 0.65;
const APART = 0.1;
/** A goal less near than this to every plan is not guessed at; asked about are those that are hardly behind the first. */
const NEAR_ENOUGH = 0.4;
const BEHIND = 0.2;
/** What fits a plan by its words is asked about when another is this like it, and so much more than that one. */
const AGAINST = { like: 0.5, ahead: 0.25 };

/** The texts whose vectors stand for a plan: its examples as plain words, each once; not those that only name words to look for. */
export function exemplarsOf({ examples }: Described): readonly string[] {
  return [...new Set(examples.filter((example) => !isLoose(example)).map(withoutSlots))];
}

/** How like a goal is to a plan, -1 to 1: the mean of its cosines with the plan's nearest exemplars. All vectors have length 1. */
export function likeness(goal: Float32Array, exemplars: readonly Float32Array[]): number {
  const nearest = exemplars
    .map((exemplar) => cosine(goal, exemplar))
    .sort((a, b) => b - a)
    .slice(0, NEAREST);
  return nearest.reduce((sum, one) => sum + one, 0) / Math.max(1, nearest.length);
}

/**
 * What the words found, and how like the goal is to each plan (by the plan's name), taken together. What fits by its words stays
 * the choice, unless meaning tells strongly of another plan: then both are asked about. Otherwise meaning chooses, or asks between the
 * first two and those hardly behind; it never chooses what fits its words doubtfully.
 */
export function withMeaning<Plan extends Described>(
  byWords: readonly Ranked<Plan>[],
  alike: ReadonlyMap<string, number>,
): readonly Ranked<Plan>[] {
  const likenessOf = ({ plan }: Ranked<Plan>) => alike.get(plan.name) ?? 0;
  const said = byWords.find(({ fits }) => fits);
  if (said !== undefined) {
    const against = byWords.find(
      (other) => likenessOf(other) >= AGAINST.like && likenessOf(other) - likenessOf(said) >= AGAINST.ahead,
    );
    return against === undefined || said.score === 1 ? byWords : askedBetween(byWords, said, against);
  }
  const ranked = byWords
    .map((match) => ({ ...match, score: Math.max(0, Math.min(1, likenessOf(match) + WORDS * match.score)) }))
    .sort((a, b) => b.score - a.score || a.plan.name.localeCompare(b.plan.name));
  const [first, second] = ranked.map(({ score }) => score);
  const top = first ?? 0;
  const isClear = ranked[0]?.doubtful === false && top >= FITS && top - (second ?? 0) >= APART;
  return ranked.map((match, index) => {
    const isHardlyBehind = match.score >= NEAR_ENOUGH && match.score >= top - BEHIND;
    const isRunnerUp = index === 1 && top >= NEAR_ENOUGH && !isClear;
    const near = match.near || isHardlyBehind || isRunnerUp;
    const by = near && !match.near ? 'meaning' : 'words';
    return { ...match, near, fits: isClear && index === 0, by };
  });
}

function askedBetween<Plan extends Described>(
  byWords: readonly Ranked<Plan>[],
  said: Ranked<Plan>,
  against: Ranked<Plan>,
): readonly Ranked<Plan>[] {
  const asked = [said, { ...against, near: true, by: against.near ? against.by : 'meaning' } as const];
  const others = byWords.filter((match) => match !== said && match !== against);
  return [...asked, ...others].map((match) => ({ ...match, fits: false }));
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [index, value] of a.entries()) sum += value * (b[index] ?? 0);
  return sum;
}
