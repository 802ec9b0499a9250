import { type CanvasSnapshot, type FrameOf, readCanvas, readNode } from '@soma/schemas/canvas';
import { type Fault, FaultError } from '@soma/schemas/event';
import * as Y from 'yjs';
import type {
  DocumentAddress,
  DocumentStore,
  MutateAnswer,
  MutateRequest,
  UpdateOrigin,
} from '../port/index.ts';
import { Audience, faultOf, type RoomMember } from './audience.ts';
import { Gate, type Tried } from './gate.ts';
import { type Direction, EMPTY_UPDATE } from './history.ts';
import { type Loaded, load } from './load.ts';
import { scanState } from './scan.ts';

export interface RoomParts {
  readonly store: DocumentStore;
  readonly address: DocumentAddress;
  /** A Yjs client id nobody uses. */
  readonly nextClient: () => number;
}

type Change = Extract<FrameOf, { kind: 'update' | 'sync-step-2' }>;

interface Arrived {
  readonly member: RoomMember;
  readonly change: Change;
}

type Job = { readonly arrived: Arrived } | { readonly task: () => Promise<void> };

/** The owner of what a room writes itself; no author is called so. */
const OWN = 'system:room';

/**
 * One document while anybody uses it. Jobs are done one after the other: an edit is tried, stored, then applied, sent to the
 * others and acknowledged, so that nobody ever sees what a crash could take back. What arrives meanwhile is stored together.
 */
export class Room {
  readonly #parts: RoomParts;
  readonly #audience: Audience;
  readonly #jobs: Job[] = [];
  /** Yjs clients of this room's own writing: undo on the document itself, mutations on the gate. New with each room, so that none is used twice. */
  readonly #moveClient: number;
  readonly #gateClient: number;
  #loaded: Loaded;
  #gate: Gate | undefined;
  #working: Promise<void> | undefined;
  #broken: Fault | undefined;

  private constructor(parts: RoomParts, loaded: Loaded) {
    this.#parts = parts;
    this.#loaded = loaded;
    [this.#moveClient, this.#gateClient] = [parts.nextClient(), parts.nextClient()];
    this.#own([
      [this.#moveClient, OWN],
      [this.#gateClient, OWN],
    ]);
    this.#audience = new Audience(parts.address.document);
  }

  /** Loads the document. Throws DATABASE_DAMAGED when that fails: a room is never empty for want of its past. */
  static async open(parts: RoomParts): Promise<Room> {
    return new Room(parts, await load(parts.store, parts.address));
  }

  /** Why the room can no longer be used; another must be opened. */
  get broken(): Fault | undefined {
    return this.#broken;
  }

  /** Settled when nothing is left to do; undefined when nothing is. */
  get working(): Promise<void> | undefined {
    return this.#working;
  }

  snapshot(): CanvasSnapshot {
    return readCanvas(this.#loaded.history.doc);
  }

  /** Welcomes a window, or one that joins again. */
  join(member: RoomMember): void {
    this.#audience.join(member);
  }

  leave(member: RoomMember): void {
    this.#audience.leave(member);
  }

  /** Takes in a frame of a window that has joined. What is refused is told to the sender alone. */
  take(member: RoomMember, frame: FrameOf): void {
    switch (frame.kind) {
      case 'sync-step-1':
        this.#enqueue({
          task: async () => this.#guard(member, () => this.#answerState(member, frame.state)),
        });
        return;
      case 'sync-step-2':
      case 'update':
        this.#enqueue({ arrived: { member, change: frame } });
        return;
      case 'undo':
      case 'redo':
        this.#enqueue({ task: () => this.#moveFor(member, frame.kind) });
        return;
      case 'awareness':
        this.#guard(member, () => this.#audience.awareness(member, frame.update, this.#loaded.owners));
        return;
      default:
        // Only ever sent to a window.
        return;
    }
  }

  mutate(request: MutateRequest): Promise<MutateAnswer> {
    return this.#ask(() => this.#mutate(request));
  }

