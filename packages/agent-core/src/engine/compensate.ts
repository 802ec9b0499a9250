import { type Compensation, FaultError, type RunEvent } from '@soma/schemas/event';
import { type CallState, isUnclear, type TaskState, takeBackOf } from '@soma/schemas/run';
import { z } from 'zod';
import type { CallToTakeBack } from '../port/index.ts';
import type { Performing } from './outcome.ts';
import { hasEffect, performCall } from './perform.ts';

/**
 * Calls of the task's attempt that have changed something, or may have, oldest first. `events` are about to be recorded. Another attempt
 * would change it a second time.
 */
export function effectsOf(
  { writer }: Performing,
  { id, attempt }: TaskState,
  events: readonly RunEvent[],
): readonly CallState[] {
  const ended = events.flatMap((event) => (event.type === 'tool-call.failed' ? [event.data.call] : []));
  return Object.values(writer.state().calls).filter(
    (call) =>
      call.task === id &&
      call.attempt === attempt &&
      hasEffect(call.risk) &&
      (call.outcome.name === 'completed' || (isUnclear(call) && !ended.includes(call.id))),
  );
}

/** What the attempt has done and its tools can take back, newest first. */
export function toCompensate(
  performing: Performing,
  task: TaskState,
  events: readonly RunEvent[],
): Compensation[] {
  const { tools } = performing.parts;
  return effectsOf(performing, task, events)
    .flatMap(({ id: call, tool: name }) => {
      const tool = tools.get(name)?.describe().compensation;
      return tool !== undefined && tools.has(tool) ? [{ call, tool }] : [];
    })
    .reverse();
}

/**
 * Takes back what one call did, by a call of its own. A fault that may pass pauses the run, and what is owed stays so; any other is recorded
 * as that call's, and what was done stays.
 */
export async function compensate({ call: id, tool }: Compensation, performing: Performing): Promise<void> {
  const { writer } = performing;
  const call = writer.state().calls[id];
  if (call === undefined) throw new FaultError('INTERNAL', { cause: 'compensation' });
  const own = takeBackOf(id);
  const { task, attempt } = call;
  const performed = await performCall(
    { call: own, key: own, compensates: id, ...{ task, attempt, tool, input: inputOf(call) } },
    performing,
  );
  switch (performed.name) {
    case 'done':
      await writer.record([performed.event]);
      return;
    case 'failed': {
      const outcome = writer.state().calls[own]?.outcome.name;
      if (outcome === 'failed' || outcome === 'refused') return;
      const { fault } = performed;
      const failed: RunEvent = {
        type: 'tool-call.failed',
        data: { call: own, task, attempt, fault, tookMs: 0 },
      };
      if (fault.retry.when !== 'never')
        await writer.record([{ type: 'run.paused', data: { reason: 'fault', fault } }]);
      else await writer.record(performed.events.length > 0 ? performed.events : [failed]);
      return;
    }
    case 'stalled':
      await writer.record([{ type: 'run.paused', data: { reason: 'fault', fault: performed.fault } }]);
      return;
    case 'refused':
    case 'waiting':
    case 'aborted':
      return;
    default:
      return performed satisfies never;
  }
}

function inputOf({ id, tool, arguments: given, preview }: CallState) {
  const made: CallToTakeBack = { tool, key: id, arguments: given, preview: preview ?? null };
  return z.json().parse(made);
}
