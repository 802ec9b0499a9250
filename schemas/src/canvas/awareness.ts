import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { z } from 'zod';
import { Principal } from '../event/scope.ts';
import { CanvasId, Colour } from './node.ts';

/** Where someone is and what they hold, for as long as they are there. `cursor` is in canvas units; never stored. */
export const Presence = z.object({
  who: Principal,
  name: z.string().max(100).optional(),
  colour: Colour.optional(),
  cursor: z.object({ x: z.number(), y: z.number() }).nullable(),
  selection: z.array(CanvasId).max(100),
});
export type Presence = z.infer<typeof Presence>;

const LIMITS = { states: 256, bytes: 65_536 } as const;

/** What an awareness update says about one client of the document: its state, or null when it left. */
export interface Announcement {
  readonly client: number;
  readonly clock: number;
  readonly state: Presence | null;
}

/** Wire form of announcements; the one of the y-protocols awareness message. */
export function encodeAwareness(announcements: readonly Announcement[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, announcements.length);
  for (const { client, clock, state } of announcements) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  }
  return encoding.toUint8Array(encoder);
}

/** Throws when the bytes are no awareness update, too many or too large. */
export function decodeAwareness(update: Uint8Array): Announcement[] {
  if (update.length > LIMITS.bytes) throw new RangeError('awareness update too large');
  const decoder = decoding.createDecoder(update);
  const count = decoding.readVarUint(decoder);
  if (count > LIMITS.states) throw new RangeError('too many awareness states');
  return Array.from({ length: count }, () => ({
    client: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: Presence.nullable().parse(JSON.parse(decoding.readVarString(decoder))),
  }));
}

/** Who is on one document now. Updates come in order through one hub, so whoever left is forgotten at once. */
export class Awareness {
  readonly #known = new Map<number, Announcement>();
  readonly #listeners = new Set<() => void>();
  #states: ReadonlyMap<number, Presence> = new Map();

  /** States by the Yjs client id of whoever announced them. The same map until something changes. */
  get states(): ReadonlyMap<number, Presence> {
    return this.#states;
  }

  /** Called after every change. Returns the function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Sets or, with null, removes the state of one client and answers what to tell others. */
  set(client: number, state: Presence | null): Announcement {
    const announcement = { client, clock: (this.#known.get(client)?.clock ?? 0) + 1, state };
    this.apply([announcement]);
    return announcement;
  }

  /** Takes in what others announced; answers what was news. */
  apply(announcements: readonly Announcement[]): Announcement[] {
    const news = announcements.filter(({ client, clock, state }) => {
      const known = this.#known.get(client);
      return state === null ? known !== undefined : known === undefined || clock > known.clock;
    });
    for (const announcement of news) {
      if (announcement.state === null) this.#known.delete(announcement.client);
      else this.#known.set(announcement.client, announcement);
    }
    if (news.length > 0) this.#publish();
    return news;
  }

  /** What a newcomer must be told. */
  all(): Announcement[] {
    return [...this.#known.values()];
  }

  #publish(): void {
    this.#states = new Map(
      [...this.#known].flatMap(([client, { state }]) => (state === null ? [] : [[client, state] as const])),
    );
    for (const listener of this.#listeners) listener();
  }
}
