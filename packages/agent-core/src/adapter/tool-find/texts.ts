import { FaultError } from '@soma/schemas/event';
import { linesOf, READ_LIMIT, readText } from '../tool-folder/index.ts';

/** Characters of text that are kept between questions. */
const KEPT = 8 * 1024 * 1024;

interface Kept {
  readonly hash: string;
  readonly lines: readonly string[];
  readonly size: number;
}

/** The lines of a folder's files, read once while the hash the index knows of them stays the same; the last ones asked for are kept. */
export class Texts {
  readonly #root: string;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Null when the file went away or cannot be read any more. */
  async lines(path: string, hash: string): Promise<readonly string[] | null> {
    const known = this.#kept.get(path);
    this.#forget(path);
    const read = known?.hash === hash ? known : await this.#read(path, hash);
    if (read !== null) this.#keep(path, read);
    return read?.lines ?? null;
  }

  async #read(path: string, hash: string): Promise<Kept | null> {
    try {
      const { text } = await readText(this.#root, path, READ_LIMIT);
      return { hash, lines: linesOf(text), size: text.length };
    } catch (error) {
      if (error instanceof FaultError) return null;
      throw error;
    }
  }

  #keep(path: string, read: Kept): void {
    this.#kept.set(path, read);
    this.#size += read.size;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= KEPT) return;
      this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    this.#size -= this.#kept.get(path)?.size ?? 0;
    this.#kept.delete(path);
  }
}
