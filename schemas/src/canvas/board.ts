import type * as Y from 'yjs';
import { edgesOf, fieldsOf, nodesOf, readPlaces, writeNode } from './document.ts';
import type { NewNode } from './node.ts';

/** What the mutations of one batch work on. */
export class Board {
  readonly doc: Y.Doc;
  readonly #missing = new Set<string>();
  /** The highest order given out in this batch, once it was looked for: a large batch looks through the board once. */
  #top: number | undefined;

  constructor(doc: Y.Doc) {
    this.doc = doc;
  }

  /** Ids that were named and are not there. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  miss(id: string): void {
    this.#missing.add(id);
  }

  /** An order above all others. */
  nextZ(): number {
    if (this.#top === undefined) {
      let top = -1;
      for (const { z } of readPlaces(this.doc).values()) top = Math.max(top, z);
      this.#top = top;
    }
    this.#top += 1;
    return this.#top;
  }

  /** Says that nodes changed their order among themselves. */
  reordered(): void {
    this.#top = undefined;
  }
}

/** Adds a node above all others, unless its id is taken. */
export function addNode(board: Board, node: NewNode): void {
  if (!nodesOf(board.doc).has(node.id)) writeNode(board.doc, node, board.nextZ());
}

/** Sets a field, or removes it when `value` is null; leaves it alone when it is so already. */
export function setField(
  board: Board,
  at: { on: 'node' | 'edge'; id: string; name: string },
  value: string | null,
): void {
  const fields = fieldsOf(at.on === 'node' ? nodesOf(board.doc) : edgesOf(board.doc), at.id);
  if (fields === undefined) board.miss(at.id);
  else if (value === null) {
    if (fields.has(at.name)) fields.delete(at.name);
  } else if (fields.get(at.name) !== value) fields.set(at.name, value);
}

/** Moves a node; a place it holds already is not written again. */
export function moveNode(board: Board, id: string, to: { readonly x: number; readonly y: number }): void {
  const fields = fieldsOf(nodesOf(board.doc), id);
  const at = fields?.get('at');
  if (fields === undefined) board.miss(id);
  else if (!Array.isArray(at) || at[0] !== to.x || at[1] !== to.y) fields.set('at', [to.x, to.y]);
}

/** Gives a node a size; the one it has already is not written again. */
export function resizeNode(
  board: Board,
  id: string,
  to: { readonly width: number; readonly height: number },
): void {
  const fields = fieldsOf(nodesOf(board.doc), id);
  const size = fields?.get('size');
  if (fields === undefined) board.miss(id);
  else if (!Array.isArray(size) || size[0] !== to.width || size[1] !== to.height) {
    fields.set('size', [to.width, to.height]);
  }
}
