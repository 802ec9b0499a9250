import type { Content, Json, Sha256 } from '@soma/schemas/event';
import { FaultError } from '@soma/schemas/event';
import type { PackagedPlan, TaskTemplate } from '@soma/schemas/plan';
import type { RunState, TaskState } from '@soma/schemas/run';
import { z } from 'zod';
import type { EngineParts, PlanContext } from './parts.ts';

/** What one run has read already, kept while it works: its plan and the results of its tasks, by content hash. */
export interface RunMemo {
  plan(state: RunState): Promise<PackagedPlan>;
  /** The goal as it was typed. */
  goal(state: RunState): Promise<string>;
  json(state: RunState, content: Content): Promise<Json>;
  keep(content: Content, value: Json): void;
  /** Takes the fingerprint of the run's folder, before `task` looks at it; null where it cannot be taken. */
  look(state: RunState, task: string, signal: AbortSignal): Promise<Sha256 | null>;
  /** What `look` found for the task; null when this process has not looked. */
  seen(task: string): Sha256 | null;
}

/** Tasks that begin within so many milliseconds look at the folder once. */
const LOOK_MS = 500;

export function createMemo(parts: EngineParts): RunMemo {
  const values = new Map<string, Json>();
  let plan: { readonly hash: Sha256; readonly read: Promise<PackagedPlan> } | null = null;
  const looks = new Map<string, Sha256 | null>();
  let last: { readonly at: number; readonly taken: Promise<Sha256 | null> } | null = null;

  async function text(state: RunState, content: Content): Promise<string> {
    const stored = await parts.content.get(state.scope, content);
    if (stored === null) throw new FaultError('CONTENT_GONE', { hash: content.hash });
    return stored;
  }

  async function readPlan(state: RunState): Promise<PackagedPlan> {
    if (state.plan === null) throw new Error('the run has no plan yet');
    const read = await parts.planner.read(await text(state, state.plan.source));
    if (!read.ok) throw new FaultError(read.fault.code, read.fault.data);
    return read.plan;
  }

  return {
    plan: (state) => {
      const hash = state.plan?.source.hash ?? '';
      // A plan that was revised is another file.
      if (plan?.hash !== hash) plan = { hash, read: readPlan(state) };
      return plan.read;
    },
    goal: (state) => text(state, state.goal),
    json: async (state, content) => {
      const known = values.get(content.hash);
      if (known !== undefined) return known;
      const value = z.json().parse(JSON.parse(await text(state, content)));
      values.set(content.hash, value);
      return value;
    },
    keep: (content, value) => void values.set(content.hash, value),
    look: async (state, task, signal) => {
      const at = parts.clock.monotonicMs();
      if (last === null || at - last.at > LOOK_MS)
        last = { at, taken: parts.fingerprint(parts.folderOf(state), signal).catch(() => null) };
      const taken = await last.taken;
      looks.set(task, taken);
      return taken;
    },
    seen: (task) => looks.get(task) ?? null,
  };
}

/** The task as its plan's file has it. */
export async function templateOf(memo: RunMemo, state: RunState, task: string): Promise<TaskTemplate> {
  const plan = await memo.plan(state);
  const template = plan.tasks.find(({ id }) => id === task);
  if (template === undefined) throw new FaultError('PLAN_INVALID', { task });
  return template;
}

/**
 * What the task's expressions may look at. Results of every task before it, also of those further up and those it came in the place of; of an
 * optional one that failed, with what.
 */
export async function contextOf(memo: RunMemo, state: RunState, task: TaskState): Promise<PlanContext> {
  const tasks: Record<string, Json> = {};
  for (const before of ancestors(state, task)) {
    const result = resultOf(before);
    if (result !== null) tasks[before.id] = await memo.json(state, result);
    else if (before.optional === true && before.status.name === 'failed')
      tasks[before.id] = { failed: { code: before.status.fault.code, ...before.status.fault.data } };
  }
  const own = resultOf(task);
  const result = own === null ? null : await memo.json(state, own);
  return { goal: await memo.goal(state), slots: state.slots, tasks, result };
}

function resultOf(task: TaskState): Content | null {
  const execute = task.steps.execute;
  return execute.status === 'done' ? execute.output : null;
}

function ancestors(state: RunState, task: TaskState): readonly TaskState[] {
  const wanted = new Set(needsOf(task));
  for (let before = -1; before < wanted.size; ) {
    before = wanted.size;
    for (const other of state.tasks)
      if (wanted.has(other.id)) for (const id of needsOf(other)) wanted.add(id);
  }
  return state.tasks.filter(({ id }) => wanted.has(id));
}

function needsOf({ after, insteadOf = [] }: TaskState): readonly string[] {
  return [...after, ...insteadOf];
}
