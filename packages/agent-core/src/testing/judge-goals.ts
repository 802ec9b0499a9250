import { readFileSync } from 'node:fs';
import type { Slots } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
import { parse } from 'yaml';
import {
  exemplarsOf,
  likeness,
  matchPlans,
  packagedPlanSources,
  type Ranked,
  withMeaning,
} from '../plan/index.ts';
import type { ModelProvider } from '../port/index.ts';
import { testScope } from './real-model.ts';

/** A goal and the packaged plan it asks for; null when none of them does that. Written before anything was tuned on them. */
export interface KeyedGoal {
  readonly goal: string;
  readonly plan: string | null;
}

/** A goal of the blind set, which also says what its slots are: `question` has to hold the words, the others are exactly that. */
export interface BlindGoal extends KeyedGoal {
  readonly lang: string;
  readonly slots: Slots;
}

/** `tune`: thresholds were set on these. `held-out`: nothing ever was, but its totals were seen while plans were widened. */
export function goalsOf(set: 'tune' | 'held-out'): readonly KeyedGoal[] {
  return JSON.parse(textOf(set)) as KeyedGoal[];
}

/**
 * Goals written from the plans' names and descriptions alone, by someone who had read neither the matcher nor the plans' examples nor
 * the other sets, and committed before they were. What became of them is counted by plan and by language, never by sentence, so that
 * nothing can be tuned on one.
 */
export function blindGoals(): readonly BlindGoal[] {
  const { goals } = JSON.parse(textOf('blind')) as { goals: readonly (BlindGoal & { plan: string })[] };
  return goals.map((one) => ({ ...one, plan: one.plan === 'none' ? null : one.plan }));
}

function textOf(set: string): string {
  return readFileSync(new URL(`../plan/goals/${set}.json`, import.meta.url), 'utf8');
}

const packagedPlans = packagedPlanSources.map((source) => PackagedPlan.parse(parse(source)));

export const packagedNames = packagedPlans.map(({ name }) => name);

type Match = (goal: string) => Promise<readonly Ranked<PackagedPlan>[]>;

export const matchByWords: Match = async (goal) => matchPlans(goal, packagedPlans);

/** By words and meaning, however long the model takes. */
export async function matchByMeaning(model: ModelProvider): Promise<Match> {
  const embed = (texts: readonly string[]) =>
    model.embed({ scope: testScope, texts, signal: new AbortController().signal });
  const exemplars = new Map<string, readonly Float32Array[]>();
  for (const plan of packagedPlans) exemplars.set(plan.name, await embed(exemplarsOf(plan)));
  return async (goal) => {
    const [vector = new Float32Array()] = await embed([goal]);
    const alike = packagedPlans.map(
      ({ name }) => [name, likeness(vector, exemplars.get(name) ?? [])] as const,
    );
    return withMeaning(matchPlans(goal, packagedPlans), new Map(alike));
  };
}

/** What became of goals that ask for a plan, and of goals that none does, as counts; `misled` names goals that followed a wrong plan. */
export interface Judged {
  /** The plan was followed, another was, the person was asked among plans with or without it, or none was near. */
  readonly fitting: {
    readonly right: number;
    readonly wrong: number;
    readonly asked: number;
    readonly askedWithout: number;
    readonly none: number;
  };
  readonly unfitting: { readonly none: number; readonly asked: number; readonly wrong: number };
  readonly misled: readonly string[];
}

export async function judgeGoals(goals: readonly KeyedGoal[], match: Match): Promise<Judged> {
  const fitting = { right: 0, wrong: 0, asked: 0, askedWithout: 0, none: 0 };
  const unfitting = { none: 0, asked: 0, wrong: 0 };
  const misled: string[] = [];
  for (const { goal, plan } of goals) {
    const ranked = await match(goal);
    const followed = ranked.find(({ fits }) => fits)?.plan.name ?? null;
    const near = ranked.flatMap((one) => (one.near ? [one.plan.name] : []));
    if (followed !== null && followed !== plan) misled.push(`${goal} -> ${followed}`);
    if (plan === null) unfitting[followed !== null ? 'wrong' : near.length > 0 ? 'asked' : 'none'] += 1;
    else if (followed !== null) fitting[followed === plan ? 'right' : 'wrong'] += 1;
    else if (near.length > 0) fitting[near.includes(plan) ? 'asked' : 'askedWithout'] += 1;
    else fitting.none += 1;
  }
  return { fitting, unfitting, misled };
}

export interface JudgedBlind extends Omit<Judged, 'misled'> {
  /** Of the goals that came to their plan and say something of its slots: how many filled all of them as expected. */
  readonly slots: { readonly right: number; readonly of: number };
  /** Goals that followed a wrong plan, as "expected -> followed", and how often. */
  readonly misled: Readonly<Record<string, number>>;
  readonly byPlan: Readonly<Record<string, Judged['fitting']>>;
  readonly byLanguage: Readonly<Record<string, Pick<Judged, 'fitting' | 'unfitting'>>>;
}

export async function judgeBlind(goals: readonly BlindGoal[], match: Match): Promise<JudgedBlind> {
  const judged = async (of: readonly BlindGoal[]) => {
    const { fitting, unfitting } = await judgeGoals(of, match);
    return { fitting, unfitting };
  };
  const slots = { right: 0, of: 0 };
  const misled: Record<string, number> = {};
  for (const { goal, plan, slots: expected } of goals) {
    const followed = (await match(goal)).find(({ fits }) => fits);
    if (followed === undefined) continue;
    if (followed.plan.name !== plan) {
      const name = `${plan ?? 'none'} -> ${followed.plan.name}`;
      misled[name] = (misled[name] ?? 0) + 1;
    } else if (Object.keys(expected).length > 0) {
      slots.of += 1;
      if (Object.entries(expected).every(([name, value]) => isFilled(name, value, followed.filled)))
        slots.right += 1;
    }
  }
  const byPlan: Record<string, Judged['fitting']> = {};
  for (const name of packagedNames)
    byPlan[name] = (await judged(goals.filter(({ plan }) => plan === name))).fitting;
  const byLanguage: Record<string, Pick<Judged, 'fitting' | 'unfitting'>> = {};
  for (const lang of new Set(goals.map((one) => one.lang)))
    byLanguage[lang] = await judged(goals.filter((one) => one.lang === lang));
  return { ...(await judged(goals)), slots, misled, byPlan, byLanguage };
}

function isFilled(name: string, value: string, filled: Slots): boolean {
  const said = filled[name];
  return name === 'question' ? said?.toLowerCase().includes(value.toLowerCase()) === true : said === value;
}
