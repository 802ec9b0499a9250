import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import Database from 'better-sqlite3';
import { startServe } from '../seat.ts';
import { figureOf, rounded } from './part/figure.ts';
import { callHost, keypresses } from './part/keypress.ts';
import { writeSources } from './part/sources.ts';

// The thread of a goal: how long from the key in the window until it is in the log, what of that is the host's (from the call on
// the socket file to its answer), and how long explain-folder takes over many files. The peer is SQLite itself, committing one row
// of the same size to disk.

const KEYPRESSES = 40;
const SUBMITS = 100;
const ROUNDS = 3;
const LIMITS = { keypressP95Ms: 10, files2000Ms: 2000, files10000Ms: 10_000, peakMb: 500 };

const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  const answer = await measure(work);
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(root: string) {
  const small = join(root, 'small');
  await writeSources(small, 3);
  const peer = commits(root);
  const keys = await keypresses(root, KEYPRESSES);
  const { calls, pid, end } = await serve(join(root, 'data'));
  try {
    const submit = figureOf(await submits(calls, small));
    const explained = [];
    for (const files of [2000, 10_000]) {
      const times = [];
      const again = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        // A folder of its own each time: nothing of it has been read before.
        const folder = join(root, `files-${files}-${round}`);
        await writeSources(folder, files);
        times.push(await explain(calls, folder, `${files}-${round}`));
        again.push(await explain(calls, folder, `${files}-${round}-again`));
        await rm(folder, { recursive: true });
      }
      explained.push({ files, ms: figureOf(times), againMs: figureOf(again) });
    }
    return {
      bench: 'thread',
      machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
      limits: LIMITS,
      keypressMs: figureOf(keys),
      submitMs: submit,
      peerSqliteCommitMs: figureOf(peer),
      explainFolder: explained,
      peakRssMb: peakOf(pid),
    };
  } finally {
    await end();
  }
}

async function serve(data: string) {
  const { child } = await startServe(data);
  const { calls, close } = await callHost(data);
  const end = async () => {
    close();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  return { calls, pid: child.pid ?? 0, end };
}

/** From the call to the recorded answer, in milliseconds; each run is stopped at once. */
async function submits(calls: HostCalls, folder: string): Promise<number[]> {
  const at = await place(calls, folder, 'submits');
  const times: number[] = [];
  for (let index = 0; index < SUBMITS; index += 1) {
    const id = `submit-${index}`;
    const started = performance.now();
    const recorded = await calls.goal.submit({
      id,
      text: 'Explain this folder',
      ...at,
      plan: null,
      slots: {},
      approve: 'never',
    });
    times.push(performance.now() - started);
    if (!recorded.ok) throw new Error(recorded.fault.code);
    await calls.run.stop({ id: `stop-${index}`, run: id });
  }
  return times;
}

/** From the recorded goal to the recorded end, in milliseconds, by the log's own times. */
async function explain(calls: HostCalls, folder: string, name: string): Promise<number> {
  const at = await place(calls, folder, name);
  const id = `explain-${name}`;
  const recorded = await calls.goal.submit({
    id,
    text: 'Explain this folder',
    ...at,
    plan: null,
    slots: {},
    approve: 'never',
  });
  if (!recorded.ok) throw new Error(recorded.fault.code);
  for (;;) {
    const answered = await calls.run.report({ run: id });
    if (answered.ok) {
      const { state, times } = answered.report;
      if (state !== 'verified') throw new Error(`the run ended ${state}`);
      return Date.parse(times.ended) - Date.parse(times.started);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function place(
  calls: HostCalls,
  path: string,
  name: string,
): Promise<{ folder: string; canvas: string }> {
  const granted = await calls.folder.grant({ id: `folder-${name}`, path });
  if (!granted.ok) throw new Error(granted.fault.code);
  const canvas = `canvas-${name}`;
  const created = await calls.canvas.create({ id: canvas, title: name, folder: granted.folder });
  if (!created.ok) throw new Error(created.fault.code);
  return { folder: granted.folder, canvas };
}

function commits(root: string): number[] {
  const database = new Database(join(root, 'peer.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE rows (payload TEXT)');
  const insert = database.prepare('INSERT INTO rows VALUES (?)');
  const times: number[] = [];
  for (let index = 0; index < 500; index += 1) {
    const started = performance.now();
    insert.run('x'.repeat(1024));
    times.push(performance.now() - started);
  }
  database.close();
  return times;
}

/** Most memory the host's process ever held, in megabytes, as Linux keeps count; unknown elsewhere. */
function peakOf(pid: number): number | 'unknown' {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? 'unknown' : rounded(Number(kilobytes) / 1024);
  } catch {
    return 'unknown';
  }
}
