import type { PackagedPlan } from '@soma/schemas/plan';
import { matchPlans, type Ranked, withMeaning } from '../plan/index.ts';
import type { Meaning } from './meaning.ts';
import type { Shelf, Shelved } from './shelf.ts';

type Candidate = PackagedPlan & Pick<Shelved, 'own'>;
export type Matches = readonly Ranked<Candidate>[];

/** Plans by how well they fit a goal, best first. */
export interface Matcher {
  /** By the goal's words alone: this is what fills slots. */
  byWords(goal: string): Matches;
  /** By words and, where a model can tell in time, by meaning. */
  match(goal: string): Promise<Matches>;
}

interface Matched {
  readonly goal: string;
  readonly plans: readonly Shelved[];
  readonly byWords: Matches;
  /** Null while no model has told. */
  readonly whole: Matches | null;
}

/** The goal that is started is the one that was matched last, while it was typed: then nothing is matched again, unless plans changed. */
export function createMatcher(shelf: Pick<Shelf, 'plans'>, meaning: Meaning | null): Matcher {
  let last: Matched | null = null;
  function known(goal: string): Matched {
    const plans = shelf.plans();
    if (last?.goal === goal && last.plans === plans) return last;
    const candidates = plans.map(({ plan, own }) => ({ ...plan, own }));
    last = { goal, plans, byWords: matchPlans(goal, candidates), whole: null };
    return last;
  }
  return {
    byWords: (goal) => known(goal).byWords,
    match: async (goal) => {
      const matched = known(goal);
      if (matched.whole !== null) return matched.whole;
      if (meaning === null || goal.trim() === '') return matched.byWords;
      // One of a plan's own examples needs no second opinion.
      if (matched.byWords[0]?.score === 1) return matched.byWords;
      const candidates = matched.byWords.map(({ plan }) => plan);
      const alike = await meaning(goal, candidates);
      if (alike === null) return matched.byWords;
      const whole = withMeaning(matched.byWords, alike);
      if (last === matched) last = { ...matched, whole };
      return whole;
    },
  };
}
