/** What a plan says of itself, as far as matching needs it. */
export interface Described {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly examples: readonly string[];
}

export interface Ranked<Plan extends Described> {
  readonly plan: Plan;
  /** 0: no word in common; 1: the goal is one of the plan's own examples. */
  readonly score: number;
}

/** How much it tells against a plan when a goal has words none of its examples knows: "delete this folder" is not "explain this folder". */
const STRANGE = 1.5;

/** Words that say nothing about what is wanted. */
const EMPTY = new Set([
  'a',
  'an',
  'and',
  'are',
  'at',
  'do',
  'does',
  'for',
  'from',
  'how',
  'i',
  'in',
  'is',
  'it',
  'me',
  'my',
  'of',
  'on',
  'please',
  'the',
  'to',
  'what',
]);

/**
 * Plans by how many words of the goal and of the plan's nearest example agree (Sorensen-Dice over word stems), best first; words that the plan
 * does not know tell against it. Alone it is a
 * suggestion a person sees, never authority.
 */
export function matchPlans<Plan extends Described>(
  goal: string,
  plans: readonly Plan[],
): readonly Ranked<Plan>[] {
  const wanted = wordsOf(goal);
  const ranked = plans.map((plan) => {
    const texts = [plan.title, plan.name.replaceAll('-', ' '), ...plan.examples];
    const known = new Set(texts.flatMap((text) => [...wordsOf(text)]));
    const familiar = [...wanted].filter((word) => known.has(word)).length / Math.max(1, wanted.size);
    const nearest = Math.max(...texts.map((text) => agreement(wanted, wordsOf(text))));
    return { plan, score: nearest * familiar ** STRANGE };
  });
  return ranked.sort((a, b) => b.score - a.score || a.plan.name.localeCompare(b.plan.name));
}

function agreement(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const both = [...a].filter((word) => b.has(word)).length;
  return (2 * both) / (a.size + b.size);
}

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !EMPTY.has(word));
  return new Set((telling.length > 0 ? telling : words).map(stem));
}

/** Folds the commonest English endings together, so that "explains folders" is "explain folder". */
function stem(word: string): string {
  return word.replace(/(?<=\w{3})(?:ing|ed|es|s)$/u, '');
}
