import {
  applyMutations,
  CANVAS_LIMITS,
  type CanvasChange,
  type CanvasMutation,
  edgesOf,
  FRAME_LIMITS,
  nodesOf,
  observeCanvas,
  readEdge,
  readNode,
} from '@soma/schemas/canvas';
import { FaultError } from '@soma/schemas/event';
import * as Y from 'yjs';
import { EMPTY_UPDATE } from './history.ts';
import { refuseUpdate, type ScannedUpdate, scanUpdate } from './scan.ts';

/** What came of a try: the update to store, and what it touched. `update` is EMPTY_UPDATE when nothing would change. */
export interface Tried {
  readonly update: Uint8Array;
  readonly nodes: ReadonlySet<string>;
}

export interface GateParts {
  /** The document as it is stored. */
  readonly source: Y.Doc;
  /** Who wrote first under each Yjs client. */
  readonly owners: Map<number, string>;
  /** A Yjs client id nobody uses. */
  readonly client: number;
}

/**
 * A second copy of a document on which every change is tried before it is stored, so that the first never holds anything that was
 * not. After a change that was refused half way the gate is spoiled and another one must be built.
 */
export class Gate {
  readonly #doc = new Y.Doc();
  readonly #owners: Map<number, string>;
  #spoiled = false;

  constructor({ source, owners, client }: GateParts) {
    this.#owners = owners;
    this.#doc.clientID = client;
    Y.applyUpdate(this.#doc, Y.encodeStateAsUpdate(source));
  }

  get spoiled(): boolean {
    return this.#spoiled;
  }

  /** Spoils the gate: what it let in was not stored after all. */
  spoil(): void {
    this.#spoiled = true;
  }

  /** Tries updates of one author together. Throws CANVAS_UPDATE_REFUSED when one of them may not in. */
  admit(author: string, updates: readonly Uint8Array[]): Tried {
    return this.#try(() => {
      for (const update of updates) {
        if (update.length > FRAME_LIMITS.update) throw refuseUpdate('too-large');
        this.#checkPlace(author, scanUpdate(update));
        this.#spoiled = true;
        Y.applyUpdate(this.#doc, update);
        if (this.#doc.store.pendingStructs !== null || this.#doc.store.pendingDs !== null) {
          throw refuseUpdate('missing');
        }
      }
    });
  }

  /** Tries mutations. `missing` are ids they name that are not there; then the gate is spoiled. */
  mutate(mutations: readonly CanvasMutation[]): Tried & { readonly missing: readonly string[] } {
    let missing: readonly string[] = [];
    const tried = this.#try(() => {
      this.#spoiled = true;
      missing = applyMutations(this.#doc, mutations).missing;
    });
    if (missing.length > 0) this.#spoiled = true;
    return { ...tried, missing };
  }

  /** Takes in what was stored without a try: an undo. */
  follow(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update);
  }

  #try(work: () => void): Tried {
    let update: Uint8Array = EMPTY_UPDATE;
    let change: CanvasChange | undefined;
    const onUpdate = (bytes: Uint8Array): void => {
      update = bytes;
    };
    const stop = observeCanvas(this.#doc, (seen) => {
      change = seen;
    });
    this.#doc.on('update', onUpdate);
    try {
      this.#doc.transact(work);
      if (change !== undefined) this.#checkShape(change);
      this.#spoiled = false;
      return { update, nodes: change?.nodes ?? new Set() };
    } catch (error) {
      throw error instanceof FaultError ? error : refuseUpdate('malformed');
    } finally {
      stop();
      this.#doc.off('update', onUpdate);
    }
  }

  /** New parts must follow on what is there, under a client that is the author's own, and refer to nothing unknown. */
  #checkPlace(author: string, { inserts, needs }: ScannedUpdate): void {
    const ends = new Map<number, number>();
    const writing: number[] = [];
    for (const { client, start, end } of inserts) {
      const state = Y.getState(this.#doc.store, client);
      if (start > state) throw refuseUpdate('missing');
      ends.set(client, Math.max(end, state));
      if (end > state) writing.push(client);
    }
    for (const client of writing) this.#checkOwner(author, client);
    for (const [client, end] of needs) {
      if (end > (ends.get(client) ?? Y.getState(this.#doc.store, client))) throw refuseUpdate('missing');
    }
    for (const client of writing) this.#owners.set(client, author);
  }

  #checkOwner(author: string, client: number): void {
    const owner = this.#owners.get(client);
    if (client === this.#doc.clientID || (owner !== undefined && owner !== author))
      throw refuseUpdate('owner');
  }

  #checkShape(change: CanvasChange): void {
    const [nodes, edges] = [nodesOf(this.#doc), edgesOf(this.#doc)];
    if (change.order && nodes.size > CANVAS_LIMITS.nodes) throw refuseUpdate('too-large');
    if (change.edges.size > 0 && edges.size > CANVAS_LIMITS.edges) throw refuseUpdate('too-large');
    for (const id of change.nodes) {
      if (nodes.has(id) && readNode(this.#doc, id) === undefined) throw refuseUpdate('shape');
    }
    for (const id of change.edges) {
      if (edges.has(id) && readEdge(this.#doc, id) === undefined) throw refuseUpdate('shape');
    }
  }
}
