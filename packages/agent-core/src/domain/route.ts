import { type Fault, fault, type Note, type PassedOver } from '@soma/schemas/event';
import { type ExamPart, NEEDED_PARTS, type TurnKind } from '@soma/schemas/turn';

/** What a choice looks at of a model. */
export interface Candidate {
  readonly id: string;
  readonly model: string;
  readonly passed: readonly ExamPart[];
}

export type Routed<Model> =
  | { readonly ok: true; readonly model: Model; readonly passedOver: PassedOver }
  | { readonly ok: false; readonly fault: Fault };

/**
 * Which of the person's models is asked for a turn of this kind: the first in their order that passed what the kind needs and has not
 * failed at this task before; where all of those have, the first of them again. `failed` are ids.
 */
export function routeOf<Model extends Candidate>(
  kind: TurnKind,
  models: readonly Model[],
  failed: ReadonlySet<string>,
): Routed<Model> {
  const able = models.filter((model) => missingOf(kind, model).length === 0);
  const chosen = able.find(({ id }) => !failed.has(id)) ?? able[0];
  if (chosen === undefined)
    return { ok: false, fault: fault('MODEL_NONE_FITS', { kind, count: models.length }) };
  const before = models.slice(0, models.indexOf(chosen));
  const passedOver = before.map((model) => {
    const [part] = missingOf(kind, model);
    const { model: name } = model;
    const note: Note =
      part === undefined
        ? { code: 'model-failed-here', data: { model: name } }
        : { code: 'model-not-passed', data: { model: name, part: part.replaceAll('-', '_') } };
    return { model: name, note };
  });
  return { ok: true, model: chosen, passedOver };
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
