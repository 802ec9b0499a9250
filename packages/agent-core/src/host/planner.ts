import type { PlanMatch } from '@soma/schemas/contract';
import { type ArtifactOffer, type Fault, fault, type Slots } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import { hasOtherModel } from '../domain/route.ts';
import type { Planner, ReadPlan } from '../engine/index.ts';
import {
  buildArtifact,
  buildClaims,
  buildNext,
  evaluateArguments,
  isEnough,
  isNeeded,
} from '../plan/index.ts';
import type { ChatModel, Hasher } from '../port/index.ts';
import { type Agents, agentsOf } from './agents.ts';
import { createMatcher, type Matches } from './matcher.ts';
import type { Meaning } from './meaning.ts';
import { type Shelf, stemOf } from './shelf.ts';

export interface HostPlanner extends Planner {
  /** Plans by how well they fit the text, best first; with no text, in the order of their names. */
  match(goal: string): Promise<PlanMatch[]>;
  /** What the text itself says of a plan's slots. */
  filled(goal: string, plan: string): Slots;
}

export interface PlannerParts {
  readonly shelf: Shelf;
  readonly agents: Agents;
  readonly hasher: Hasher;
  /** Null where no model tells what a goal means. */
  readonly meaning: Meaning | null;
  /** The models that people added. */
  readonly models: () => readonly ChatModel[];
}

/** The plan of goals that no other one fits, where a model can follow it. */
const FREE_PLAN = 'free-goal';

/** Plans as data, found by name or by what was typed. */
export function createPlanner({ shelf, agents, hasher, meaning, models }: PlannerParts): HostPlanner {
  const matcher = createMatcher(shelf, meaning);
  const names = () => shelf.plans().map(({ plan }) => plan.name);

  const named = (name: string) => planNamed(shelf, name);

  function filled(goal: string, plan: string): Slots {
    return matcher.byWords(goal).find((match) => match.plan.name === plan)?.filled ?? {};
  }

  /** Nobody is offered what would be refused. */
  function canStart({ plan: name, slots }: ArtifactOffer): boolean {
    const found = named(name);
    return found.ok && slotProblem(found.plan, slots) === null;
  }

  function hasModels(): boolean {
    const added = models();
    return (['plan', 'answer'] as const).every((kind) =>
      hasOtherModel({ kind, agent: null }, added, new Set()),
    );
  }

  function chosenFrom(ranked: Matches): ReadPlan {
    const best = ranked.find(({ fits }) => fits);
    if (best !== undefined) return named(best.plan.name);
    const near = ranked.flatMap((match) => (match.near ? [match.plan.name] : []));
    if (near.length > 0) return { ok: false, fault: fault('PLAN_AMBIGUOUS', { near }) };
    return hasModels()
      ? named(FREE_PLAN)
      : { ok: false, fault: fault('PLAN_NOT_MATCHED', { known: names() }) };
  }

  function read(source: string): ReadPlan {
    const loaded = shelf.loadAgain(source);
    return loaded.ok ? { ok: true, plan: loaded.plan, source, hash: hasher.sha256(source) } : loaded;
  }

  return {
    choose: async ({ goal, requested, slots }) => {
      await shelf.refresh();
      const chosen = requested === null ? chosenFrom(await matcher.match(goal)) : named(requested);
      if (!chosen.ok) return chosen;
      const problem = slotProblem(chosen.plan, { ...filled(goal, chosen.plan.name), ...slots });
      if (problem !== null) return { ok: false, fault: problem };
      return { ...chosen, agents: agentsOf(chosen.plan, agents.usable()) };
    },
    read: async (source) => read(source),
    needed: isNeeded,
    enough: isEnough,
    arguments: evaluateArguments,
    claims: buildClaims,
    next: buildNext,
    extend: async (plan, tasks) => read(JSON.stringify({ ...plan, tasks: [...plan.tasks, ...tasks] })),
    artifact: async (task, context) => {
      const built = await buildArtifact(task, context);
      if (!built.ok || built.value === null) return built;
      return { ok: true, value: { ...built.value, offers: built.value.offers.filter(canStart) } };
    },
    match: async (goal) => {
      await shelf.refresh();
      return shownMatches(await matcher.match(goal), goal.trim() !== '' && hasModels());
    },
    filled,
  };
}

function planNamed(shelf: Shelf, name: string): ReadPlan {
  const found = shelf.plans().find(({ plan }) => plan.name === name);
  if (found !== undefined) return { ok: true, plan: found.plan, source: found.source, hash: found.hash };
  // A plan of theirs that cannot be used says why rather than that it is not there.
  const broken = shelf.own().find(({ file, plan }) => (plan?.name ?? stemOf(file)) === name);
  const known = shelf.plans().map(({ plan }) => plan.name);
  const [problem = fault('PLAN_UNKNOWN', { plan: name, known })] = broken?.faults ?? [];
  return { ok: false, fault: problem };
}

/** As a person is shown them; where none is near and a model may work the goal out, that plan fits and stands first. */
function shownMatches(ranked: Matches, mayAsk: boolean): PlanMatch[] {
  const isFree = mayAsk && !ranked.some(({ fits, near }) => fits || near);
  const shown = ranked.map(({ plan, score, filled, near, fits, by }): PlanMatch => {
    const { name, title, description, slots, own, rights } = plan;
    const what = { name, title, description, slots, own, needsModel: rights.includes('model') };
    return { ...what, score, filled, near, fits, by };
  });
  const free = shown.find(({ name }) => name === FREE_PLAN);
  if (!isFree || free === undefined) return shown;
  return [{ ...free, fits: true, by: 'model' }, ...shown.filter((match) => match !== free)];
}

function slotProblem(plan: PackagedPlan, slots: Slots): Fault | null {
  const known = plan.slots.map(({ name }) => name);
  const unknown = Object.keys(slots).find((name) => !known.includes(name));
  if (unknown !== undefined) return fault('SLOT_UNKNOWN', { plan: plan.name, slot: unknown, known });
  const missing = plan.slots.find(({ name, required }) => required && (slots[name] ?? '') === '');
  return missing === undefined ? null : fault('SLOT_MISSING', { plan: plan.name, slot: missing.name });
}
