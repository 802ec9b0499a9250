import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd } from '@soma/schemas/event';
import { durably } from '../../failpoint/index.ts';
import { Family, MARK, startOf } from './family.ts';
import { KeptOutput } from './kept-output.ts';
import type { LedgerRecord, RunnerNews, RunRequest, ToRunner } from './message.ts';

/*
 * Runs one command and writes down what came of it. A process of its own, in a session of its own, so that it outlives a host that is
 * killed: the ledger then still says how the command ended.
 */

/** How often, in milliseconds, processes are counted and news is sent. */
const LOOK_MS = 250;
/** Lines of output in one piece of news, and its most characters. */
const NEWS_LINES = 5;
const NEWS_LENGTH = 1000;
/**
 * How long the output may stay open after every known process ended: so many turns of so many milliseconds. In each turn what has
 * come is read, however late this process gets its own turn.
 */
const DRAIN = { turns: 50, turnMs: 20 } as const;

process.once('message', (first: ToRunner) => {
  if (first.type === 'run') void perform(first).finally(() => process.exit(0));
});

/** What a command that runs is known by. */
interface Running {
  readonly child: ChildProcess;
  readonly outputs: readonly Readable[];
}

async function perform(request: RunRequest): Promise<void> {
  const ledger = openLedger(request);
  // Another runner has this key: what it does is written in its ledger.
  if (ledger === null) return;
  const output = new KeptOutput(join(request.store, `${request.id}.out`), request.limits.keptBytes);
  const started = performance.now();
  const came = await follow(request, ledger, output);
  const ended = { at: new Date().toISOString(), tookMs: Math.round(performance.now() - started) };
  ledger({ type: 'ended', ...ended, ...came, output: output.finish() });
}

type Came = Pick<
  Extract<LedgerRecord, { type: 'ended' }>,
  'end' | 'exitCode' | 'signal' | 'cause' | 'leftovers'
>;

async function follow(
  request: RunRequest,
  ledger: (record: LedgerRecord) => void,
  output: KeptOutput,
): Promise<Came> {
  const { child, outputs } = start(request);
  const gone = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const cause = await new Promise<string | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
  });
  if (cause !== null || child.pid === undefined) {
    for (const stream of outputs) stream.destroy();
    return { end: 'not-started', exitCode: null, signal: null, cause: cause ?? 'unknown', leftovers: 0 };
  }
  ledger({ type: 'started', at: new Date().toISOString(), pid: child.pid });
  const family = new Family(child.pid, request.id);
  const ends = new Promise<CommandEnd>((resolve) => watch(request, { family, output, outputs }, resolve));
  const end = await Promise.race([ends, gone.then((): CommandEnd => 'itself')]);
  const left = await family.end(end === 'itself' ? 0 : undefined);
  const { code, signal } = await gone;
  await drained(outputs);
  const leftovers = end === 'itself' ? left : 0;
  return { end, exitCode: code, signal, cause: null, leftovers };
}

/** Calls `over` when a limit is passed or a stop is asked for, by the host or by a signal. */
function watch(
  { limits }: RunRequest,
  { family, output, outputs }: { family: Family; output: KeptOutput; outputs: readonly Readable[] },
  over: (end: CommandEnd) => void,
): void {
  setTimeout(() => over('timeout'), limits.timeoutMs);
  let said = 0;
  setInterval(() => {
    if (family.living().length > limits.processes) over('processes');
    if (output.size === said) return;
    said = output.size;
    tell({ lines: output.lastLines(NEWS_LINES).slice(-NEWS_LENGTH), bytes: said });
  }, LOOK_MS);
  for (const stream of outputs) {
    stream.on('data', (chunk: Buffer) => {
      output.take(chunk);
      if (output.size > limits.outputBytes) over('output');
    });
  }
  process.on('message', (message: ToRunner) => {
    if (message.type === 'stop') over('stopped');
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => over('stopped'));
}

/** A host that is gone hears nothing, and the command goes on. */
function tell(news: RunnerNews): void {
  if (process.connected === true) process.send?.(news, undefined, {}, () => undefined);
}

function start({ id, command, folder, store, environment }: RunRequest): Running {
  const options = {
    cwd: folder,
    env: { ...environment, [MARK]: id },
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
  if (process.platform === 'win32') {
    const child = spawn(command, { ...options, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    return { child, outputs: [child.stdout, child.stderr] };
  }
  // One pipe for both streams keeps their lines in order, and unlike a socket it can be opened again as /dev/stderr.
  const pipe = durably('command.pipe', () => openPipe(join(store, `${id}.pipe`)));
  const child = spawn('/bin/sh', ['-c', command], { ...options, stdio: ['ignore', pipe.write, pipe.write] });
  closeSync(pipe.write);
  return { child, outputs: [pipe.read] };
}

function openPipe(path: string): { read: Socket; write: number } {
  const made = spawnSync('mkfifo', ['-m', '600', path]);
  if (made.status !== 0) throw new Error('the system makes no pipe');
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const write = openSync(path, constants.O_WRONLY);
  rmSync(path);
  return { read: new Socket({ fd: read, readable: true, writable: false }), write };
}

/** Returns when all was read. A process that got away may hold the output open for ever, so that is not waited for. */
async function drained(outputs: readonly Readable[]): Promise<void> {
  const read = outputs
    .filter((stream) => !stream.readableEnded)
    .map((stream) => new Promise((resolve) => stream.once('close', resolve)));
  let open = true;
  void Promise.all(read).then(() => {
    open = false;
  });
  for (let turn = 0; open && turn < DRAIN.turns; turn += 1) await sleep(DRAIN.turnMs);
  for (const stream of outputs) stream.removeAllListeners('data').destroy();
}

/** Makes the ledger with its intent. Null when there is one already. */
function openLedger(request: RunRequest): ((record: LedgerRecord) => void) | null {
  const { id, key, run, task, call, command, folder, limits, store } = request;
  const commandHash = createHash('sha256').update(command).digest('hex');
  const runner = { runner: process.pid, runnerStarted: startOf(process.pid) };
  const what = { id, key, run, task, call, command, commandHash, folder, limits, ...runner };
  const file = durably('command.intent', () =>
    create(join(store, `${id}.jsonl`), { type: 'intent', at: new Date().toISOString(), ...what }),
  );
  return file === null ? null : (record) => durably('command.record', () => append(file, record));
}

/** A ledger with its first record, on the disk with its name; null when there is one already. */
function create(path: string, record: LedgerRecord): number | null {
  try {
    const file = openSync(path, 'wx', 0o600);
    append(file, record);
    syncFolder(dirname(path));
    return file;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
}

function append(file: number, record: LedgerRecord): void {
  writeSync(file, `${JSON.stringify(record)}\n`);
  fsyncSync(file);
}

function syncFolder(path: string): void {
  // Windows has no such call, and needs none.
  if (process.platform === 'win32') return;
  const folder = openSync(path, constants.O_RDONLY);
  fsyncSync(folder);
  closeSync(folder);
}
