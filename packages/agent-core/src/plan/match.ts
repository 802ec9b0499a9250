import type { Slots } from '@soma/schemas/event';
import { templateOf, withoutManners, withoutSlots } from './template.ts';

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
  /** What the goal itself says of the plan's slots. */
  readonly filled: Slots;
  /** Worth choosing from. */
  readonly near: boolean;
  /** Followed without asking; where two are near, none is. */
  readonly fits: boolean;
  /** `meaning` where not its words but only what it means makes it near, or chooses it. */
  readonly by: 'words' | 'meaning';
}

/** How much it tells against a plan when a goal has words none of its examples knows: "delete this folder" is not "explain this folder". */
const STRANGE = 1.5;

/** A goal this far from every plan is not guessed at. */
const NEAR_ENOUGH = 0.5;
/** Two plans nearer to each other than this are a person's to choose from. */
const APART = 0.06;
/** What sums of scores may be off by. */
const ROUNDING = 1e-9;
/** A template with fewer words than this says too little to be compared word by word. */
const COMPARED = 3;

/** The score of a goal that fits a template with one word besides its slots; each further word adds to it. */
const FITS = 0.85;
const A_WORD = 0.03;

/** What an example counts that asks where the goal tells what to do, or the other way about. */
const OTHER_MOOD = 0.7;
/** How a question begins. */
const ASKING =
  /^\W*(?:what|where|who|whom|whose|which|why|how|when|is|are|was|were|do|does|did|has|have|was|wo|wer|wie|wann|warum|welche[mnrs]?)\b/i;

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
 * Plans by how well they fit, best first. A goal that fits one of a plan's templates fits it well, and fills its slots. Otherwise the
 * words of the goal and of the plan's nearest example are compared (Sorensen-Dice over word stems); words that the plan does not know
 * tell against it. Alone it is a suggestion a person sees, never authority.
 */
export function matchPlans<Plan extends Described>(
  goal: string,
  plans: readonly Plan[],
): readonly Ranked<Plan>[] {
  const said = [...new Set([goal, withoutManners(goal)])].map((text) => ({
    words: wordsOf(text),
    asking: ASKING.test(text),
  }));
  const ranked = plans.map((plan) => {
    const compared = plan.examples.filter((example) => (templateOf(example)?.words ?? COMPARED) >= COMPARED);
    const texts = [plan.title, plan.name.replaceAll('-', ' '), ...compared.map(withoutSlots)];
    const known = texts.map((text) => ({ words: wordsOf(text), asking: ASKING.test(text) }));
    const score = Math.max(...said.map((one) => likeness(one, known)));
    const template = bestTemplate(goal, plan.examples);
    return template !== null && template.score > score ? { plan, ...template } : { plan, score, filled: {} };
  });
  ranked.sort((a, b) => b.score - a.score || a.plan.name.localeCompare(b.plan.name));
  const [first, second] = ranked;
  const isAhead = (first?.score ?? 0) - (second?.score ?? 0) >= APART - ROUNDING;
  return ranked.map((match, index) => {
    const near = match.score >= NEAR_ENOUGH;
    return { ...match, near, fits: near && index === 0 && isAhead, by: 'words' };
  });
}

interface Said {
  readonly words: ReadonlySet<string>;
  readonly asking: boolean;
}

function likeness({ words, asking }: Said, known: readonly Said[]): number {
  const all = new Set(known.flatMap((one) => [...one.words]));
  const familiar = [...words].filter((word) => all.has(word)).length / Math.max(1, words.size);
  const likes = known.map((one) => agreement(words, one.words) * (one.asking === asking ? 1 : OTHER_MOOD));
  return Math.max(...likes) * familiar ** STRANGE;
}

/** The template with the most words that the goal fits. */
function bestTemplate(goal: string, examples: readonly string[]): { score: number; filled: Slots } | null {
  let best: { score: number; filled: Slots } | null = null;
  for (const example of examples) {
    const template = templateOf(example);
    const filled = template?.fit(goal) ?? null;
    if (template === null || filled === null) continue;
    const score = Math.min(1, FITS + A_WORD * (template.words - 1));
    if (best === null || score > best.score) best = { score, filled };
  }
  return best;
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
