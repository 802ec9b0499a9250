// Child processes of the launcher: a step that is watched, a program that takes over the terminal, and what happens when
// something stops either. Everything said here goes to stderr; stdout belongs to the answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

/** A preparation that cannot go on. `code` is stable; the three sentences say why, what of it, and what to do. */
export class SetUpFailure extends Error {
  /** @param {{ code: string, cause: string, effect: string, next: string, output?: readonly string[] }} fault */
  constructor({ code, cause, effect, next, output = [] }) {
    super(cause);
    this.code = code;
    this.effect = effect;
    this.next = next;
    this.output = output;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Place */
/** @typedef {{ code: number, lines: string[] }} Ended */

/** @type {Map<import('node:child_process').ChildProcess, 'step' | 'program'>} */
const running = new Map();
/** @type {{ signal: NodeJS.Signals, since: number } | undefined} */
let stopping;

/** @param {NodeJS.Signals} signal */
const exitCode = (signal) => 128 + constants.signals[signal];

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  // npm passes a Ctrl-C on that the terminal has already sent us: only a later one means that somebody insists.
  const echo = stopping !== undefined && performance.now() - stopping.since < 1000;
  const insists = stopping !== undefined && !echo;
  stopping ??= { signal, since: performance.now() };
  if (running.size === 0) process.exit(exitCode(signal));
  if (echo) return;
  for (const [child, kind] of running) {
    if (kind === 'step') signalGroup(child, insists ? 'SIGKILL' : signal);
    // A terminal sends Ctrl-C to every process of its foreground group, so a program there already has it.
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  }
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended meanwhile.
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {'step' | 'program'} kind
 * @returns {Promise<number>} its exit code, 128 + n for signal n, 127 when it could not be started
 */
async function ended(child, kind) {
  running.set(child, kind);
  try {
    const [code, signal] = await once(child, 'close');
    return signal === null ? (code ?? 1) : exitCode(signal);
  } catch (fault) {
    say(`  ${/** @type {Error} */ (fault).message}`);
    return 127;
  } finally {
    running.delete(child);
    if (stopping !== undefined && running.size === 0 && kind === 'step')
      process.exit(exitCode(stopping.signal));
  }
}

/**
 * Runs a step to its end in a process group of its own, gathering what it says.
 * @param {readonly [string, ...string[]]} command
 * @param {Place & { hear?: (line: string) => void, echo?: boolean, seconds?: number }} [options] `hear` gets each line;
 *   `echo` also passes it on to stderr; after `seconds` the step is stopped
 * @returns {Promise<Ended & { stdout: string }>}
 */
export async function run([program, ...args], { hear, echo = false, seconds, ...place } = {}) {
  const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  /** @type {string[]} */
  const lines = [];
  /** @type {string[]} */
  const answer = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (coloured) => {
      const line = stripVTControlCharacters(coloured);
      lines.push(line);
      if (stream === child.stdout) answer.push(line);
      if (echo) say(line);
      hear?.(line);
    });
  }
  const timer =
    seconds === undefined ? undefined : setTimeout(() => signalGroup(child, 'SIGKILL'), seconds * 1000);
  const code = await ended(child, 'step');
  clearTimeout(timer);
  return { code, lines, stdout: answer.join('\n') };
}

/**
 * Gives the terminal to a program until it ends; its exit code is ours.
 * @param {readonly [string, ...string[]]} command
 * @param {Place & { drop?: RegExp }} [options] lines of stderr that match `drop` are noise of the system and left out
 * @returns {Promise<number>}
 */
export async function handOver([program, ...args], { drop, ...place } = {}) {
  const child = spawn(program, args, {
    ...place,
    stdio: ['inherit', 'inherit', drop === undefined ? 'inherit' : 'pipe'],
    // At a terminal it must stay in the foreground group to be able to ask; elsewhere it stands alone, so that a signal to
    // the whole group reaches it once, through us.
    detached: !process.stdin.isTTY,
  });
  if (drop !== undefined && child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!drop.test(line)) say(line);
    });
  }
  return ended(child, 'program');
}

/**
 * A step of the preparation: a line when it begins, one every ten seconds while it lasts, one when it is done.
 * @template T
 * @param {string} label
 * @param {(hear: (line: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const began = performance.now();
  const took = () => `${Math.round((performance.now() - began) / 1000)} s`;
  let last = '';
  say(`${label} ...`);
  const beat = setInterval(() => say(`  ${took()}${last === '' ? '' : `: ${last}`}`), 10_000);
  try {
    const result = await work((line) => {
      if (line.trim() !== '') last = line.trim().slice(0, 100);
    });
    say(`  done in ${took()}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}
