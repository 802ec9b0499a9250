import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Every call by which this product, Node or SQLite changes, flushes, opens or names files, and those that would be news. */
const CALLS =
  'openat,creat,close,dup,dup2,dup3,lseek,write,pwrite64,writev,pwritev,pwritev2,copy_file_range,sendfile,splice,ioctl,truncate,ftruncate,' +
  'fallocate,fsync,fdatasync,sync,syncfs,sync_file_range,msync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat';

/** When a call was entered and when it returned, on one line of time through all threads; odd and even, so that no two are the same. */
export interface Span {
  readonly begun: number;
  readonly ended: number;
}

/** One call that returned. */
export interface Call extends Span {
  readonly name: string;
  readonly args: string;
  readonly answer: number;
}

/** Runs a program under strace; answers, as text of one byte a character, every call of it that has to do with files. Throws when it fails. */
export function strace(command: readonly string[], file: string): string {
  // Without io_uring, which writes behind strace's back.
  const options = [
    '-f',
    '-xx',
    '-s',
    '67108864',
    '-o',
    file,
    '-e',
    `trace=${CALLS}`,
    '-E',
    'UV_USE_IO_URING=0',
  ];
  const child = spawnSync('strace', [...options, ...command], { encoding: 'utf8' });
  if (child.error !== undefined)
    throw new Error('this test needs strace: apt-get install strace', { cause: child.error });
  if (child.status !== 0) throw new Error(`the recorded child failed: ${child.stderr}`);
  return readFileSync(file, 'latin1');
}

/** Calls in the order in which they returned; a `close` when it was entered, since its number may be given away before it returns. */
export function* callsOf(text: string): Generator<Call> {
  const pending = new Map<string, { name: string; args: string; begun: number }>();
  let line = 0;
  for (const row of text.split('\n')) {
    const [begun, ended] = [2 * line, 2 * line + 1];
    line += 1;
    const thread = /^\d+/.exec(row)?.[0] ?? '';
    const resumed = /^\d+ +<\.\.\. \w+ resumed>(.*)\) += (-?\d+|\?)/.exec(row);
    const entered = /^\d+ +(\w+)\((.*)$/.exec(row);
    const [, name = '', rest = ''] = entered ?? [];
    const first = pending.get(thread);
    if (resumed !== null && first !== undefined) {
      pending.delete(thread);
      const [, more, answer] = resumed;
      if (first.name !== 'close') yield { ...first, args: first.args + more, answer: Number(answer), ended };
    } else if (rest.endsWith(' <unfinished ...>')) {
      const call = { name, args: rest.slice(0, -' <unfinished ...>'.length), begun };
      pending.set(thread, call);
      if (name === 'close') yield { ...call, answer: 0, ended };
    } else if (entered !== null) {
      const [, args = '', answer] = /^(.*)\) += (-?\d+|\?)/.exec(rest) ?? [];
      yield { name, args, answer: Number(answer), begun, ended };
    } else if (row !== '' && !/^\d+ +(\+\+\+|---)/.test(row))
      throw new Error(`not understood: ${row.slice(0, 300)}`);
  }
}

/** Absolute paths named in a call. A path relative to an open folder would be news, and has no leading slash. */
export function pathsOf(call: Call): string[] {
  return stringsOf(call.args).map((bytes) => bytes.toString('utf8'));
}

/** The payload, as much of it as was taken. */
export function bytesOf({ args, answer }: Call): Buffer {
  return Buffer.concat(stringsOf(args)).subarray(0, answer);
}

function stringsOf(args: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = args.indexOf('"'); at >= 0; ) {
    const end = args.indexOf('"', at + 1);
    if (args.startsWith('...', end + 1)) throw new Error('strace cut off a payload');
    found.push(Buffer.from(args.slice(at + 1, end).replaceAll('\\x', ''), 'hex'));
    at = args.indexOf('"', end + 1);
  }
  return found;
}
