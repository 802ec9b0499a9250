import { type AgentNeeds, type Fault, fault, type Note, type PassedOver } from '@soma/schemas/event';
import { type ExamPart, NEEDED_PARTS, type TurnKind } from '@soma/schemas/turn';

/** What a choice looks at of a model. */
export interface Candidate {
  readonly id: string;
  readonly model: string;
  readonly passed: readonly ExamPart[];
  readonly contextTokens: number | null;
  readonly local: boolean;
}

/** What a model is wanted for: a kind of turn, and, where it is an agent's, what that needs beside. */
export interface Wanted {
  readonly kind: TurnKind;
  readonly agent: { readonly title: string; readonly needs: AgentNeeds } | null;
}

/** What is known of models beside their examination, each by its id. */
export interface Standing {
  /** They failed at this task by what asking later does not mend. */
  readonly failed: ReadonlySet<string>;
  /** They failed at this task for not being there. */
  readonly away: ReadonlySet<string>;
  /** They are not asked at all now: nobody was there several times in a row. */
  readonly resting: ReadonlySet<string>;
}

export const NOTHING_KNOWN: Standing = { failed: new Set(), away: new Set(), resting: new Set() };

export type Routed<Model> =
  | { readonly name: 'chosen'; readonly model: Model; readonly passedOver: PassedOver }
  /** Whoever could be asked is not there now. */
  | { readonly name: 'later'; readonly resting: readonly Model[] }
  | { readonly name: 'none'; readonly fault: Fault };

/**
 * Which of the person's models is asked for a turn: the first in their order that passed what its kind needs, has what its agent needs and has
 * not failed at this task before, then one that only was not there. Where there is none of these, one that rests now is waited for; and
 * where none rests, the first is asked again.
 */
export function routeOf<Model extends Candidate>(
  wanted: Wanted,
  models: readonly Model[],
  { failed, away, resting }: Standing,
): Routed<Model> {
  const able = models.filter((model) => lackOf(wanted, model) === null);
  const awake = able.filter(({ id }) => !resting.has(id));
  const fresh =
    awake.find(({ id }) => !failed.has(id) && !away.has(id)) ?? awake.find(({ id }) => !failed.has(id));
  if (fresh === undefined && awake.length < able.length)
    return { name: 'later', resting: able.filter(({ id }) => resting.has(id)) };
  const chosen = fresh ?? able[0];
  if (chosen === undefined) {
    const { kind, agent } = wanted;
    // It is the agent's to blame only where some model could do without it.
    const isAgents = agent !== null && models.some((model) => lackOf({ kind, agent: null }, model) === null);
    const data = { kind, count: models.length, ...(isAgents && { agent: agent.title }) };
    return { name: 'none', fault: fault('MODEL_NONE_FITS', data) };
  }
  const passedOver = models.slice(0, models.indexOf(chosen)).map((model) => {
    return {
      model: model.model,
      note: lackOf(wanted, model) ?? noteOf(model, resting.has(model.id) || away.has(model.id)),
    };
  });
  return { name: 'chosen', model: chosen, passedOver };
}

function noteOf({ model }: Candidate, isAway: boolean): Note {
  return { code: isAway ? 'model-away' : 'model-failed-here', data: { model } };
}

/** Whether another model than those that failed could be asked. */
export function hasOtherModel(
  wanted: Wanted,
  models: readonly Candidate[],
  failed: ReadonlySet<string>,
): boolean {
  return models.some((model) => !failed.has(model.id) && lackOf(wanted, model) === null);
}

/** What a model lacks of what is wanted, the first of it; null where it can be asked. */
function lackOf({ kind, agent }: Wanted, { model, passed, contextTokens, local }: Candidate): Note | null {
  const needs = agent?.needs ?? { passed: [] };
  const part = [...NEEDED_PARTS[kind], ...needs.passed].find((one) => !passed.includes(one));
  if (part !== undefined)
    return { code: 'model-not-passed', data: { model, part: part.replaceAll('-', '_') } };
  const named = { model, agent: agent?.title ?? '' };
  if (needs.local === true && !local) return { code: 'model-not-local', data: named };
  const { contextTokens: needed } = needs;
  if (needed === undefined || (contextTokens !== null && contextTokens >= needed)) return null;
  return { code: 'model-context-small', data: { ...named, needed, limit: contextTokens ?? 'none' } };
}
