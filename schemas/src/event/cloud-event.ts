import { z } from 'zod';
import { type EventType, type RecordedEvent, registry } from './registry.ts';
import { Principal } from './scope.ts';

/**
 * The topics copies of durable events go to, and which events each carries. An event may go to two: a decision is both part of a
 * tool call and something to audit.
 */
export const topics = {
  'agent.runs.v1': [
    'goal.submitted',
    'plan.proposed',
    'plan.approved',
    'run.paused',
    'run.resumed',
    'run.interrupted',
    'run.ended',
    'artifact.published',
    'changes.undone',
  ],
  'agent.steps.v1': [
    'task.started',
    'step.started',
    'step.completed',
    'step.skipped',
    'evidence.recorded',
    'task.completed',
    'task.failed',
    'task.skipped',
    'task.requeued',
    'task.edited',
    'memory.remembered',
  ],
  'agent.tools.v1': ['tool-call.decided', 'tool-call.completed', 'tool-call.failed'],
  'agent.audit.v1': [
    'goal.submitted',
    'plan.approved',
    'tool-call.decided',
    'approval.requested',
    'approval.answered',
    'task.skipped',
    'task.requeued',
    'task.edited',
    'changes.undone',
    'memory.remembered',
    'permission.granted',
    'permission.revoked',
    'run.ended',
  ],
} as const satisfies Record<string, readonly EventType[]>;
export type Topic = keyof typeof topics;

/** An event of one type as a CloudEvent 1.0; `source` and `id` together name it once for all consumers. */
export function cloudEventOf<T extends EventType>(type: T) {
  return z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().regex(/^\/[^/]+\/[^/]+$/),
    type: z.literal(`soma.${type}.v1`),
    subject: z.string().min(1),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    traceparent: z.string(),
    /** Place within its stream, as decimal digits: CloudEvents attributes are text. */
    sequence: z.string().regex(/^[1-9]\d*$/),
    causation: z.string().optional(),
    data: z.object({ actor: z.array(Principal), event: registry[type] }),
  });
}

/** The envelope of a copy that leaves the ledger. */
export function toCloudEvent(event: RecordedEvent) {
  const { scope } = event;
  return {
    specversion: '1.0' as const,
    id: event.id,
    source: `/${scope.tenant}/${scope.workspace}`,
    type: `soma.${event.type}.v1` as const,
    subject: event.stream,
    time: event.time,
    datacontenttype: 'application/json' as const,
    traceparent: scope.traceparent,
    sequence: String(event.sequence),
    ...(scope.causation === null ? {} : { causation: scope.causation }),
    data: { actor: scope.actor, event: event.data },
  };
}
