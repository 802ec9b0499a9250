import { z } from 'zod';
import { approvalEvents } from './approval.ts';
import { artifactEvents } from './artifact.ts';
import { changeEvents } from './change.ts';
import { goalEvents } from './goal.ts';
import { memoryEvents } from './memory.ts';
import { modelEvents } from './model.ts';
import { planEvents } from './plan.ts';
import { runEvents } from './run.ts';
import { Scope } from './scope.ts';
import { segmentEvents } from './segment.ts';
import { taskEvents } from './task.ts';
import { toolCallEvents } from './tool-call.ts';
import { versionOf } from './version.ts';
import { workspaceEvents } from './workspace.ts';

/** Events of a stream `run/ID`. */
export const runRegistry = {
  ...goalEvents,
  ...planEvents,
  ...taskEvents,
  ...modelEvents,
  ...toolCallEvents,
  ...approvalEvents,
  ...artifactEvents,
  ...changeEvents,
  ...memoryEvents,
  ...runEvents,
};

/** Every durable event by its type. An event never changes meaning: new fields are optional, else a new version with an upcaster. */
export const registry = { ...runRegistry, ...segmentEvents, ...workspaceEvents };

export type EventType = keyof typeof registry;
export type RunEventType = keyof typeof runRegistry;
export type EventData<T extends EventType> = z.infer<(typeof registry)[T]>;

type Tagged<T extends EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T];

/** A fact to be recorded: its type and data, before the store gives it a place. */
export type DomainEvent = Tagged<EventType>;
export type RunEvent = Tagged<RunEventType>;

/**
 * Where and when a fact was recorded. `sequence` counts from 1 within its stream; `time` is RFC 3339 in UTC; `version` is that of its
 * type's shape.
 */
export const Recorded = z.object({
  id: z.string().min(1).max(200),
  stream: z.string().min(1).max(300),
  sequence: z.number().int().min(1),
  version: z.number().int().min(1),
  time: z.iso.datetime(),
  scope: Scope,
});
export type Recorded = z.infer<typeof Recorded>;

function tagged<T extends EventType>(type: T) {
  return Recorded.extend({
    type: z.literal(type),
    version: z.literal(versionOf(type)),
    data: registry[type],
  });
}

const RecordedRunEventSchema = z.discriminatedUnion('type', [
  tagged('goal.submitted'),
  tagged('plan.proposed'),
  tagged('plan.approved'),
  tagged('plan.revised'),
  tagged('task.started'),
  tagged('step.started'),
  tagged('step.completed'),
  tagged('step.skipped'),
  tagged('evidence.recorded'),
  tagged('task.completed'),
  tagged('task.failed'),
  tagged('task.skipped'),
  tagged('task.requeued'),
  tagged('task.edited'),
  tagged('model.routed'),
  tagged('tool-call.decided'),
  tagged('tool-call.completed'),
  tagged('tool-call.failed'),
  tagged('approval.requested'),
  tagged('approval.answered'),
  tagged('artifact.published'),
  tagged('changes.undone'),
  tagged('memory.remembered'),
  tagged('message.sent'),
  tagged('run.paused'),
  tagged('run.resumed'),
  tagged('run.interrupted'),
  tagged('run.ended'),
]);

/** Any recorded event, told apart by `type`. */
export const RecordedEvent = z.discriminatedUnion('type', [
  RecordedRunEventSchema,
  tagged('segment.begun'),
  tagged('folder.granted'),
  tagged('folder.moved'),
  tagged('canvas.created'),
  tagged('canvas.renamed'),
  tagged('permission.granted'),
  tagged('permission.revoked'),
  tagged('plan.kept'),
  tagged('plan.forgotten'),
  tagged('budget.set'),
]);
export type RecordedEvent = z.infer<typeof RecordedEvent>;

/** An event of a run's stream. */
export const RecordedRunEvent = RecordedRunEventSchema;
export type RecordedRunEvent = z.infer<typeof RecordedRunEvent>;

/** Whether the event belongs to a run's stream (and not, for example, to a workspace's). */
export function isRunEvent(event: RecordedEvent): event is RecordedRunEvent {
  return Object.hasOwn(runRegistry, event.type);
}
