import { spawn } from 'node:child_process';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { arm, FAILPOINTS, type Failpoint } from '../failpoint/index.ts';

/** Half of what a child does before it begins is to compile its modules. */
const CACHE = new URL('./compile-cache.ts', import.meta.url).href;

/** Where a child process is to kill itself: the `hit`-th time it passes the failpoint. */
export interface KillPoint {
  readonly name: Failpoint;
  readonly hit: number;
}

export interface KillRequest {
  /** A TypeScript module whose first argument goes to `armKill`. */
  readonly entry: URL;
  /** Its further arguments. */
  readonly args: readonly string[];
  /** A failpoint, or a time in milliseconds after the start, or null to let it end. */
  readonly at: KillPoint | number | null;
}

export interface Ended {
  /** Whether it was killed; otherwise it ended by itself. */
  readonly killed: boolean;
  readonly code: number | null;
  /** What it wrote to stderr. */
  readonly said: string;
}

/** Runs a child process until it is killed with SIGKILL, as a power button would, or ends. */
export function runUntilKilled({ entry, args, at }: KillRequest): Promise<Ended> {
  const point = at === null || typeof at === 'number' ? '-' : `${at.name}:${at.hit}`;
  const child = spawn(process.execPath, ['--import', CACHE, fileURLToPath(entry), point, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const timer = typeof at === 'number' ? setTimeout(() => child.kill('SIGKILL'), at) : undefined;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', code, said });
    });
  });
}

/** In the child: arms the kill that `runUntilKilled` asked for with its first argument. */
export function armKill(argument: string | undefined): void {
  // A process that is killed leaves nothing of its own accord.
  flushCompileCache();
  const [asked, hit] = (argument ?? '-').split(':');
  if (asked === '-') return;
  const name = FAILPOINTS.find((one) => one === asked);
  if (name === undefined) throw new Error(`no failpoint is named ${asked}`);
  let left = Number(hit);
  arm(name, () => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  });
}
