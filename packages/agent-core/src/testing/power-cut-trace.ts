import { join } from 'node:path';
import { type Change, Disk, isIndex, type Node } from './power-cut-disk.ts';
import { bytesOf, type Call, callsOf, pathsOf, type Span, strace } from './strace-calls.ts';

export type Operation = Span &
  (Change | { readonly kind: 'sync'; readonly node: Node; readonly path: string });

/** What a child did to the files under one folder, in the order in which its calls returned. */
export interface Trace {
  /** What was there before, all of it flushed. */
  readonly before: Disk;
  readonly operations: readonly Operation[];
  /** Bytes added to the journal beside the folder, which is the test's own paper: it outlasts every power cut as far as it was written. */
  readonly journal: readonly (Span & { readonly bytes: Buffer })[];
  /** What comes of applying every operation. */
  readonly after: Disk;
}

interface Opened {
  readonly node: Node | 'journal';
  readonly path: string;
  readonly append: boolean;
  position: number;
}

export interface Recording {
  /** The folder that is watched; the trace and the journal lie beside it. */
  readonly folder: string;
  readonly journal: string;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** Runs a command under strace and reads what it did to the folder and the journal. Throws when it failed or did what is not understood. */
export function recordTrace({ folder, journal, command }: Recording): Trace {
  const before = Disk.read(folder);
  return parseTrace(strace(command, `${folder}.trace`), { folder, journal, before });
}

/** Reads what strace wrote with `-f -xx`. */
export function parseTrace(
  text: string,
  { folder, journal, before }: { folder: string; journal: string; before: Disk },
): Trace {
  const reader = new Reader(folder, journal, before);
  for (const call of callsOf(text)) reader.take(call);
  return reader.trace;
}

class Reader {
  readonly #folder: string;
  readonly #journal: string;
  readonly #open = new Map<number, Opened>();
  readonly #operations: Operation[] = [];
  readonly #lines: (Span & { bytes: Buffer })[] = [];
  readonly trace: Trace;

  constructor(folder: string, journal: string, before: Disk) {
    this.#folder = folder;
    this.#journal = journal;
    this.trace = { before, operations: this.#operations, journal: this.#lines, after: before.copy() };
  }

  take(call: Call): void {
    if (!(call.answer >= 0)) return;
    const handle = Number.parseInt(call.args, 10);
    const opened = this.#open.get(handle);
    switch (call.name) {
      case 'openat':
        this.#opened(call);
        break;
      case 'close':
        this.#open.delete(handle);
        break;
      case 'rename':
      case 'renameat':
      case 'renameat2':
      case 'unlink':
      case 'unlinkat':
      case 'rmdir':
        this.#moved(call);
        break;
      case 'mkdir':
      case 'mkdirat':
        this.#made(call);
        break;
      default:
        if (opened?.node === 'journal') this.#noted(call);
        else if (opened !== undefined) this.#changed(call, opened, opened.node);
        else if (/^(copy_file_range|sendfile|sync|link|sym|trunc|creat|msync)/.test(call.name)) refuse(call);
    }
  }

  #opened(call: Call): void {
    const [path = ''] = pathsOf(call);
    const flags = /", ([A-Z_|]+)/.exec(call.args)?.[1]?.split('|') ?? [];
    const opened = { path, append: flags.includes('O_APPEND'), position: 0 };
    this.#open.delete(call.answer);
    if (path === this.#journal) this.#open.set(call.answer, { ...opened, node: 'journal' });
    if (!this.#isWatched(path)) return;
    const found = this.#find(path);
    const node = found ?? { kind: 'file' };
    if (found === null) this.#name(call, [[path, node]]);
    else if (flags.includes('O_TRUNC') && this.trace.after.bytes(node).length > 0)
      this.#do(call, { kind: 'size', node, size: 0 });
    this.#open.set(call.answer, { ...opened, node });
  }

  #noted(call: Call): void {
    if (call.name !== 'write') refuse(call);
    this.#lines.push({ begun: call.begun, ended: call.ended, bytes: bytesOf(call) });
  }

  #changed(call: Call, opened: Opened, node: Node): void {
    const { begun, ended, answer } = call;
    // Where it goes, or how long the file becomes: the last argument, behind the payload.
    const last = Number(call.args.slice(call.args.lastIndexOf(', ') + 2));
    switch (call.name) {
      case 'fsync':
      case 'fdatasync':
        this.#operations.push({
          kind: 'sync',
          node,
          path: opened.path.slice(this.#folder.length),
          begun,
          ended,
        });
        break;
      case 'write':
      case 'writev':
        if (opened.append) opened.position = this.trace.after.bytes(node).length;
        this.#do(call, { kind: 'write', node, offset: opened.position, bytes: bytesOf(call) });
        opened.position += answer;
        break;
      case 'pwrite64':
      case 'pwritev':
        this.#do(call, { kind: 'write', node, offset: last, bytes: bytesOf(call) });
        break;
      case 'ftruncate':
        this.#do(call, { kind: 'size', node, size: last });
        break;
      case 'lseek':
        opened.position = answer;
        break;
      case 'copy_file_range':
      case 'ioctl':
        this.#copied(call);
        break;
      default:
        refuse(call);
    }
  }

