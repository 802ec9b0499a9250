import { CanvasMutations, CanvasSnapshot } from '@soma/schemas/canvas';
import { Fault, Scope } from '@soma/schemas/event';
import { z } from 'zod';

/**
 * One end of a channel between the process that has the hub and the one that uses it. Node's MessagePort, Electron's MessagePortMain and the ports of
 * a utility process each need a few lines to look like this; messages are structured clones.
 */
export interface HubPort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the other end is gone. */
  onClose(listener: () => void): void;
}

const address = { scope: Scope, document: z.string().min(1).max(200) };
const Author = z.string().min(1).max(300);
const Key = z.string().min(1).max(300);

/** What can be asked over the channel, by verb. */
export const requests = {
  mutate: z.object({
    ...address,
    author: Author,
    key: Key,
    mutations: CanvasMutations,
    group: z.string().min(1).max(200).optional(),
  }),
  probe: z.object({ ...address, key: Key }),
  undoAll: z.object({ ...address, author: Author, redo: z.boolean().optional() }),
  snapshot: z.object(address),
  /** Answered at once by a hub that still takes its turns. */
  beat: z.object({}),
  close: z.object({}),
};

/** What is answered, by verb. */
export const answers = {
  mutate: z.union([
    z.object({ applied: z.literal(true) }),
    z.object({ applied: z.literal(false), why: z.literal('same-key') }),
    z.object({ applied: z.literal(false), why: z.literal('unknown-ids'), ids: z.array(z.string()) }),
  ]),
  probe: z.boolean(),
  undoAll: z.object({ changed: z.boolean() }),
  snapshot: CanvasSnapshot,
  beat: z.null(),
  close: z.null(),
};

export type Verb = keyof typeof requests;

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Numbered = z.number().int().min(0);
const connection = { connection: Numbered };

/** From whoever uses the hub; windows are told apart by the number of their connection. */
export const ToHub = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connect'), ...connection, scope: Scope, author: Author }),
  z.object({ type: z.literal('disconnect'), ...connection }),
  z.object({ type: z.literal('frame'), ...connection, frame: Bytes }),
  z.object({
    type: z.literal('ask'),
    call: Numbered,
    verb: z.enum(['mutate', 'probe', 'undoAll', 'snapshot', 'beat', 'close']),
    request: z.unknown(),
  }),
]);
export type ToHub = z.infer<typeof ToHub>;

export const FromHub = z.discriminatedUnion('type', [
  z.object({ type: z.literal('frame'), ...connection, frame: Bytes }),
  z.object({ type: z.literal('answer'), call: Numbered, value: z.unknown() }),
  z.object({ type: z.literal('refusal'), call: Numbered, fault: Fault }),
]);
export type FromHub = z.infer<typeof FromHub>;
