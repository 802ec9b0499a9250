import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunReport } from '@soma/schemas/run';
import { endHost } from '../host-process.ts';
import { newData, soma } from '../seat.ts';
import { figureOf } from './part/figure.ts';
import { type FolderName, hashesOf, layOut } from './part/plan-folders.ts';
import { faultsOf, type Key } from './part/plan-judge.ts';

// Goals as people type them, over real folders, without a model: whether the run came to the right answer, by keys that were made
// before the product was run (plans/README.md). `npm run bench -- plans ID ...` plays only these goals.

interface Goal {
  readonly id: string;
  readonly folder: FolderName;
  readonly kind: string;
  readonly goal: string;
  readonly approve: string;
  readonly prepare?: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  readonly key: Key;
}

interface Answered {
  readonly goal: Goal;
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly plan: string;
}

const SETS = ['tune', 'held-out'] as const;
const LIMITS = { rightOf20: 16 };
const LONGEST_MS = 180_000;

const only = new Set(process.argv.slice(2));
const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  const sets: Record<string, ReturnType<typeof scoreOf>> = {};
  for (const set of SETS) {
    const goals = await goalsOf(set);
    const answered: Answered[] = [];
    for (const goal of goals) {
      const one = await play(goal);
      answered.push(one);
      process.stderr.write(`${goal.id}: ${one.faults.length === 0 ? 'right' : 'wrong'} (${one.plan})\n`);
    }
    sets[set] = scoreOf(answered);
  }
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node };
  process.stdout.write(`${JSON.stringify({ bench: 'plans', machine, limits: LIMITS, sets }, null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function goalsOf(set: (typeof SETS)[number]): Promise<Goal[]> {
  const text = await readFile(new URL(`./plans/${set}.json`, import.meta.url), 'utf8');
  const goals = JSON.parse(text) as Goal[];
  return only.size === 0 ? goals : goals.filter(({ id }) => only.has(id));
}

/** One goal, typed into the terminal of the built product: a folder laid out anew, a data folder of its own. */
async function play(goal: Goal): Promise<Answered> {
  const home = join(work, goal.id);
  const folder = join(home, goal.folder);
  const file = join(home, 'report.json');
  await layOut(goal.folder, folder);
  for (const { path, from, to } of goal.prepare ?? []) {
    const text = await readFile(join(folder, path), 'utf8');
    await writeFile(join(folder, path), text.replaceAll(from, to));
  }
  const before = await hashesOf(folder);
  const data = await newData();
  try {
    const args = ['run', goal.goal, '--folder', folder, '--json', file, '--approve', goal.approve];
    const began = performance.now();
    const said = await within(soma(args, data.path), LONGEST_MS);
    const seconds = (performance.now() - began) / 1000;
    const report = await reportOf(file);
    const differs = differencesOf(before, await hashesOf(folder));
    const faults = faultsOf({ kind: goal.kind, key: goal.key, report, folder, differs });
    if (said === null) faults.push(`not ended within ${LONGEST_MS / 1000} s`);
    const refusal = said?.stderr.match(/^[A-Z][A-Z_]+(?=:)/m)?.[0];
    // A product that cannot even start refuses everything, and is right about nothing.
    if (report === null && !/^(?:PLAN|SLOT)_/.test(refusal ?? '')) faults.push('neither a run nor a refusal');
    return { goal, faults, seconds, plan: report?.plan?.id ?? refusal ?? 'none' };
  } finally {
    await endHost(data.path);
    await data.remove();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function within<T>(answer: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function reportOf(file: string): Promise<RunReport | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : RunReport.parse(JSON.parse(text));
}

function differencesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const differs = new Map<string, string | null>();
  for (const [path, hash] of after) if (before.get(path) !== hash) differs.set(path, hash);
  for (const path of before.keys()) if (!after.has(path)) differs.set(path, null);
  return differs;
}

function scoreOf(answered: readonly Answered[]) {
  const kinds: Record<string, string> = {};
  for (const kind of new Set(answered.map(({ goal }) => goal.kind))) {
    const those = answered.filter(({ goal }) => goal.kind === kind);
    kinds[kind] = `${those.filter(({ faults }) => faults.length === 0).length} of ${those.length}`;
  }
  return {
    goals: answered.length,
    right: answered.filter(({ faults }) => faults.length === 0).length,
    kinds,
    seconds: figureOf(answered.map(({ seconds }) => seconds)),
    wrong: answered
      .filter(({ faults }) => faults.length > 0)
      .map(({ goal, plan, faults }) => ({ id: goal.id, goal: goal.goal, plan, why: faults })),
  };
}
