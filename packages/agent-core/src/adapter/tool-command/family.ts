import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The variable that every process of a command inherits, with the id of its execution. */
export const MARK = 'RUN_BY_SOMAAGENT';
/** How long, in milliseconds, a process has between being asked to end and being killed. */
const GRACE_MS = 1000;
/** Rounds of looking and killing, for processes that start others meanwhile. */
const ROUNDS = 40;

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not say. */
  readonly session: number;
  readonly started: string;
  readonly marked: boolean;
}

/**
 * All processes that come from one command, also those that left its process group. On Linux they are known by the mark in their
 * environment, by their session and by who started them; a process that clears its environment, starts a session and loses its parent
 * between two looks is not found. Elsewhere they are known by their group and by who started them, and on Windows by the latter alone.
 */
export class Family {
  readonly #root: number | null;
  readonly #mark: string;
  /** When each known process started, so that a number that was given anew is not taken for it. */
  readonly #known = new Map<number, string>();
  readonly #groups: Set<number>;
  /** Processes without the mark, by when they started: nobody gets it later, so they are asked once. */
  #unmarked = new Map<number, string>();

  /**
   * `root` is the first process, which leads a group and a session of its own. Null when that may be gone and its number another's:
   * then only marked processes and what they started are found.
   */
  constructor(root: number | null, id: string) {
    this.#root = root;
    this.#mark = `${MARK}=${id}`;
    this.#groups = new Set(root === null ? [] : [root]);
  }

  /** Those that live now. */
  living(): readonly number[] {
    if (process.platform === 'win32') return [];
    const rows = this.#rows().filter(({ pid }) => pid !== process.pid);
    const found = new Map<number, Row>();
    for (let before = -1; before < found.size; ) {
      before = found.size;
      for (const row of rows) if (!found.has(row.pid) && this.#isOurs(row, found)) found.set(row.pid, row);
    }
    for (const { pid, started, group } of found.values()) {
      this.#known.set(pid, started);
      if (group === pid) this.#groups.add(group);
    }
    return [...found.keys()];
  }

  /** Ends all of them and answers how many there were. `graceMs` 0 kills at once. */
  async end(graceMs = GRACE_MS): Promise<number> {
    if (process.platform === 'win32') {
      if (this.#root === null) return 0;
      spawnSync('taskkill', ['/PID', String(this.#root), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
      return 0;
    }
    const first = this.living();
    if (graceMs > 0) {
      signalAll(first, 'SIGTERM');
      for (let waited = 0; waited < graceMs && this.living().length > 0; waited += 50) await sleep(50);
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Halted first, so that none starts another while the rest is being killed.
      const rest = this.living();
      if (rest.length === 0) break;
      signalAll(rest, 'SIGSTOP');
      signalAll(this.living(), 'SIGKILL');
      await sleep(10);
    }
    return first.length;
  }

  #rows(): readonly Row[] {
    if (process.platform !== 'linux') return listedByPs();
    const unmarked = new Map<number, string>();
    const rows = linuxProcesses().map((row) => {
      const marked = this.#unmarked.get(row.pid) !== row.started && isMarked(row.pid, this.#mark);
      if (!marked) unmarked.set(row.pid, row.started);
      return { ...row, marked };
    });
    this.#unmarked = unmarked;
    return rows;
  }

  #isOurs(row: Row, found: ReadonlyMap<number, Row>): boolean {
    return (
      row.marked ||
      found.has(row.parent) ||
      this.#groups.has(row.group) ||
      this.#groups.has(row.session) ||
      this.#known.get(row.pid) === row.started
    );
  }
}

/** When a living process started, as the system counts it; null when there is none, or the system does not say. */
export function startOf(pid: number): string | null {
  return process.platform === 'linux' ? (linuxRow(pid)?.started ?? null) : null;
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function linuxProcesses(): readonly Row[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
  return pids.map(linuxRow).filter((row) => row !== null);
}

/** Null when there is no such living process; one that ended and was not yet fetched does not live. */
function linuxRow(pid: number): Row | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = '', group = '', session = ''] = fields;
    if (state === 'Z' || state === 'X') return null;
    const numbers = { parent: Number(parent), group: Number(group), session: Number(session) };
    return { pid, ...numbers, started: fields[19] ?? '', marked: false };
  } catch {
    return null;
  }
}

function isMarked(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    // Another user's process.
    return false;
  }
}

function listedByPs(): readonly Row[] {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { encoding: 'utf8' });
  return listed.stdout.split('\n').flatMap((line) => {
    const [pid = '', parent = '', group = '', state = '', ...started] = line.trim().split(/\s+/);
    if (pid === '' || state.startsWith('Z')) return [];
    const numbers = { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 };
    return [{ ...numbers, started: started.join(' '), marked: false }];
  });
}
