import type { CanvasSnapshot, FramePort } from '@soma/schemas/canvas';
import { uint32 } from 'lib0/random';
import type {
  DocumentAddress,
  DocumentStore,
  Hub,
  HubMember,
  MutateAnswer,
  MutateRequest,
} from '../port/index.ts';
import { Connection, type HeldRoom } from './connection.ts';
import { Room } from './room.ts';

/** Documents kept in memory after the last window left, so that an agent who works on need not load at each call. */
const KEPT_ROOMS = 8;

interface Entry {
  readonly room: Promise<Room>;
  /** Windows and calls that hold the room now. */
  uses: number;
}

function keyOf({ scope, document }: DocumentAddress): string {
  return JSON.stringify([scope.tenant, scope.workspace, document]);
}

/** The hub over a document store in this process: one room a document, while it is used. */
export class LocalHub implements Hub {
  readonly #store: DocumentStore;
  readonly #rooms = new Map<string, Entry>();
  readonly #connections = new Set<Connection>();

  constructor({ store }: { readonly store: DocumentStore }) {
    this.#store = store;
  }

  connect(port: FramePort, member: HubMember): () => void {
    const hold = (document: string) => this.#hold({ scope: member.scope, document });
    const connection = new Connection({ port, author: member.author, hold });
    this.#connections.add(connection);
    return () => {
      this.#connections.delete(connection);
      connection.close();
    };
  }

  mutate(request: MutateRequest): Promise<MutateAnswer> {
    return this.#with(request, (room) => room.mutate(request));
  }

  probe({ scope, document, key }: DocumentAddress & { readonly key: string }): Promise<boolean> {
    return this.#store.has(scope, document, key);
  }

  undoAll(
    request: DocumentAddress & { readonly author: string; readonly redo?: boolean | undefined },
  ): Promise<{ readonly changed: boolean }> {
    return this.#with(request, async (room) => {
      return { changed: await room.moveAll(request.author, request.redo === true ? 'redo' : 'undo') };
    });
  }

  snapshot(request: DocumentAddress): Promise<CanvasSnapshot> {
    return this.#with(request, async (room) => room.snapshot());
  }

  /** Lets every window go and resolves when all that was sent is stored. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    for (const { room } of this.#rooms.values()) {
      // A room that could not be loaded has nothing left to store.
      const loaded = await room.catch(() => undefined);
      await loaded?.working;
    }
  }

  async #with<T>(address: DocumentAddress, work: (room: Room) => Promise<T>): Promise<T> {
    const { room, release } = await this.#hold(address);
    try {
      return await work(room);
    } finally {
      release();
    }
  }

  /** Holds the document's room, loading it first when nobody has. Throws what loading throws, each time anew. */
  async #hold(address: DocumentAddress): Promise<HeldRoom> {
    const key = keyOf(address);
    const entry = this.#rooms.get(key) ?? this.#open(address);
    // Last in the map is used last.
    this.#rooms.delete(key);
    this.#rooms.set(key, entry);
    entry.uses += 1;
    try {
      const room = await entry.room;
      if (room.broken === undefined) return { room, release: () => this.#release(entry) };
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
    this.#release(entry);
    this.#forget(key, entry);
    return this.#hold(address);
  }

  #open(address: DocumentAddress): Entry {
    return { room: Room.open({ store: this.#store, address, nextClient: uint32 }), uses: 0 };
  }

  #forget(key: string, entry: Entry): void {
    if (this.#rooms.get(key) === entry) this.#rooms.delete(key);
  }

  #release(entry: Entry): void {
    entry.uses -= 1;
    if (entry.uses === 0) void this.#unload();
  }

  /** Unloads rooms nobody uses, the longest unused first; never one that still has something to store. */
  async #unload(): Promise<void> {
    const unused = [...this.#rooms].filter(([, { uses }]) => uses === 0);
    for (const [key, entry] of unused.slice(0, Math.max(unused.length - KEPT_ROOMS, 0))) {
      const room = await entry.room;
      while (room.working !== undefined) await room.working;
      if (entry.uses === 0) this.#forget(key, entry);
    }
  }
}
