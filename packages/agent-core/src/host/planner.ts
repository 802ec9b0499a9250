import type { PlanMatch } from '@soma/schemas/contract';
import { type Fault, fault, type Slots } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import type { Planner, ReadPlan } from '../engine/index.ts';
import {
  buildArtifact,
  buildClaims,
  evaluateArguments,
  isNeeded,
  matchPlans,
  type Ranked,
} from '../plan/index.ts';
import type { Hasher } from '../port/index.ts';
import { type Shelf, type Shelved, stemOf } from './shelf.ts';

export interface HostPlanner extends Planner {
  /** Plans by how well they fit the text, best first; with no text, in the order of their names. */
  match(goal: string): Promise<PlanMatch[]>;
  /** What the text itself says of a plan's slots. */
  filled(goal: string, plan: string): Slots;
}

export interface PlannerParts {
  readonly shelf: Shelf;
  readonly hasher: Hasher;
}

/** The goal that is started is the one that was matched last, while it was typed: then nothing is matched again, unless plans changed. */
function createMatcher(shelf: Shelf) {
  let last: {
    readonly goal: string;
    readonly plans: readonly Shelved[];
    readonly matches: readonly Ranked<Candidate>[];
  } | null = null;
  return (goal: string) => {
    const plans = shelf.plans();
    if (last?.goal !== goal || last.plans !== plans) {
      const candidates = plans.map(({ plan, own }) => ({ ...plan, own }));
      last = { goal, plans, matches: matchPlans(goal, candidates) };
    }
    return last.matches;
  };
}

type Candidate = PackagedPlan & Pick<Shelved, 'own'>;

/** Plans as data, found by name or by what was typed. */
export function createPlanner({ shelf, hasher }: PlannerParts): HostPlanner {
  const matches = createMatcher(shelf);
  const names = () => shelf.plans().map(({ plan }) => plan.name);

  function named(name: string): ReadPlan {
    const found = shelf.plans().find(({ plan }) => plan.name === name);
    if (found !== undefined) return { ok: true, plan: found.plan, source: found.source, hash: found.hash };
    // A plan of theirs that cannot be used says why rather than that it is not there.
    const broken = shelf.own().find(({ file, plan }) => (plan?.name ?? stemOf(file)) === name);
    const [problem = fault('PLAN_UNKNOWN', { plan: name, known: names() })] = broken?.faults ?? [];
    return { ok: false, fault: problem };
  }

  function filled(goal: string, plan: string): Slots {
    return matches(goal).find((match) => match.plan.name === plan)?.filled ?? {};
  }

  function choose(goal: string, requested: string | null): ReadPlan {
    if (requested !== null) return named(requested);
    const ranked = matches(goal);
    const best = ranked.find(({ fits }) => fits);
    if (best !== undefined) return named(best.plan.name);
    const near = ranked.flatMap((match) => (match.near ? [match.plan.name] : []));
    if (near.length > 0) return { ok: false, fault: fault('PLAN_AMBIGUOUS', { near }) };
    return { ok: false, fault: fault('PLAN_NOT_MATCHED', { known: names() }) };
  }

  return {
    choose: async ({ goal, requested, slots }) => {
      await shelf.refresh();
      const chosen = choose(goal, requested);
      if (!chosen.ok) return chosen;
      const problem = slotProblem(chosen.plan, { ...filled(goal, chosen.plan.name), ...slots });
      return problem === null ? chosen : { ok: false, fault: problem };
    },
    read: async (source) => {
      const loaded = shelf.load(source);
      return loaded.ok ? { ok: true, plan: loaded.plan, source, hash: hasher.sha256(source) } : loaded;
    },
    needed: isNeeded,
    arguments: evaluateArguments,
    claims: buildClaims,
    artifact: buildArtifact,
    match: async (goal) => {
      await shelf.refresh();
      return matches(goal).map(({ plan: { name, title, description, slots, own }, ...match }) => ({
        ...{ name, title, description, slots, own, ...match },
        needsModel: false,
      }));
    },
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
