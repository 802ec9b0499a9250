import type { CanvasNode, FrameOf } from '@soma/schemas/canvas';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import { EMPTY_UPDATE } from './history.ts';
import { RoomPresence } from './presence.ts';

/** Somebody who has the document open in a window. */
export interface RoomMember {
  readonly author: string;
  send(frame: FrameOf): void;
}

type Without<F> = F extends FrameOf ? Omit<F, 'document'> : never;

/** Most nodes an agent is shown to hold. */
const HELD = 100;

/** What an unknown error becomes for whoever asked. */
export function faultOf(error: unknown): Fault {
  return error instanceof FaultError ? error.fault : fault('INTERNAL');
}

/** Everybody who has one document open, and what they are told. */
export class Audience {
  readonly #document: string;
  readonly #members = new Set<RoomMember>();
  readonly #presence = new RoomPresence<RoomMember>();
  /** The state of undo each author was told last. */
  readonly #told = new Map<string, string>();

  constructor(document: string) {
    this.#document = document;
  }

  join(member: RoomMember): void {
    this.#members.add(member);
    const update = this.#presence.all();
    if (update !== undefined) this.tell(member, { kind: 'awareness', update });
  }

  leave(member: RoomMember): void {
    if (this.#members.delete(member)) this.#announce(this.#presence.leave(member), member);
  }

  tell(member: RoomMember, frame: Without<FrameOf>): void {
    member.send({ ...frame, document: this.#document });
  }

  /** Tells one member, or everybody, that something could not be done; `number` names the change, 0 none. */
  refuse(member: RoomMember | 'all', why: Fault, number = 0): void {
    for (const each of member === 'all' ? this.#members : [member]) {
      this.tell(each, { kind: 'refused', number, fault: why });
    }
  }

  /** Passes a stored update on to all but its sender. */
  publish(update: Uint8Array, except?: RoomMember): void {
    if (update !== EMPTY_UPDATE) this.#broadcast({ kind: 'update', update, number: 0, group: '' }, except);
  }

  /** Tells an author's windows whether there is something to undo or redo, when that changed. */
  tellUndo(author: string, state: { readonly canUndo: boolean; readonly canRedo: boolean }): void {
    const told = JSON.stringify(state);
    if (this.#told.get(author) === told) return;
    this.#told.set(author, told);
    for (const member of this.#members) {
      if (member.author === author) this.tell(member, { kind: 'undo-state', ...state });
    }
  }

  /** Passes on where somebody is. Throws CANVAS_UPDATE_REFUSED for one who speaks for others. */
  awareness(member: RoomMember, update: Uint8Array, owners: Map<number, string>): void {
    this.#announce(this.#presence.take(member, update, owners), member);
  }

  /** Shows an agent at the last of the nodes it touched, under `client` when it was not seen before. */
  showAgent(author: string, nodes: readonly CanvasNode[], client: number): void {
    const id = /^run:(.+)$/s.exec(author)?.[1];
    const last = nodes.at(-1);
    if (id === undefined || last === undefined) return;
    const cursor = { x: last.x + last.width / 2, y: last.y + last.height / 2 };
    const selection = nodes.slice(-HELD).map((node) => node.id);
    const state = { who: { kind: 'agent', id } as const, cursor, selection };
    this.#announce(this.#presence.agent(author, client, state));
  }

  hideAgent(author: string): void {
    this.#announce(this.#presence.agent(author, 0, null));
  }

  #announce(update: Uint8Array | undefined, except?: RoomMember): void {
    if (update !== undefined) this.#broadcast({ kind: 'awareness', update }, except);
  }

  #broadcast(frame: Without<FrameOf>, except: RoomMember | undefined): void {
    // One object for all, so that a sender may encode it once.
    const whole = { ...frame, document: this.#document };
    for (const member of this.#members) if (member !== except) member.send(whole);
  }
}
