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
  type Ranked,
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

/** The packaged plans, read when one is first asked for: that takes longer than anything else at a start, and no window waits for it. */
function createShelf({ tools, sources }: PlannerParts) {
  let read: readonly Packaged[] | null = null;
  let last: { readonly goal: string; readonly matches: readonly Ranked<PackagedPlan>[] } | null = null;
  const all = () => (read ??= sources.map(readPackaged));
  function readPackaged(source: string): Packaged {
    const loaded = loadPlan(source, tools);
    if (!loaded.ok) throw new Error(`a packaged plan cannot be used: ${JSON.stringify(loaded.fault)}`);
    return { plan: loaded.plan, source };
  }
  return {
    names: () => all().map(({ plan }) => plan.name),
    find: (name: string) => all().find(({ plan }) => plan.name === name),
    /** The goal that is started is the one that was matched last, while it was typed. */
    matches: (goal: string) => {
      if (last?.goal !== goal) {
        const plans = all().map(({ plan }) => plan);
        last = { goal, matches: matchPlans(goal, plans) };
      }
      return last.matches;
    },
  };
}

/** Plans as data, found by name or by what was typed. */
export function createPlanner(parts: PlannerParts): HostPlanner {
  const { tools, hasher } = parts;
  const shelf = createShelf(parts);

  function named(name: string): ReadPlan {
    const found = shelf.find(name);
    if (found === undefined)
      return { ok: false, fault: fault('PLAN_UNKNOWN', { plan: name, known: shelf.names() }) };
    return { ok: true, ...found, hash: hasher.sha256(found.source) };
  }

  function filled(goal: string, plan: string): Slots {
    return shelf.matches(goal).find((match) => match.plan.name === plan)?.filled ?? {};
  }

  function choose(goal: string, requested: string | null): ReadPlan {
    if (requested !== null) return named(requested);
    const matches = shelf.matches(goal);
    const best = matches.find(({ fits }) => fits);
    if (best !== undefined) return named(best.plan.name);
    const near = matches.flatMap((match) => (match.near ? [match.plan.name] : []));
    if (near.length > 0) return { ok: false, fault: fault('PLAN_AMBIGUOUS', { near }) };
    return { ok: false, fault: fault('PLAN_NOT_MATCHED', { known: shelf.names() }) };
  }

  return {
    choose: async ({ goal, requested, slots }) => {
      const chosen = choose(goal, requested);
      if (!chosen.ok) return chosen;
      const problem = slotProblem(chosen.plan, { ...filled(goal, chosen.plan.name), ...slots });
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
      shelf.matches(goal).map(({ plan: { name, title, description, slots }, ...match }) => ({
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
