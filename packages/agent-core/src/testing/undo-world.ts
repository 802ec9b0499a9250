import { applyMutations, type CanvasMutation, noteText, readCanvas } from '@soma/schemas/canvas';
import fc from 'fast-check';
import * as Y from 'yjs';
import type { StoredUpdate } from '../port/index.ts';
import { History, type StoredMove } from '../room/history.ts';

export const authors = ['person:ann', 'person:ben', 'run:r1'] as const;
export type Author = (typeof authors)[number];

const anyId = fc.constantFrom('a', 'b', 'c');
const anyPlace = fc.record({
  x: fc.integer({ min: -500, max: 500 }),
  y: fc.integer({ min: -500, max: 500 }),
});
const anyEdge = fc.record({ id: fc.constantFrom('e', 'f'), from: anyId, to: anyId });

const anyMutation: fc.Arbitrary<CanvasMutation> = fc.oneof(
  fc.record({ id: anyId, text: fc.string({ maxLength: 12 }), at: anyPlace }).map(({ id, text, at }) => {
    const node = { kind: 'note' as const, id, text, ...at, width: 100, height: 50 };
    return { type: 'add-node' as const, node };
  }),
  fc.record({ id: anyId, at: anyPlace }).map(({ id, at }) => {
    return { type: 'move-nodes' as const, moves: [{ id, ...at }] };
  }),
  fc
    .record({ id: anyId, text: fc.string({ maxLength: 12 }) })
    .map((wish) => ({ type: 'set-text' as const, ...wish })),
  anyId.map((id) => ({ type: 'remove' as const, nodes: [id], edges: [] })),
  anyEdge.map((edge) => ({ type: 'add-edge' as const, edge })),
  fc.record({ id: anyId, colour: fc.constantFrom('1', '2', null) }).map(({ id, colour }) => {
    return { type: 'set-colour' as const, nodes: [id], edges: [], colour };
  }),
);

export type Action =
  | {
      readonly do: 'edit';
      readonly author: Author;
      readonly mutation: CanvasMutation;
      readonly joined: boolean;
    }
  | {
      readonly do: 'type';
      readonly author: Author;
      readonly id: string;
      readonly at: number;
      readonly text: string;
    }
  | { readonly do: 'undo' | 'redo'; readonly author: Author };

const anyAuthor = fc.constantFrom(...authors);
export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      author: anyAuthor,
      mutation: anyMutation,
      joined: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('type' as const),
      author: anyAuthor,
      id: anyId,
      at: fc.nat(20),
      text: fc.string({ minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const), author: anyAuthor }),
  },
);

/** One person's copy of the document, which lags behind like a window that has not heard the news. */
interface Peer {
  readonly doc: Y.Doc;
  group: number;
}

/** What came of some actions: the live history and what was stored. */
export class World {
  readonly stored: StoredUpdate[] = [];
  history = new History();
  readonly #peers = new Map<Author, Peer>();
  #clients = 1000;

  act(action: Action): void {
    if (action.do === 'edit' || action.do === 'type') this.#edit(action);
    else this.#move(action.author, action.do);
  }

  /** Everything an application that starts anew could see of the past. */
  static picture(history: History): unknown {
    return {
      board: readCanvas(history.doc),
      vector: [...Y.decodeStateVector(Y.encodeStateVector(history.doc))].sort(([a], [b]) => a - b),
      depths: Object.fromEntries(history.depths()),
    };
  }

  #peer(author: Author): Peer {
    const known = this.#peers.get(author);
    if (known !== undefined) return known;
    const doc = new Y.Doc();
    this.#clients += 1;
    doc.clientID = this.#clients;
    const peer = { doc, group: 0 };
    this.#peers.set(author, peer);
    return peer;
  }

  #edit(action: Extract<Action, { do: 'edit' | 'type' }>): void {
    const peer = this.#peer(action.author);
    let update: Uint8Array | undefined;
    const seen = (bytes: Uint8Array): void => {
      update = bytes;
    };
    peer.doc.on('update', seen);
    if (action.do === 'edit') {
      if (!action.joined) peer.group += 1;
      applyMutations(peer.doc, [action.mutation]);
    } else {
      const text = noteText(peer.doc, action.id);
      if (text !== undefined) text.insert(Math.min(action.at, text.length), action.text);
    }
    peer.doc.off('update', seen);
    if (update === undefined) return;
    const origin = { author: action.author, kind: 'edit', key: null, group: `g${peer.group}` } as const;
    const entry = { sequence: this.stored.length + 1, update, origin };
    this.stored.push(entry);
    this.history.edit(entry);
  }

  #move(author: Author, direction: 'undo' | 'redo'): void {
    this.#clients += 1;
    const update = this.history.move(author, direction, this.#clients);
    if (update === undefined) return;
    this.stored.push({
      sequence: this.stored.length + 1,
      update,
      origin: { author, kind: direction, key: null, group: '' },
    });
  }

  /** The window hears what everybody did. */
  hear(author: Author): void {
    const { doc } = this.#peer(author);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.history.doc, Y.encodeStateVector(doc)));
  }
}

export const anyScript = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ act: anyAction }) },
    { weight: 4, arbitrary: fc.record({ hear: anyAuthor }) },
    { weight: 1, arbitrary: fc.constant({ restart: true } as const) },
  ),
  { minLength: 1, maxLength: 80, size: 'max' },
);

/** The fold of stored updates in which every undo must give the same bytes again. */
export function strictly(stored: readonly StoredUpdate[]): History {
  const history = new History();
  for (const one of stored) {
    if (isMove(one)) history.replay(one);
    else history.edit(one);
  }
  return history;
}

function isMove(one: StoredUpdate): one is StoredMove {
  return one.origin.kind !== 'edit';
}

/** Undoes and redoes all there is, by everybody, and answers each update made on the way. */
export function exhaust(history: History): string[] {
  const made: string[] = [];
  for (const direction of ['undo', 'redo', 'undo'] as const) {
    for (const author of authors) {
      for (let client = 5000; ; client += 1) {
        const update = history.move(author, direction, client);
        if (update === undefined) break;
        made.push(Buffer.from(update).toString('hex'));
      }
    }
  }
  return made;
}
