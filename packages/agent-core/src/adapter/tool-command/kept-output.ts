import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { durably } from '../../failpoint/index.ts';
import type { KeptSum } from './message.ts';

const LINE_END = 0x0a;

/**
 * The output of a command on the disk, bounded however much comes: the first half of what may be kept, and the last. What lies between
 * is counted and hashed, never stored. Only whole lines are kept beside a gap, so that every line of the file is a line of the output.
 */
export class KeptOutput {
  readonly #path: string;
  readonly #half: number;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #size = 0;
  #headSize = 0;
  #tail: Buffer[] = [];
  #tailSize = 0;

  /** `path` must not exist yet. */
  constructor(path: string, keptBytes: number) {
    this.#path = path;
    this.#half = Math.floor(keptBytes / 2);
    this.#file = openSync(path, 'wx', 0o600);
  }

  get size(): number {
    return this.#size;
  }

  take(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    const room = this.#half - this.#headSize;
    const head = chunk.subarray(0, room);
    if (head.length > 0) {
      durably('command.output', () => write(this.#file, head));
      this.#headSize += head.length;
    }
    if (chunk.length > room) this.#keepTail(chunk.subarray(Math.max(0, room)));
  }

  /** The last lines so far, at most `count`, as text. */
  lastLines(count: number): string {
    const bytes = this.#tailSize > 0 ? Buffer.concat(this.#tail.slice(-8)) : this.#headEnd();
    return bytes.toString('utf8').trimEnd().split(/\r?\n/).slice(-count).join('\n');
  }

  /** Writes what is kept to the disk for good. */
  finish(): KeptSum {
    const cutAfter = durably('command.kept', () => this.#writeTail());
    const kept = readFileSync(this.#path);
    return {
      hash: this.#hash.digest('hex'),
      size: this.#size,
      keptHash: createHash('sha256').update(kept).digest('hex'),
      keptSize: kept.length,
      cutAfter,
    };
  }

  /** Answers after how many lines something is left out, or null. */
  #writeTail(): number | null {
    const tail = Buffer.concat(this.#tail);
    let cutAfter: number | null = null;
    if (this.#headSize + this.#tailSize < this.#size) {
      const head = readFileSync(this.#path);
      const whole = head.subarray(0, head.lastIndexOf(LINE_END) + 1);
      ftruncateSync(this.#file, whole.length);
      cutAfter = whole.filter((byte) => byte === LINE_END).length;
      const next = tail.indexOf(LINE_END);
      write(this.#file, next === -1 ? Buffer.alloc(0) : tail.subarray(next + 1), whole.length);
    } else write(this.#file, tail);
    fsyncSync(this.#file);
    closeSync(this.#file);
    return cutAfter;
  }

  #keepTail(bytes: Buffer): void {
    // A copy, because a part of a chunk would hold the whole chunk in memory.
    this.#tail.push(Buffer.from(bytes.subarray(-this.#half)));
    this.#tailSize += Math.min(bytes.length, this.#half);
    while (this.#tailSize > this.#half) {
      const [first] = this.#tail;
      if (first === undefined) return;
      const over = this.#tailSize - this.#half;
      if (first.length <= over) this.#tail.shift();
      else this.#tail[0] = first.subarray(over);
      this.#tailSize -= Math.min(first.length, over);
    }
  }

  #headEnd(): Buffer {
    return readFileSync(this.#path).subarray(-4096);
  }
}

function write(file: number, bytes: Buffer, from?: number): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, bytes.length - at, from === undefined ? null : from + at);
}
