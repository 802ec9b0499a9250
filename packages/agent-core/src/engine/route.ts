import { type Fault, FaultError, type RunEvent } from '@soma/schemas/event';
import { modelOfAttempt, type RunState, type TaskState } from '@soma/schemas/run';
import { TurnKind } from '@soma/schemas/turn';
import { z } from 'zod';
import { hasOtherModel, routeOf } from '../domain/route.ts';
import { type Attempt, completed, failed, type StepResult, taskOf } from './step-result.ts';

const Asking = z.looseObject({ kind: TurnKind });

/** The tool as its plan names it; where it asks a model, also which of the person's models that is this time. */
export async function toolSelectStep(attempt: Attempt): Promise<StepResult> {
  const { tool } = attempt.template;
  const described = attempt.parts.tools.get(tool)?.describe();
  if (described === undefined) throw new FaultError('TOOL_UNKNOWN', { tool });
  if (described.asks !== true) return completed({ code: 'tool-named-by-plan', data: { tool } }, null);
  const task = taskOf(attempt);
  const kind = await kindOf(attempt);
  const { models } = attempt.parts;
  const routed = routeOf(
    kind,
    models.list(attempt.writer.state().scope),
    failedOf(attempt.writer.state(), task),
  );
  if (!routed.ok) return failed(routed.fault);
  const { id, model, endpoint, local } = routed.model;
  const event: RunEvent = {
    type: 'model.routed',
    data: {
      ...{ task: task.id, attempt: task.attempt, kind, model: { id, model, endpoint, local } },
      passedOver: [...routed.passedOver],
    },
  };
  return completed({ code: 'model-chosen', data: { model, kind } }, null, [event]);
}

/** What a model failed with, to be tried again at once where another of the person's models may be asked. */
export async function withOtherModel(attempt: Attempt, fault: Fault): Promise<Fault> {
  const { tool } = attempt.template;
  const isModels = fault.code.startsWith('MODEL_') && fault.code !== 'MODEL_TURN_STOPPED';
  if (attempt.parts.tools.get(tool)?.describe().asks !== true || !isModels) return fault;
  const task = taskOf(attempt);
  const models = attempt.parts.models.list(attempt.writer.state().scope);
  const now = modelOfAttempt(attempt.writer.state(), task.id);
  const failedAll = new Set([...failedOf(attempt.writer.state(), task), ...(now === null ? [] : [now.id])]);
  const other = hasOtherModel(await kindOf(attempt), models, failedAll);
  return other ? { ...fault, retry: { when: 'now' } } : fault;
}

async function kindOf({ memo, writer, ...attempt }: Attempt): Promise<TurnKind> {
  const { plan } = taskOf({ memo, writer, ...attempt }).steps;
  if (plan.status !== 'done' || plan.output === null) throw new FaultError('INTERNAL', { step: 'plan' });
  const input = Asking.safeParse(await memo.json(writer.state(), plan.output));
  if (input.success) return input.data.kind;
  throw new FaultError('TOOL_INPUT_INVALID', { tool: attempt.template.tool, path: 'kind' });
}

/** Models that failed at this task since a person last had it done again. */
function failedOf(
  { calls }: RunState,
  { id: task, routed = [], requeued = 0 }: TaskState,
): ReadonlySet<string> {
  const failed = new Set(
    Object.values(calls).flatMap((call) =>
      call.task === task && call.outcome.name === 'failed' && call.outcome.fault.code.startsWith('MODEL_')
        ? [call.attempt]
        : [],
    ),
  );
  return new Set(
    routed.filter(({ attempt }) => attempt > requeued && failed.has(attempt)).map(({ model }) => model.id),
  );
}
