import * as Y from 'yjs';
import type { Fault } from '../event/fault.ts';
import { applyMutations, type MutationOutcome } from './apply.ts';
import { Awareness, decodeAwareness, encodeAwareness, type Presence } from './awareness.ts';
import type { DocumentFrame } from './frame.ts';
import type { CanvasMutation } from './mutation.ts';
import { Outbox, type Parcel } from './outbox.ts';
import { type Watched, watched } from './watched.ts';

/** `saved`: the hub has everything on disk; `saving`: sent and not yet confirmed; `offline`: kept here until the hub answers again. */
export type SavedState = 'saved' | 'saving' | 'offline';

export interface UndoState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Frames about one document. */
export type FrameOf = Extract<DocumentFrame, { document: string }>;

interface Wiring {
  readonly document: string;
  readonly now: () => number;
  readonly send: (frame: FrameOf) => void;
  /** Whether this was the last holder. */
  readonly release: () => boolean;
}

/** Edits with less than this many milliseconds between them are one step of undo. */
const STEP_MS = 500;

/** One open document in a window. */
export class OpenCanvas {
  readonly document: string;
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness();
  readonly #wiring: Wiring;
  readonly #undoState = watched<UndoState>(
    { canUndo: false, canRedo: false },
    (a, b) => a.canUndo === b.canUndo && a.canRedo === b.canRedo,
  );
  readonly #saved = watched<SavedState>('offline');
  readonly #refused = watched<Fault | null>(null);
  readonly #loaded = watched(false);
  #presence: Presence | null = null;
  readonly #outbox = new Outbox();
  /** Whether local edits go out as they happen; otherwise the next joining sends them. */
  #live = false;
  #step = 0;
  #lastEdit = Number.NEGATIVE_INFINITY;

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    this.document = wiring.document;
    this.doc.on('update', this.#onUpdate);
  }

  /** Whether this person has steps to undo or redo, in any window. */
  get undoState(): Watched<UndoState> {
    return this.#undoState;
  }

  get saved(): Watched<SavedState> {
    return this.#saved;
  }

  /** Why the hub last refused this document or a change to it; null while all is well. */
  get refused(): Watched<Fault | null> {
    return this.#refused;
  }

  /** False until the hub has sent what it has: an empty board before that says nothing. */
  get loaded(): Watched<boolean> {
    return this.#loaded;
  }

  /** Applies mutations as one step of undo; with `joined`, as a part of the step before (a drag under way). */
  apply(mutations: readonly CanvasMutation[], how: { readonly joined?: boolean } = {}): MutationOutcome {
    if (how.joined === true) this.#lastEdit = this.#wiring.now();
    else this.step();
    return applyMutations(this.doc, mutations);
  }

  /** Ends the present step: what follows is undone apart from what came before. */
  step(): void {
    this.#lastEdit = Number.NEGATIVE_INFINITY;
  }

  undo(): void {
    this.#ask('undo');
  }

  redo(): void {
    this.#ask('redo');
  }

  /** Shows where this person is; null takes it away. */
  present(presence: Presence | null): void {
    this.#presence = presence;
    this.#announce(presence);
  }

  /** Asks the hub again after a refusal, for example when there is space on the disk again. */
  retry(): void {
    this.join();
  }

  /** Ends this holder's use. Edits not yet confirmed have been sent when the hub was there. */
  close(): void {
    if (!this.#wiring.release()) return;
    this.doc.off('update', this.#onUpdate);
    this.doc.destroy();
  }

  /** Begins to bring both sides together: says what is here, so that the hub can answer with what is not. */
  join(): void {
    this.leave();
    this.#wiring.send({ kind: 'subscribe', document: this.document });
    this.#wiring.send({
      kind: 'sync-step-1',
      document: this.document,
      state: Y.encodeStateVector(this.doc),
    });
  }

  /** The hub is out of reach: edits stay here, everybody else is out of sight. */
  leave(): void {
    this.#live = false;
    const others = this.awareness.all().filter(({ client }) => client !== this.doc.clientID);
    this.awareness.apply(others.map((other) => ({ ...other, state: null })));
    this.#undoState.set({ canUndo: false, canRedo: false });
    this.#saved.set('offline');
  }

  /** Takes in a frame from the hub. */
  take(frame: FrameOf): void {
    switch (frame.kind) {
      case 'sync-step-1':
        this.#answer(frame.state);
        return;
      case 'sync-step-2':
        Y.applyUpdate(this.doc, frame.update, this);
        this.#loaded.set(true);
        return;
      case 'update':
        Y.applyUpdate(this.doc, frame.update, this);
        return;
      case 'awareness':
        this.awareness.apply(
          decodeAwareness(frame.update).filter(({ client }) => client !== this.doc.clientID),
        );
        return;
      case 'undo-state':
        this.#undoState.set({ canUndo: frame.canUndo, canRedo: frame.canRedo });
        return;
      case 'saved':
        this.#outbox.confirm(frame.through);
        this.#settle();
        return;
      case 'refused':
        this.#refuse(frame.number, frame.fault);
        return;
      case 'subscribe':
      case 'unsubscribe':
      case 'undo':
      case 'redo':
        // Only ever sent by a window.
        return;
    }
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    const now = this.#wiring.now();
    if (now - this.#lastEdit >= STEP_MS) this.#step += 1;
    this.#lastEdit = now;
    const parcel = this.#outbox.add(update, `${this.doc.clientID}-${this.#step}`);
    if (this.#live) {
      this.#sendParcel(this.#outbox.send(parcel));
      this.#settle();
    }
    // The hub is there and refused something before: this may be the moment it can store again.
    else if (this.#refused.get() !== null) this.join();
  };

  /** The hub keeps the stacks, so without it there is nothing to undo. */
  #ask(kind: 'undo' | 'redo'): void {
    this.step();
    if (this.#live) this.#wiring.send({ kind, document: this.document });
  }

  #sendParcel({ update, number, group }: Parcel): void {
    this.#wiring.send({ kind: 'update', document: this.document, update, number, group });
  }

  /** The hub said what it has: it gets what it never confirmed, and from here on every edit as it happens. */
  #answer(state: Uint8Array): void {
    this.#live = true;
    const again = this.#outbox.again();
    if ('parcels' in again) for (const parcel of again.parcels) this.#sendParcel(parcel);
    else {
      const update = Y.encodeStateAsUpdate(this.doc, state);
      const group = `${this.doc.clientID}-whole-${again.whole}`;
      this.#wiring.send({ kind: 'sync-step-2', document: this.document, update, number: again.whole, group });
    }
    if (this.#presence !== null) this.#announce(this.#presence);
    this.#settle();
  }

  #refuse(number: number, fault: Fault): void {
    const lacking = number > 0 && this.#outbox.refuse(number, fault);
    this.#live = false;
    this.#refused.set(fault);
    this.#saved.set('offline');
    if (lacking) this.join();
  }

  #announce(presence: Presence | null): void {
    const announcement = this.awareness.set(this.doc.clientID, presence);
    if (!this.#live) return;
    this.#wiring.send({
      kind: 'awareness',
      document: this.document,
      update: encodeAwareness([announcement]),
    });
  }

  #settle(): void {
    if (!this.#live) return;
    this.#saved.set(this.#outbox.isEmpty ? 'saved' : 'saving');
    if (this.#outbox.isEmpty) this.#refused.set(null);
  }
}
