import type { Slots } from '@soma/schemas/event';
import { templateOf, unaccented, withoutManners, withoutSlots } from './template.ts';

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
  /** Its words leave open whether it is meant at all: it may be asked about, and is not followed, whatever it means. */
  readonly doubtful: boolean;
  /** `meaning` where not its words but only what it means makes it near, or chooses it. */
  readonly by: 'words' | 'meaning';
}

/** How much it tells against a plan when a goal has words none of its examples knows: "delete this folder" is not "explain this folder". */
const STRANGE = 1.5;

/** A goal this far from every plan is not guessed at. */
const NEAR_ENOUGH = 0.5;
/** Where none is followed, a plan this near is asked about. */
const ASKED_FROM = 0.35;
/** Two plans nearer to each other than this are a person's to choose from. */
const APART = 0.06;
/** What sums of scores may be off by. */
const ROUNDING = 1e-9;
/** A word shorter than this is not put right: too many words are a slip away from it. */
const SLIPPED = 5;
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
const EMPTY = new Set(
  [
    'a an and are at do does for from how i in is it me my of on please the to what',
    'der die das den dem des ein eine einen mir mich bitte und ist zu im',
    'le la les un une des du de et ce cette est moi en',
    'el los las una unos y es mi esta este por',
    'o os as um uma e meu minha do da em no na',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Plans by how well they fit, best first. A goal that fits one of a plan's templates fits it well, and fills its slots. Otherwise the
 * words of the goal and of the plan's nearest example are compared (Sorensen-Dice over word stems); words that the plan does not know
 * tell against it. A goal that is near no plan is tried with its first word put right. Alone it is a suggestion a person sees, never
 * authority.
 */
export function matchPlans<Plan extends Described>(
  goal: string,
  plans: readonly Plan[],
): readonly Ranked<Plan>[] {
  const ranked = rankedBy(goal, plans);
  if (ranked.some(({ near }) => near)) return ranked;
  const meant = withoutSlip(withoutManners(goal), plans);
  return meant === null ? ranked : rankedBy(meant, plans);
}

function rankedBy<Plan extends Described>(goal: string, plans: readonly Plan[]): readonly Ranked<Plan>[] {
  const said = [...new Set([goal, withoutManners(goal)])].map(saidBy);
  const matches = plans.map((plan) => {
    const score = Math.max(...said.map((one) => likeness(one, knownTo(plan))));
    const template = bestTemplate(goal, plan.examples);
    const byWords = { plan, score, filled: {}, isSure: true, isLoose: false };
    return template !== null && template.score > score ? { plan, ...template } : byWords;
  });
  matches.sort((a, b) => b.score - a.score || a.plan.name.localeCompare(b.plan.name));
  const [first, second] = matches;
  const ahead = (first?.score ?? 0) - (second?.score ?? 0);
  // "find {anything}" fits whatever begins so: where the words are another plan's too, a person says which is meant.
  const isRival = first?.isLoose === true && (second?.score ?? 0) >= NEAR_ENOUGH;
  const isNear = (first?.score ?? 0) >= NEAR_ENOUGH;
  const isClear = first?.isSure === true && isNear && !isRival && ahead >= APART - ROUNDING;
  return matches.map(({ plan, score, filled, isSure }, index) => {
    const near = score >= (isClear ? NEAR_ENOUGH : ASKED_FROM);
    return { plan, score, filled, near, fits: index === 0 && isClear, doubtful: !isSure, by: 'words' };
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

interface Fit {
  readonly score: number;
  readonly filled: Slots;
  readonly isSure: boolean;
  readonly isLoose: boolean;
}

/** The template with the most words that the goal fits; one that leaves a doubt only where no other fits. */
function bestTemplate(goal: string, examples: readonly string[]): Fit | null {
  let best: Fit | null = null;
  for (const example of examples) {
    const template = templateOf(example);
    const filled = template?.fit(goal) ?? null;
    if (template === null || filled === null) continue;
    const isSure = !template.isDoubtful(filled);
    const score = isSure ? Math.min(1, FITS + A_WORD * (template.words - 1)) : NEAR_ENOUGH;
    const isLoose = template.words < COMPARED && example.endsWith('...}');
    if (best === null || score > best.score) best = { score, filled, isSure, isLoose };
  }
  return best;
}

function agreement(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const both = [...a].filter((word) => b.has(word)).length;
  return (2 * both) / (a.size + b.size);
}

function saidBy(text: string): Said {
  return { words: wordsOf(text), asking: ASKING.test(text) };
}

const known = new WeakMap<readonly string[], readonly Said[]>();

/** What a plan is called and its examples, as far as they are compared word by word. */
function knownTo({ title, name, examples }: Described): readonly Said[] {
  const before = known.get(examples);
  if (before !== undefined) return before;
  const compared = examples.filter((example) => (templateOf(example)?.words ?? COMPARED) >= COMPARED);
  const said = [title, name.replaceAll('-', ' '), ...compared.map(withoutSlots)].map(saidBy);
  known.set(examples, said);
  return said;
}

/** The goal with its first word put right: one that no example begins with, a slip away from a single one that some do. */
function withoutSlip(goal: string, plans: readonly Described[]): string | null {
  const typed = unaccented(/^\p{L}+/u.exec(goal)?.[0] ?? '').toLowerCase();
  if (typed.length < SLIPPED) return null;
  const first = new Set(plans.flatMap(({ examples }) => examples.flatMap(firstWords)));
  if (first.has(typed)) return null;
  const meant = [...first].filter((word) => word.length >= SLIPPED && isSlip(typed, word));
  const [word] = meant;
  return word === undefined || meant.length > 1 ? null : word + goal.slice(typed.length);
}

function firstWords(example: string): readonly string[] {
  return unaccented(example.split(' ')[0] ?? '')
    .toLowerCase()
    .split('|')
    .filter((word) => /^\p{L}+$/u.test(word));
}

/** Whether one is the other with a letter too many, too few, wrong, or two beside each other the other way about. */
function isSlip(typed: string, word: string): boolean {
  let at = 0;
  while (at < typed.length && typed[at] === word[at]) at += 1;
  const rest = typed.slice(at);
  const other = word.slice(at);
  return (
    rest.slice(1) === other.slice(1) ||
    rest.slice(1) === other ||
    rest === other.slice(1) ||
    ((rest[1] ?? '') + (rest[0] ?? '') === other.slice(0, 2) && rest.slice(2) === other.slice(2))
  );
}

function wordsOf(text: string): ReadonlySet<string> {
  const words = unaccented(text.toLowerCase()).match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !EMPTY.has(word));
  return new Set((telling.length > 0 ? telling : words).map(stem));
}

/** Folds the commonest English endings together, so that "explains folders" is "explain folder". */
function stem(word: string): string {
  return word.replace(/(?<=\w{3})(?:ing|ed|es|s)$/u, '');
}
