import type { PlanMatch } from '@soma/schemas/contract';
import { type Fault, fault, type Slots } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import type { Planner, ReadPlan } from '../engine/index.ts';
import {
  buildArtifact,
  buildClaims,
  evaluateArguments,
  isNeeded,
  loadPlan,
  matchPlans,
} from '../plan/index.ts';
import type { Hasher, ToolDescription } from '../port/index.ts';

export interface HostPlanner extends Planner {
  /** Plans by how well they fit the text, best first; with no text, in the order of their names. */
  match(goal: string): PlanMatch[];
  /** What the text itself says of a plan's slots. */
  filled(goal: string, plan: string): Slots;
  /** What a plan file holds, or everything that is wrong with it. */
  check(source: string): { readonly plan: string | null; readonly faults: readonly Fault[] };
}

export interface PlannerParts {
  readonly tools: ReadonlyMap<string, ToolDescription>;
  readonly hasher: Hasher;
  /** Plan files, each whole. They are read when one is first asked for; that throws when one of them is not a plan. */
  readonly sources: readonly string[];
}

interface Packaged {
  readonly plan: PackagedPlan;
  readonly source: string;
}

/** Plans as data, found by name or by what was typed. */
export function createPlanner({ tools, hasher, sources }: PlannerParts): HostPlanner {
  let read: readonly Packaged[] | null = null;
  // Reading them takes longer than anything else at a start, and nobody waits for them before there is a window.
  const packaged = () => (read ??= sources.map(readPackaged));
  const plansOf = () => packaged().map(({ plan }) => plan);

  function readPackaged(source: string): Packaged {
    const loaded = loadPlan(source, tools);
    if (!loaded.ok) throw new Error(`a packaged plan cannot be used: ${JSON.stringify(loaded.fault)}`);
    return { plan: loaded.plan, source };
  }

  function named(name: string | undefined): ReadPlan {
    const found = packaged().find(({ plan }) => plan.name === name);
    if (found === undefined)
      return {
        ok: false,
        fault: fault('PLAN_UNKNOWN', { plan: name ?? '', known: plansOf().map((plan) => plan.name) }),
      };
    return { ok: true, ...found, hash: hasher.sha256(found.source) };
  }

  let last: { readonly goal: string; readonly matches: ReturnType<typeof matched> } | null = null;

  /** The goal that is started is the one that was matched last, while it was typed. */
  function matchesOf(goal: string) {
    if (last?.goal !== goal) last = { goal, matches: matched(goal) };
    return last.matches;
  }

  function matched(goal: string) {
    return matchPlans(goal, plansOf());
  }

  function filled(goal: string, plan: string): Slots {
    return matchesOf(goal).find((match) => match.plan.name === plan)?.filled ?? {};
  }

  function choose(goal: string, requested: string | null): ReadPlan {
    if (requested !== null) return named(requested);
    const matches = matchesOf(goal);
    const best = matches.find(({ fits }) => fits);
    if (best !== undefined) return named(best.plan.name);
    const near = matches.flatMap((match) => (match.near ? [match.plan.name] : []));
    const known = plansOf().map((plan) => plan.name);
    return {
      ok: false,
      fault: near.length > 0 ? fault('PLAN_AMBIGUOUS', { near }) : fault('PLAN_NOT_MATCHED', { known }),
    };
  }

  return {
    choose: async ({ goal, requested, slots }) => {
      const chosen = choose(goal, requested);
      const problem = chosen.ok
        ? slotProblem(chosen.plan, { ...filled(goal, chosen.plan.name), ...slots })
        : null;
      return problem === null ? chosen : { ok: false, fault: problem };
    },
    read: async (source) => {
      const loaded = loadPlan(source, tools);
      return loaded.ok ? { ok: true, plan: loaded.plan, source, hash: hasher.sha256(source) } : loaded;
    },
    needed: isNeeded,
    arguments: evaluateArguments,
    claims: buildClaims,
    artifact: buildArtifact,
    check: (source) => {
      const loaded = loadPlan(source, tools);
      return loaded.ok ? { plan: loaded.plan.name, faults: [] } : { plan: null, faults: loaded.faults };
    },
    match: (goal) =>
      matchesOf(goal).map(({ plan: { name, title, description, slots }, ...match }) => ({
        ...{ name, title, description, slots, ...match },
        needsModel: false,
      })),
    filled,
  };
}

function slotProblem(plan: PackagedPlan, slots: Slots): Fault | null {
  const known = plan.slots.map(({ name }) => name);
  const unknown = Object.keys(slots).find((name) => !known.includes(name));
  if (unknown !== undefined) return fault('SLOT_UNKNOWN', { plan: plan.name, slot: unknown, known });
  const missing = plan.slots.find(({ name, required }) => required && (slots[name] ?? '') === '');
  return missing === undefined ? null : fault('SLOT_MISSING', { plan: plan.name, slot: missing.name });
}
