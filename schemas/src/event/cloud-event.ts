import { z } from 'zod';
import type { Fault } from './fault.ts';
import { fault } from './fault-error.ts';
import { inRun } from './in-run.ts';
import { type EventData, type EventType, type RecordedEvent, registry } from './registry.ts';
import { Principal } from './scope.ts';
import { upcast, versionOf } from './version.ts';

/**
 * The topics copies of durable events go to, and which events each carries. An event may go to two: a decision is both part of a
 * tool call and something to audit. What is on no topic is of interest to this workspace alone.
 */
export const topics = {
  'agent.runs.v1': [
    'goal.submitted',
    'plan.proposed',
    'plan.approved',
    'plan.revised',
    'run.paused',
    'run.resumed',
    'run.interrupted',
    'run.ended',
    'artifact.published',
    'changes.undone',
    'message.sent',
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
    'model.routed',
    'memory.remembered',
  ],
  'agent.tools.v1': ['tool-call.decided', 'tool-call.completed', 'tool-call.failed'],
  'agent.audit.v1': [
    'goal.submitted',
    'plan.approved',
    'plan.revised',
    'tool-call.decided',
    'approval.requested',
    'approval.answered',
    'task.skipped',
    'task.requeued',
    'task.edited',
    'changes.undone',
    'memory.remembered',
    'message.sent',
    'permission.granted',
    'permission.revoked',
    'folder.granted',
    'folder.moved',
    'plan.kept',
    'plan.forgotten',
    'budget.set',
    'run.ended',
  ],
} as const satisfies Record<string, readonly EventType[]>;
export type Topic = keyof typeof topics;
export const Topic = z.enum(Object.keys(topics) as [Topic, ...Topic[]]);

/** The topics that a copy of such an event goes to. */
export function topicsOf(type: EventType): readonly Topic[] {
  return Topic.options.filter((topic) => topics[topic].some((carried) => carried === type));
}

/** A copy of an event as a CloudEvent 1.0; `source` and `id` together name it once for all consumers. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  /** `soma.TYPE.vVERSION`. */
  type: string;
  /** The event's stream; that of its run, in whichever segment it stands. */
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  traceparent: string;
  /** Place within its stream, as decimal digits: CloudEvents attributes are text. */
  sequence: string;
  causation?: string | undefined;
  data: { actor: Principal[]; event: EventData<EventType> };
}

/** The shape of an envelope of one type. */
export function cloudEventOf(type: EventType): z.ZodType<CloudEvent> {
  const event: z.ZodType<EventData<EventType>> = registry[type];
  return z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().regex(/^\/[^/]+\/[^/]+$/),
    type: z.literal(`soma.${type}.v${versionOf(type)}`),
    subject: z.string().min(1),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    traceparent: z.string(),
    sequence: z.string().regex(/^[1-9]\d*$/),
    causation: z.string().optional(),
    data: z.object({ actor: z.array(Principal), event }),
  });
}

/** The envelope of a copy that leaves the ledger. */
export function toCloudEvent(event: RecordedEvent): CloudEvent {
  const { scope } = event;
  const { stream, sequence } = inRun(event) ?? event;
  return {
    specversion: '1.0',
    id: event.id,
    source: sourceOf(scope),
    type: `soma.${event.type}.v${event.version}`,
    subject: stream,
    time: event.time,
    datacontenttype: 'application/json',
    traceparent: scope.traceparent,
    sequence: String(sequence),
    ...(scope.causation === null ? {} : { causation: scope.causation }),
    data: { actor: scope.actor, event: event.data },
  };
}

/** Where events of a workspace come from, for all consumers. */
export function sourceOf({ tenant, workspace }: { readonly tenant: string; readonly workspace: string }) {
  // A name with a slash in it would read as two.
  return `/${encodeURIComponent(tenant)}/${encodeURIComponent(workspace)}`;
}

const shapes = new Map<EventType, z.ZodType<CloudEvent>>();

function shapeOf(type: EventType): z.ZodType<CloudEvent> {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const shape = cloudEventOf(type);
  shapes.set(type, shape);
  return shape;
}

type Read =
  | { readonly ok: true; readonly envelope: CloudEvent }
  | { readonly ok: false; readonly fault: Fault };

/** Judges an envelope that is to go to a topic: EVENT_INVALID carries the path of the first thing that is wrong with it. */
export function checkCloudEvent(topic: Topic, envelope: unknown): Read {
  const named = z.object({ type: z.string() }).safeParse(envelope);
  const type = topics[topic].find((one) => named.data?.type === `soma.${one}.v${versionOf(one)}`);
  if (type === undefined)
    return { ok: false, fault: fault('EVENT_INVALID', { topic, path: 'type', problem: 'not-on-topic' }) };
  const parsed = shapeOf(type).safeParse(envelope);
  if (parsed.success) return { ok: true, envelope: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return {
    ok: false,
    fault: fault('EVENT_INVALID', { topic, type, path, problem: issue?.code ?? 'custom' }),
  };
}

const Sent = z.looseObject({
  type: z.string().regex(/^soma\..+\.v[1-9]\d*$/),
  data: z.looseObject({ event: z.unknown() }),
});

/**
 * What a reader of a topic makes of an envelope of this version or an older one: the envelope as it would be written now; null for one
 * that this build does not know, which a reader passes over.
 */
export function readCloudEvent(topic: Topic, sent: unknown): CloudEvent | null {
  const parsed = Sent.safeParse(sent);
  if (!parsed.success) return null;
  const { type: named, data } = parsed.data;
  const cut = named.lastIndexOf('.v');
  const old = { type: named.slice('soma.'.length, cut), version: Number(named.slice(cut + 2)) };
  const { type, version, data: event } = upcast({ ...old, data: data.event });
  const checked = checkCloudEvent(topic, {
    ...parsed.data,
    type: `soma.${type}.v${version}`,
    data: { ...data, event },
  });
  return checked.ok ? checked.envelope : null;
}
