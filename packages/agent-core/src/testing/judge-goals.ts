import { readFileSync } from 'node:fs';
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

/** `tune`: thresholds were set on these. `held-out`: nothing ever was. */
export function goalsOf(set: 'tune' | 'held-out'): readonly KeyedGoal[] {
  const text = readFileSync(new URL(`../plan/goals/${set}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as KeyedGoal[];
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
