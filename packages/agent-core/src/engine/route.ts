import { type Fault, FaultError, type RunEvent } from '@soma/schemas/event';
import { agentOf, modelOfAttempt } from '@soma/schemas/run';
import { TurnKind } from '@soma/schemas/turn';
import { z } from 'zod';
import { isAway } from '../domain/breaker.ts';
import { hasOtherModel, type Routed, routeOf, type Standing, type Wanted } from '../domain/route.ts';
import type { ChatModel } from '../port/index.ts';
import { type Attempt, completed, failed, type StepResult, taskOf } from './step-result.ts';

const Asking = z.looseObject({ kind: TurnKind });

/** The tool as its plan names it; where it asks a model, also which of the person's models that is this time. */
export async function toolSelectStep(attempt: Attempt): Promise<StepResult> {
  const { tool } = attempt.template;
  const described = attempt.parts.tools.get(tool)?.describe();
  if (described === undefined) throw new FaultError('TOOL_UNKNOWN', { tool });
  if (described.asks !== true) return completed({ code: 'tool-named-by-plan', data: { tool } }, null);
  const wanted = await wantedOf(attempt);
  const { kind } = wanted;
  const routed = await routedNow(attempt, wanted);
  if (routed === null) return { name: 'aborted' };
  if (routed.name === 'none') return failed(routed.fault);
  const { id, model, endpoint, local } = routed.model;
  const task = taskOf(attempt);
  const event: RunEvent = {
    type: 'model.routed',
    data: {
      ...{ task: task.id, attempt: task.attempt, kind, model: { id, model, endpoint, local } },
      passedOver: [...routed.passedOver],
    },
  };
  return completed({ code: 'model-chosen', data: { model, kind } }, null, [event]);
}

/** The model of this attempt, as soon as there is one that may be asked; null where the attempt goes no further meanwhile. */
async function routedNow(
  attempt: Attempt,
  wanted: Wanted,
): Promise<Exclude<Routed<ChatModel>, { name: 'later' }> | null> {
  const { parts, writer, signal } = attempt;
  const { id: run, scope } = writer.state();
  for (;;) {
    const models = parts.models.list(scope);
    const routed = routeOf(wanted, models, standingOf(attempt, models));
    if (routed.name === 'chosen') parts.health.choose(run, routed.model);
    if (routed.name !== 'later') return routed;
    await parts.health.wait(run, routed.resting, signal);
    if (signal.aborted) return null;
  }
}

/** What is to be done about a fault of a model. */
export interface AfterModel {
  readonly fault: Fault;
  /** Nobody who could be asked is there now, so that the attempt counts for none. */
  readonly waits: boolean;
  /** How many models share the tries: each may be away for a moment. */
  readonly models: number;
}

/** What a model failed with, to be tried again at once where another of the person's models may be asked, or once one is there. */
export async function afterModel(attempt: Attempt, fault: Fault): Promise<AfterModel> {
  const { parts, writer, template } = attempt;
  const isModels = fault.code.startsWith('MODEL_') && fault.code !== 'MODEL_TURN_STOPPED';
  if (parts.tools.get(template.tool)?.describe().asks !== true || !isModels)
    return { fault, waits: false, models: 1 };
  const state = writer.state();
  const wanted = await wantedOf(attempt);
  const models = parts.models.list(state.scope);
  const { failed, away, resting } = standingOf(attempt, models);
  const now = modelOfAttempt(state, attempt.task)?.id;
  const and = (ids: ReadonlySet<string>): ReadonlySet<string> =>
    new Set(now === undefined ? ids : [...ids, now]);
  const seen = isAway(fault) ? { failed, away: and(away), resting } : { failed: and(failed), away, resting };
  const next = routeOf(wanted, models, seen);
  if (next.name === 'later' && isAway(fault)) parts.health.hold(state.id, next.resting);
  const other = hasOtherModel(wanted, models, new Set([...seen.failed, ...seen.away]));
  return {
    fault: other || next.name === 'later' ? { ...fault, retry: { when: 'now' } } : fault,
    waits: next.name === 'later' && isAway(fault),
    models: isAway(fault) ? Math.max(1, models.length) : 1,
  };
}

async function wantedOf(attempt: Attempt): Promise<Wanted> {
  const agent = agentOf(attempt.writer.state(), attempt.task);
  return { kind: await kindOf(attempt), agent };
}

async function kindOf({ memo, writer, ...attempt }: Attempt): Promise<TurnKind> {
  const { plan } = taskOf({ memo, writer, ...attempt }).steps;
  if (plan.status !== 'done' || plan.output === null) throw new FaultError('INTERNAL', { step: 'plan' });
  const input = Asking.safeParse(await memo.json(writer.state(), plan.output));
  if (input.success) return input.data.kind;
  throw new FaultError('TOOL_INPUT_INVALID', { tool: attempt.template.tool, path: 'kind' });
}

/** How models stand for the attempt: what they did at this task since a person last had it done again, and which of them rest. */
function standingOf(attempt: Attempt, models: readonly ChatModel[]): Standing {
  const { calls } = attempt.writer.state();
  const { id: task, routed = [], requeued = 0 } = taskOf(attempt);
  const faults = new Map<number, Fault>();
  for (const call of Object.values(calls))
    if (call.task === task && call.outcome.name === 'failed') faults.set(call.attempt, call.outcome.fault);
  const failed = new Set<string>();
  const away = new Set<string>();
  for (const { attempt: number, model } of routed) {
    const fault = faults.get(number);
    if (number <= requeued || fault?.code.startsWith('MODEL_') !== true) continue;
    (isAway(fault) ? away : failed).add(model.id);
  }
  const resting = models.filter((model) => !attempt.parts.health.mayAsk(model));
  return { failed, away, resting: new Set(resting.map(({ id }) => id)) };
}
