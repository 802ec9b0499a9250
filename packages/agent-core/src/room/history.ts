import { edgesOf, foreignOf, nodesOf } from '@soma/schemas/canvas';
import * as Y from 'yjs';
import type { StoredUpdate, UpdateOrigin } from '../port/index.ts';

/** Steps of undo kept for one document, all authors together; beyond, the oldest is closed for good. */
export const OPEN_STEPS = 500;

/** An update that changes nothing: what is stored of an undo that found everything gone already. */
export const EMPTY_UPDATE = Uint8Array.of(0, 0);

export type Direction = 'undo' | 'redo';

/** A stored undo or redo. */
export type StoredMove = StoredUpdate & { readonly origin: UpdateOrigin & { readonly kind: Direction } };

type Step = Y.UndoManager['undoStack'][number];

interface Author {
  readonly manager: Y.UndoManager;
  /** Group of the edit before; null when the next edit begins a new step whatever its group. */
  group: string | null;
}

/** Thrown when undoing again gives other bytes than were stored. */
export class ReplayDiffers extends Error {
  override readonly name = 'ReplayDiffers';
  readonly sequence: number;

  constructor(sequence: number) {
    super('an undo replays differently');
    this.sequence = sequence;
  }
}

/** Updates by `system:` principals, such as a compacted past, belong to no undo stack. */
function isTracked(author: string): boolean {
  return !author.startsWith('system:');
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Where the work began that a step undoes: the sequence of its first update. */
function startOf(step: { readonly meta: Map<unknown, unknown> } | undefined): number | undefined {
  const start = step?.meta.get('start');
  return typeof start === 'number' ? start : undefined;
}

/**
 * The document as the fold of its stored updates, with everybody's undo stacks as a part of that fold: whoever applies the same
 * updates in the same order holds the same document and the same stacks. Undo is made here and stored as an update of its own.
 */
export class History {
  readonly doc = new Y.Doc();
  /** Sequences that belong to one step of undo, from its first update to a later edit, undo or redo of it; ascending by `to`. */
  readonly #spans: { readonly from: number; readonly to: number }[] = [];
  readonly #authors = new Map<string, Author>();
  readonly #scope: Y.Map<unknown>[];
  /** The sequence being applied. */
  #sequence = 0;
  /** Start of the step that a replayed undo moves. */
  #carried: number | undefined;

  constructor() {
    this.#scope = [nodesOf(this.doc), edgesOf(this.doc), foreignOf(this.doc)];
  }

  /** Whether this author has steps to undo or redo. */
  stateOf(author: string): { readonly canUndo: boolean; readonly canRedo: boolean } {
    const manager = this.#authors.get(author)?.manager;
    return { canUndo: manager?.canUndo() ?? false, canRedo: manager?.canRedo() ?? false };
  }

  /** Takes in an edit that is stored. */
  edit({ sequence, update, origin }: StoredUpdate): void {
    this.#sequence = sequence;
    if (isTracked(origin.author)) {
      const author = this.#author(origin.author);
      if (author.group !== origin.group) author.manager.stopCapturing();
      author.group = origin.group;
    }
    Y.applyUpdate(this.doc, update, origin.author);
    this.#closeOldest();
  }

  /**
   * Moves one step of this author and answers the update that did it, which must be stored next: should that fail, this history is
   * ahead of what is stored and must be thrown away. Undefined when there is no step.
   */
  move(name: string, direction: Direction, client: number): Uint8Array | undefined {
    const author = this.#authors.get(name);
    const { canUndo, canRedo } = this.stateOf(name);
    if (author === undefined || !(direction === 'undo' ? canUndo : canRedo)) return undefined;
    this.doc.clientID = client;
    return this.#run(author, direction).update;
  }

  /** Takes in a stored undo or redo by doing it again. Throws ReplayDiffers when that gives something else. */
  replay(stored: StoredMove): void {
    const { sequence, update, origin } = stored;
    const author = this.#author(origin.author);
    const [client] = Y.parseUpdateMeta(update).from.keys();
    this.#sequence = sequence;
    const spare = this.doc.clientID;
    if (client !== undefined) this.doc.clientID = client;
    const { update: again, step } = this.#run(author, origin.kind);
    this.doc.clientID = spare;
    if (!sameBytes(again, update)) throw new ReplayDiffers(sequence);
    this.#span(startOf(step ?? undefined));
  }

  /** Takes in a stored undo or redo as the bytes it is, moving the step on top: for what can no longer be done again. */
  replayVerbatim(stored: StoredMove): void {
    const { update, origin } = stored;
    const { manager } = this.#author(origin.author);
    this.#sequence = stored.sequence;
    const undoing = origin.kind === 'undo';
    const step = (undoing ? manager.undoStack : manager.redoStack).pop();
    this.#carried = startOf(step);
    manager.undoing = undoing;
    manager.redoing = !undoing;
    Y.applyUpdate(this.doc, update, manager);
    manager.undoing = false;
    manager.redoing = false;
    this.#span(this.#carried);
    this.#carried = undefined;
    this.#author(origin.author).group = null;
    manager.stopCapturing();
  }

  /** How many steps each author can undo and redo; authors without any are left out. */
  depths(): Map<string, readonly [undo: number, redo: number]> {
    const depths = new Map<string, readonly [number, number]>();
    for (const [name, { manager }] of this.#authors) {
      const depth = [manager.undoStack.length, manager.redoStack.length] as const;
      if (depth[0] + depth[1] > 0) depths.set(name, depth);
    }
    return depths;
  }

  /** The last sequence up to which updates can become one without touching a step that can still be undone or redone. */
  closedThrough(last: number): number {
    let through = last;
    for (const { manager } of this.#authors.values()) {
      for (const step of [...manager.undoStack, ...manager.redoStack]) {
        through = Math.min(through, (startOf(step) ?? 1) - 1);
      }
    }
    for (const { from, to } of this.#spans.toReversed())
      if (from <= through && through < to) through = from - 1;
    return through;
  }

  #span(from: number | undefined): void {
    if (from !== undefined) this.#spans.push({ from, to: this.#sequence });
  }

  #run(author: Author, direction: Direction): { update: Uint8Array; step: Step | null } {
    let update: Uint8Array = EMPTY_UPDATE;
    const catchUpdate = (bytes: Uint8Array): void => {
      update = bytes;
    };
    this.doc.on('update', catchUpdate);
    const step = direction === 'undo' ? author.manager.undo() : author.manager.redo();
    this.doc.off('update', catchUpdate);
    author.group = null;
    author.manager.stopCapturing();
    return { update, step };
  }

  #author(name: string): Author {
    const known = this.#authors.get(name);
    if (known !== undefined) return known;
    const manager = new Y.UndoManager(this.#scope, {
      captureTimeout: Number.POSITIVE_INFINITY,
      trackedOrigins: new Set([name]),
      doc: this.doc,
    });
    manager.on('stack-item-added', ({ stackItem }) => {
      const start = this.#carried ?? startOf(manager.currStackItem ?? undefined) ?? this.#sequence;
      stackItem.meta.set('start', start);
    });
    manager.on('stack-item-updated', ({ stackItem }) => this.#span(startOf(stackItem)));
    const author = { manager, group: null };
    this.#authors.set(name, author);
    return author;
  }

  #closeOldest(): void {
    const authors = [...this.#authors.values()];
    let open = authors.reduce(
      (sum, each) => sum + each.manager.undoStack.length + each.manager.redoStack.length,
      0,
    );
    while (open > OPEN_STEPS) {
      const [first] = authors
        .flatMap(({ manager }) => [manager.undoStack, manager.redoStack])
        .filter((stack) => stack.length > 0)
        .sort((a, b) => oldestOf(a) - oldestOf(b));
      if (first === undefined) return;
      // Steps that were undone can only come back in their order, so they close together.
      const undone = authors.some(({ manager }) => manager.redoStack === first);
      open -= first.splice(0, undone ? first.length : 1).length;
      this.#forgetIdle();
    }
  }

  /** Lets go of authors without a step, so that a board of a thousand runs does not ask a thousand managers about each edit. */
  #forgetIdle(): void {
    for (const [name, { manager }] of this.#authors) {
      if (manager.undoStack.length + manager.redoStack.length > 0) continue;
      manager.destroy();
      this.#authors.delete(name);
    }
  }
}

function oldestOf(stack: readonly Step[]): number {
  return Math.min(...stack.map((step) => startOf(step) ?? 0));
}