  /** A copy as Node makes it: `copy_file_range(from, [at] => [..], to, NULL, ...)`, or `ioctl(to, FICLONE, from)` on disks that can. */
  #copied(call: Call): void {
    const part = /^(?<from>\d+), \[(?<at>\d+)\](?: => \[\d+\])?, (?<to>\d+), NULL/.exec(call.args);
    const whole = /^(?<to>\d+), (?:FICLONE|BTRFS_IOC_CLONE), (?<from>\d+)/.exec(call.args);
    const { from, at, to } = (part ?? whole)?.groups ?? {};
    const [source, target] = [this.#open.get(Number(from)), this.#open.get(Number(to))];
    if (source === undefined || target === undefined) refuse(call);
    if (source.node === 'journal' || target.node === 'journal') refuse(call);
    const all = this.trace.after.bytes(source.node);
    const begin = Number(at ?? 0);
    const bytes = Buffer.from(all.subarray(begin, part === null ? all.length : begin + call.answer));
    this.#do(call, { kind: 'write', node: target.node, offset: target.position, bytes });
    target.position += bytes.length;
  }

  #moved(call: Call): void {
    const [from = '', to] = pathsOf(call);
    const node = this.#isWatched(from) ? this.#find(from) : null;
    if (to !== undefined && this.#isWatched(to) !== this.#isWatched(from)) refuse(call);
    if (node === null) return;
    this.#name(
      call,
      to === undefined
        ? [[from, null]]
        : [
            [from, null],
            [to, node],
          ],
    );
  }

  #made(call: Call): void {
    const [path = ''] = pathsOf(call);
    if (this.#isWatched(path)) this.#name(call, [[path, { kind: 'folder' }]]);
  }

  #name(call: Call, names: readonly (readonly [string, Node | null])[]): void {
    const entries = names.map(([path, node]) => {
      const folder = this.#find(join(path, '..'));
      if (folder === null) return refuse(call);
      return { folder, name: path.slice(path.lastIndexOf('/') + 1), node };
    });
    this.#do(call, { kind: 'names', names: entries });
  }

  #do({ begun, ended }: Call, change: Change): void {
    this.trace.after.apply(change);
    this.#operations.push({ ...change, begun, ended });
  }

  #find(path: string): Node | null {
    return this.trace.after.find(path.slice(this.#folder.length));
  }

  #isWatched(path: string): boolean {
    return (path === this.#folder || path.startsWith(`${this.#folder}/`)) && !isIndex(path);
  }
}

function refuse({ name, args }: Call): never {
  throw new Error(`the trace holds a call that is not understood: ${name}(${args.slice(0, 300)})`);
}
