import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { answer } from './answer.ts';

const count = z.number().int().min(0);

/** A copy that was not taken in: the event it is of, how often it was tried, the last fault, and when it was set aside (RFC 3339). */
export const SetAsideCopy = z.object({
  /** Id of the event, by which it is sent again. */
  copy: z.string(),
  type: z.string(),
  stream: z.string(),
  sequence: z.number().int().min(1),
  tries: count,
  at: z.iso.datetime(),
  fault: Fault,
});
export type SetAsideCopy = z.infer<typeof SetAsideCopy>;

/** What waits between the log and the bus. */
export const QueueView = z.object({
  /** Events that were not acknowledged yet, and when the first of them was recorded (RFC 3339). */
  backlog: count,
  oldest: z.iso.datetime().nullable(),
  setAside: count,
  /** The first of those that were set aside. */
  copies: z.array(SetAsideCopy),
  /** Why nothing is sent on now. */
  trouble: Fault.nullable(),
});
export type QueueView = z.infer<typeof QueueView>;

/** What a comparison of log, outbox and consumers found, in events. */
export const Reconciled = z.object({
  log: count,
  open: count,
  setAside: count,
  /** Places in the log where a stream lacks an event. */
  gaps: count,
  consumers: z.array(
    z.object({
      consumer: z.string(),
      /** On its topics; those it has had; times it was given one again. */
      expected: count,
      taken: count,
      repeated: count,
      /** Acknowledged and yet never had. */
      missing: count,
      /** Not had although a later one of their stream was. */
      gaps: count,
      /** Had and yet not in the log, as after the log was restored from a backup. */
      unknown: count,
    }),
  ),
  /** Missing ones that were opened in the outbox again. */
  requeued: count,
});
export type Reconciled = z.infer<typeof Reconciled>;

export const queueContract = {
  describe: oc.input(z.object({})).output(answer({ queue: QueueView })),
  /** Sends one event again by its id, or with null all that were set aside. Refused with QUEUE_COPY_UNKNOWN. */
  requeue: oc
    .input(z.object({ copy: z.string().min(1).max(300).nullable() }))
    .output(answer({ requeued: count })),
  /** Compares log, outbox and consumers, and sends again what was acknowledged and never arrived. */
  reconcile: oc.input(z.object({})).output(answer({ report: Reconciled })),
};
