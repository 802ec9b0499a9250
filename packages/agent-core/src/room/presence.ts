import {
  type Announcement,
  Awareness,
  decodeAwareness,
  encodeAwareness,
  type Presence,
} from '@soma/schemas/canvas';
import { refuseUpdate } from './scan.ts';

/** Who may speak for a Yjs client of the document. */
type Owners = Map<number, string>;

/** Who is in a room: windows announce themselves, agents are announced by what they do. Nothing of it is stored. */
export class RoomPresence<Member extends { readonly author: string }> {
  readonly #awareness = new Awareness();
  readonly #clients = new Map<Member, Set<number>>();
  readonly #agents = new Map<string, number>();

  /** What a newcomer must be told; undefined when nobody is there. */
  all(): Uint8Array | undefined {
    const all = this.#awareness.all();
    return all.length === 0 ? undefined : encodeAwareness(all);
  }

  /** Takes in a window's announcement and answers what others must be told. Throws CANVAS_UPDATE_REFUSED for one made for somebody else. */
  take(member: Member, update: Uint8Array, owners: Owners): Uint8Array | undefined {
    const announcements = this.#decode(update);
    for (const { client } of announcements) {
      const owner = owners.get(client);
      if (owner !== undefined && owner !== member.author) throw refuseUpdate('owner');
    }
    const clients = this.#clients.get(member) ?? new Set();
    this.#clients.set(member, clients);
    for (const { client, state } of announcements) {
      owners.set(client, member.author);
      if (state === null) clients.delete(client);
      else clients.add(client);
    }
    return this.#told(this.#awareness.apply(announcements));
  }

  /** Takes a window's people away. */
  leave(member: Member): Uint8Array | undefined {
    const clients = [...(this.#clients.get(member) ?? [])];
    this.#clients.delete(member);
    return this.#told(clients.map((client) => this.#awareness.set(client, null)));
  }

  /** Shows or, with null, takes away an agent under a client id kept for it. */
  agent(author: string, client: number, state: Presence | null): Uint8Array | undefined {
    const kept = this.#agents.get(author);
    if (state === null) this.#agents.delete(author);
    else if (kept === undefined) this.#agents.set(author, client);
    if (state === null && kept === undefined) return undefined;
    return this.#told([this.#awareness.set(kept ?? client, state)]);
  }

  #decode(update: Uint8Array): Announcement[] {
    try {
      return decodeAwareness(update);
    } catch {
      throw refuseUpdate('malformed');
    }
  }

  #told(announcements: readonly Announcement[]): Uint8Array | undefined {
    return announcements.length === 0 ? undefined : encodeAwareness(announcements);
  }
}
