import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file or a folder, whatever it is called: it stays the same one when it is renamed. */
export interface Node {
  readonly kind: 'file' | 'folder';
}

/** One name in a folder from now on: what it stands for, or null when there is no such name any more. */
export interface Name {
  readonly folder: Node;
  readonly name: string;
  readonly node: Node | null;
}

/** What a call of the system changes. The names of one change come all or not at all, as a rename does. */
export type Change =
  | { readonly kind: 'write'; readonly node: Node; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'size'; readonly node: Node; readonly size: number }
  | { readonly kind: 'names'; readonly names: readonly Name[] };

interface Bytes {
  held: Buffer;
  size: number;
}

/**
 * Files and folders in memory. The index of a write-ahead log (`-shm`) is never among them: it is written through mapped memory, which no
 * trace shows, and SQLite makes it again from the log.
 */
export class Disk {
  readonly root: Node;
  readonly #names = new Map<Node, Map<string, Node>>();
  readonly #bytes = new Map<Node, Bytes>();

  constructor(root: Node = { kind: 'folder' }) {
    this.root = root;
  }

  /** What is under a folder of the real disk. */
  static read(path: string): Disk {
    const disk = new Disk();
    disk.#read(path, disk.root);
    return disk;
  }

  #read(path: string, folder: Node): void {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const { name } = entry;
      if (isIndex(name)) continue;
      const node: Node = { kind: entry.isDirectory() ? 'folder' : 'file' };
      this.apply({ kind: 'names', names: [{ folder, name, node }] });
      if (node.kind === 'folder') this.#read(join(path, name), node);
      else this.apply({ kind: 'write', node, offset: 0, bytes: readFileSync(join(path, name)) });
    }
  }

  /** Another disk with the same nodes. */
  copy(): Disk {
    const other = new Disk(this.root);
    for (const [folder, names] of this.#names) other.#names.set(folder, new Map(names));
    for (const [node, { held, size }] of this.#bytes)
      other.#bytes.set(node, { held: Buffer.from(held), size });
    return other;
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'write': {
        const { node, offset, bytes } = change;
        const file = this.#grown(node, offset + bytes.length);
        bytes.copy(file.held, offset);
        break;
      }
      case 'size': {
        const file = this.#grown(change.node, change.size);
        file.held.fill(0, change.size);
        file.size = change.size;
        break;
      }
      case 'names':
        for (const { folder, name, node } of change.names) {
          if (node === null) this.#folder(folder).delete(name);
          else this.#folder(folder).set(name, node);
        }
        break;
    }
  }

  /** What a path, relative to the root, leads to. */
  find(path: string): Node | null {
    let found: Node | undefined = this.root;
    for (const part of path.split('/')) {
      if (part !== '' && found !== undefined) found = this.#folder(found).get(part);
    }
    return found ?? null;
  }

  bytes(node: Node): Buffer {
    const { held, size } = this.#grown(node, 0);
    return held.subarray(0, size);
  }

  /** Every file by its path relative to the root; a folder has the text `folder`. */
  files(): Map<string, Buffer | 'folder'> {
    const found = new Map<string, Buffer | 'folder'>();
    const visit = (folder: Node, above: string): void => {
      for (const [name, node] of this.#folder(folder)) {
        const path = join(above, name);
        found.set(path, node.kind === 'folder' ? 'folder' : this.bytes(node));
        if (node.kind === 'folder') visit(node, path);
      }
    };
    visit(this.root, '');
    return found;
  }

  /** Puts everything under a new folder of the real disk, for its owner only, as the product does. */
  write(path: string): void {
    mkdirSync(path, { mode: 0o700 });
    for (const [name, bytes] of this.files()) {
      if (bytes === 'folder') mkdirSync(join(path, name), { mode: 0o700 });
      else writeFileSync(join(path, name), bytes, { mode: 0o600 });
    }
  }

  #folder(node: Node): Map<string, Node> {
    const names = this.#names.get(node) ?? new Map<string, Node>();
    this.#names.set(node, names);
    return names;
  }

  #grown(node: Node, size: number): Bytes {
    const file = this.#bytes.get(node) ?? { held: Buffer.alloc(0), size: 0 };
    this.#bytes.set(node, file);
    if (size > file.held.length) {
      const held = Buffer.alloc(Math.max(size, 2 * file.held.length));
      file.held.copy(held);
      file.held = held;
    }
    file.size = Math.max(file.size, size);
    return file;
  }
}

export function isIndex(path: string): boolean {
  return path.endsWith('-shm');
}
