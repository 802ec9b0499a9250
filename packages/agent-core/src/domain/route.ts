import { type Fault, fault, type Note, type PassedOver } from '@soma/schemas/event';
import { type ExamPart, NEEDED_PARTS, type TurnKind } from '@soma/schemas/turn';

/** What a choice looks at of a model. */
export interface Candidate {
  readonly id: string;
  readonly model: string;
  readonly passed: readonly ExamPart[];
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
 * Which of the person's models is asked for a turn of this kind: the first in their order that passed what the kind needs and has not
 * failed at this task before, then one that only was not there. Where there is none of these, one that rests now is waited for; and where
 * none rests, the first is asked again.
 */
export function routeOf<Model extends Candidate>(
  kind: TurnKind,
  models: readonly Model[],
  { failed, away, resting }: Standing,
): Routed<Model> {
  const able = models.filter((model) => missingOf(kind, model).length === 0);
  const awake = able.filter(({ id }) => !resting.has(id));
  const fresh =
    awake.find(({ id }) => !failed.has(id) && !away.has(id)) ?? awake.find(({ id }) => !failed.has(id));
  if (fresh === undefined && awake.length < able.length)
    return { name: 'later', resting: able.filter(({ id }) => resting.has(id)) };
  const chosen = fresh ?? able[0];
  if (chosen === undefined)
    return { name: 'none', fault: fault('MODEL_NONE_FITS', { kind, count: models.length }) };
  const passedOver = models.slice(0, models.indexOf(chosen)).map((model) => {
    return { model: model.model, note: noteOf(kind, model, resting) };
  });
  return { name: 'chosen', model: chosen, passedOver };
}

function noteOf(kind: TurnKind, model: Candidate, resting: ReadonlySet<string>): Note {
  const [part] = missingOf(kind, model);
  const { model: name } = model;
  if (part !== undefined)
    return { code: 'model-not-passed', data: { model: name, part: part.replaceAll('-', '_') } };
  return resting.has(model.id)
    ? { code: 'model-away', data: { model: name } }
    : { code: 'model-failed-here', data: { model: name } };
}

/** Whether another model than those that failed could be asked. */
export function hasOtherModel(
  kind: TurnKind,
  models: readonly Candidate[],
  failed: ReadonlySet<string>,
): boolean {
  return models.some((model) => !failed.has(model.id) && missingOf(kind, model).length === 0);
}

function missingOf(kind: TurnKind, { passed }: Candidate): readonly ExamPart[] {
  return NEEDED_PARTS[kind].filter((part) => !passed.includes(part));
}