  /** Undoes or redoes all steps of an author; answers whether there were any. */
  moveAll(author: string, direction: Direction): Promise<boolean> {
    return this.#ask(async () => {
      let moved = false;
      while (await this.#move(author, direction)) moved = true;
      this.#audience.hideAgent(author);
      return moved;
    });
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ task: () => work().then(resolve, reject) });
    });
  }

  #enqueue(job: Job): void {
    this.#jobs.push(job);
    // From the next turn of the loop on, so that what arrives in this one is stored together.
    this.#working ??= new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(() => this.#work());
  }

  async #work(): Promise<void> {
    for (;;) {
      const job = this.#jobs.shift();
      if (job === undefined) break;
      if ('task' in job) await job.task();
      else await this.#takeTogether(this.#together(job.arrived));
    }
    this.#working = undefined;
  }

  /** This change and those right behind it that belong to the same step of the same author. */
  #together(first: Arrived): Arrived[] {
    const together = [first];
    for (;;) {
      const [next] = this.#jobs;
      if (next === undefined || 'task' in next) return together;
      const { member, change } = next.arrived;
      if (member.author !== first.member.author || change.group !== first.change.group) return together;
      together.push(next.arrived);
      this.#jobs.shift();
    }
  }

  async #takeTogether(arrived: readonly Arrived[]): Promise<void> {
    const [first] = arrived;
    if (first === undefined) return;
    const { member, change } = first;
    const { author } = member;
    try {
      const updates = arrived.map((one) => one.change.update);
      const tried = this.#openGate().admit(author, updates);
      const origin = { author, kind: 'edit', key: null, group: change.group } as const;
      if (tried.update !== EMPTY_UPDATE) await this.#store(tried, origin);
      const alone = arrived.every((one) => one.member === member);
      this.#audience.publish(tried.update, alone ? member : undefined);
      for (const one of arrived) {
        this.#audience.tell(one.member, { kind: 'saved', through: one.change.number });
      }
      this.#tellUndo(author);
    } catch (error) {
      // One bad change must not take the good ones of its batch with it.
      if (arrived.length > 1) for (const one of arrived) await this.#takeTogether([one]);
      else this.#audience.refuse(member, this.#broken ?? faultOf(error), change.number);
    }
  }

  /** Stores what was tried, then applies it; false when its key was stored before. Throws what the store throws; then nothing was applied. */
  async #store({ update }: Tried, origin: UpdateOrigin): Promise<boolean> {
    const { store, address } = this.#parts;
    const entry = { update, origin };
    try {
      const { sequence, stored } = await store.append(address.scope, address.document, entry);
      if (stored) this.#loaded.history.edit({ sequence, ...entry });
      else this.#gate?.spoil();
      return stored;
    } catch (error) {
      // A full disk took nothing. After anything else only the store knows what it has.
      if (faultOf(error).code === 'DISK_FULL') this.#gate?.spoil();
      else await this.#reload();
      throw error;
    }
  }

  async #mutate({ author, key, mutations, group }: MutateRequest): Promise<MutateAnswer> {
    const { store, address, nextClient } = this.#parts;
    if (await store.has(address.scope, address.document, key)) return { applied: false, why: 'same-key' };
    const tried = this.#openGate().mutate(mutations);
    if (tried.missing.length > 0) return { applied: false, why: 'unknown-ids', ids: tried.missing };
    const step = group ?? (author.startsWith('run:') ? author : key);
    if (!(await this.#store(tried, { author, kind: 'edit', key, group: step }))) {
      return { applied: false, why: 'same-key' };
    }
    this.#audience.publish(tried.update);
    this.#tellUndo(author);
    const { doc } = this.#loaded.history;
    const touched = [...tried.nodes].flatMap((id) => readNode(doc, id) ?? []);
    this.#audience.showAgent(author, touched, nextClient());
    if (mutations.some(({ type }) => type === 'set-caption')) this.#audience.hideAgent(author);
    return { applied: true };
  }

  async #moveFor(member: RoomMember, direction: Direction): Promise<void> {
    try {
      await this.#move(member.author, direction);
    } catch (error) {
      this.#audience.refuse(member, this.#broken ?? faultOf(error));
    }
  }

  /** Moves one step and stores it; answers whether there was one. A move that cannot be stored is taken back by loading anew. */
  async #move(author: string, direction: Direction): Promise<boolean> {
    this.#usable();
    const { store, address } = this.#parts;
    const update = this.#loaded.history.move(author, direction, this.#moveClient);
    if (update === undefined) return false;
    try {
      const origin = { author, kind: direction, key: null, group: '' } as const;
      await store.append(address.scope, address.document, { update, origin });
    } catch (error) {
      await this.#reload();
      throw error;
    }
    this.#gate?.follow(update);
    this.#audience.publish(update);
    this.#tellUndo(author);
    return true;
  }

  async #reload(): Promise<void> {
    this.#gate = undefined;
    try {
      const { owners } = this.#loaded;
      this.#loaded = await load(this.#parts.store, this.#parts.address);
      this.#own(owners);
    } catch (error) {
      this.#broken = faultOf(error);
      this.#audience.refuse('all', this.#broken);
    }
  }

  /** Keeps who owns a Yjs client that the stored updates do not know. */
  #own(owners: Iterable<readonly [number, string]>): void {
    for (const [client, author] of owners) {
      if (!this.#loaded.owners.has(client)) this.#loaded.owners.set(client, author);
    }
  }

  #usable(): void {
    if (this.#broken !== undefined) throw new FaultError(this.#broken.code, this.#broken.data);
  }

  #openGate(): Gate {
    this.#usable();
    if (this.#gate === undefined || this.#gate.spoiled) {
      const { history, owners } = this.#loaded;
      this.#gate = new Gate({ source: history.doc, owners, client: this.#gateClient });
    }
    return this.#gate;
  }

  #answerState(member: RoomMember, state: Uint8Array): void {
    this.#usable();
    scanState(state);
    const { doc } = this.#loaded.history;
    const update = Y.encodeStateAsUpdate(doc, state);
    this.#audience.tell(member, { kind: 'sync-step-2', update, number: 0, group: '' });
    this.#audience.tell(member, { kind: 'sync-step-1', state: Y.encodeStateVector(doc) });
    this.#audience.tell(member, { kind: 'undo-state', ...this.#loaded.history.stateOf(member.author) });
  }

  #tellUndo(author: string): void {
    this.#audience.tellUndo(author, this.#loaded.history.stateOf(author));
  }

  #guard(member: RoomMember, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#audience.refuse(member, faultOf(error));
    }
  }
}
