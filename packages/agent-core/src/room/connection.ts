import {
  type DocumentFrame,
  encodeFrame,
  type FrameOf,
  type FramePort,
  FrameReader,
} from '@soma/schemas/canvas';
import { FaultError, fault } from '@soma/schemas/event';
import { faultOf, type RoomMember } from './audience.ts';
import type { Room } from './room.ts';

/** A room in use and the function that lets it go. */
export interface HeldRoom {
  readonly room: Room;
  readonly release: () => void;
}

export interface ConnectionParts {
  readonly port: FramePort;
  readonly author: string;
  readonly hold: (document: string) => Promise<HeldRoom>;
}

/** Documents one window may have open at once. */
const MOST_DOCUMENTS = 64;

/** Refusals after which a window is no longer listened to: it is broken or hostile. */
const MOST_REFUSALS = 256;

/** A frame that goes to many windows is encoded once. */
const encoded = new WeakMap<DocumentFrame, readonly Uint8Array[]>();

function messagesOf(frame: DocumentFrame): readonly Uint8Array[] {
  const known = encoded.get(frame);
  if (known !== undefined) return known;
  const messages = encodeFrame(frame);
  encoded.set(frame, messages);
  return messages;
}

/** One window's pipe: its messages to rooms, and what rooms say back. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #reader = new FrameReader();
  readonly #open = new Map<string, Promise<HeldRoom | undefined>>();
  readonly #member: RoomMember;
  readonly #stop: () => void;
  #refusals = 0;
  #closed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#member = { author: parts.author, send: (frame) => this.#send(frame) };
    this.#stop = parts.port.onFrame((message) => this.#take(message));
    this.#send({ kind: 'hello' });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    for (const document of this.#open.keys()) this.#leave(document);
  }

  #take(message: Uint8Array): void {
    let frame: DocumentFrame | undefined;
    try {
      frame = this.#reader.read(message);
    } catch {
      this.#refused();
      // What the message was about is lost, so the window compares all it has and sends again.
      this.#send({ kind: 'hello' });
      return;
    }
    if (frame !== undefined && 'document' in frame) this.#dispatch(frame);
  }

  #dispatch(frame: FrameOf): void {
    if (frame.kind === 'subscribe') this.#join(frame.document);
    else if (frame.kind === 'unsubscribe') this.#leave(frame.document);
    else {
      const held = this.#open.get(frame.document);
      if (held === undefined) this.#refuse(frame.document);
      // Frames keep their order: each waits for the same room.
      else void held.then((one) => one?.room.take(this.#member, frame));
    }
  }

  #join(document: string): void {
    const before = this.#open.get(document);
    if (before === undefined && this.#open.size >= MOST_DOCUMENTS) {
      this.#refuse(document);
      return;
    }
    this.#open.set(document, this.#joined(document, before));
  }

  /** The room with this window in it; a room that broke meanwhile is left for another. */
  async #joined(
    document: string,
    before: Promise<HeldRoom | undefined> | undefined,
  ): Promise<HeldRoom | undefined> {
    let held = await before;
    if (held !== undefined && held.room.broken !== undefined) {
      this.#letGo(held);
      held = undefined;
    }
    try {
      held ??= await this.#parts.hold(document);
    } catch (error) {
      this.#send({ kind: 'refused', document, number: 0, fault: faultOf(error) });
      return undefined;
    }
    held.room.join(this.#member);
    return held;
  }

  #leave(document: string): void {
    const held = this.#open.get(document);
    this.#open.delete(document);
    void held?.then((one) => {
      if (one !== undefined) this.#letGo(one);
    });
  }

  #letGo({ room, release }: HeldRoom): void {
    room.leave(this.#member);
    release();
  }

  #refuse(document: string): void {
    this.#send({
      kind: 'refused',
      document,
      number: 0,
      fault: fault('CANVAS_UNKNOWN', { canvas: document }),
    });
  }

  #refused(): void {
    this.#refusals += 1;
    if (this.#refusals < MOST_REFUSALS) return;
    this.#send({ kind: 'gone' });
    this.close();
  }

  #send(frame: DocumentFrame): void {
    if (this.#closed) return;
    try {
      for (const message of messagesOf(frame)) this.#parts.port.send(message);
    } catch (error) {
      if (error instanceof FaultError && frame.kind === 'sync-step-2') this.#tooLarge(frame.document, error);
      // The pipe is gone, and whoever owns it says so soon. What was stored stays, the rest the window still has.
      else this.close();
    }
    if (frame.kind === 'refused' && frame.fault.code === 'CANVAS_UPDATE_REFUSED') this.#refused();
  }

  #tooLarge(document: string, error: FaultError): void {
    this.#send({ kind: 'refused', document, number: 0, fault: error.fault });
  }
}
