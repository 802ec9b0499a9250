import {
  delegate,
  type EventData,
  FaultError,
  fault,
  inRun,
  type RecordedRunEvent,
  runStream,
  type Scope,
} from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import { evolve, phaseOf, type RunState, reportOf } from '@soma/schemas/run';
import { type CommandMeta, type Engine, readRun, readRunAfter } from '../engine/index.ts';
import type {
  Delegate,
  DelegatedEnd,
  DelegatedGoal,
  DelegatedNews,
  DelegateWatch,
  DelegatingCall,
} from '../port/index.ts';
import { createBell } from './bell.ts';
import type { HostParts } from './parts.ts';
import type { HostPlanner } from './planner.ts';
import { loadRun } from './run-news.ts';
import type { Workspace } from './workspace.ts';

/** How many runs may wait for one another below the one that a person started. */
const DEEPEST = 3;
/** Among so many of a run's first events stands its plan. */
const BEGUN = 100;
/** Nothing heard of a run for so long, in milliseconds, is reason to look. */
const LOOK_MS = 5000;

export interface DelegationParts {
  readonly host: Pick<HostParts, 'store' | 'runs' | 'content' | 'clock' | 'ids' | 'hasher' | 'version'>;
  readonly planner: HostPlanner;
  readonly workspace: Workspace;
  readonly engine: Engine;
}

/** Runs that other runs start in this process, under the same engine, policy and log. `partsOf` is asked when a call is made. */
export function createDelegation(partsOf: () => DelegationParts): Delegate {
  return {
    start: (wish) => start(partsOf(), wish),
    watch: (call) => watch(partsOf(), call),
    cancel: (call) => cancel(partsOf(), call),
  };
}

/** The run of a call, and of no other. */
function idOf({ hasher }: DelegationParts['host'], { key }: DelegatingCall): string {
  return `by-${hasher.sha256(key).slice(0, 32)}`;
}

async function start(parts: DelegationParts, wish: DelegatedGoal): ReturnType<Delegate['start']> {
  const { host, engine } = parts;
  const run = idOf(host, wish);
  if ((await loadRun(host, wish.scope, run)) !== null) return { ok: true };
  const parent = await loadRun(host, wish.scope, wish.run);
  if (parent === null) return { ok: false, fault: fault('RUN_UNKNOWN', { run: wish.run }) };
  if ((await depthOf(parts, wish.scope, parent)) >= DEEPEST)
    return { ok: false, fault: fault('DELEGATE_TOO_DEEP', { limit: DEEPEST }) };
  const chosen = await choose(parts, wish, parent);
  if (!chosen.ok) return chosen;
  const goal = await goalOf(parts, { wish, parent, plan: chosen.plan });
  const recorded = await engine.submit({ ...goal, run }, { id: run, scope: asParent(parent, wish.call) });
  // What was refused may have been written all the same, by this try or by one before.
  if (recorded.ok || (await loadRun(host, wish.scope, run)) !== null) return { ok: true };
  return recorded;
}

/** How many runs wait for this one, one above the other. */
async function depthOf({ host }: DelegationParts, scope: Scope, { parent }: RunState): Promise<number> {
  let depth = 0;
  for (let above = parent; above !== null && depth < DEEPEST; depth += 1)
    above = (await host.runs.get(scope, above.run))?.parent ?? null;
  return depth;
}

/** What a plan declares covers what it has others do. */
async function choose({ host, planner }: DelegationParts, wish: DelegatedGoal, parent: RunState) {
  const { goal, plan: requested, slots } = wish;
  const chosen = await planner.choose({ goal: goal ?? '', requested, slots });
  if (!chosen.ok) return chosen;
  // As it was approved: what a person said since may have brought in a reply, whose rights are not the plan's.
  const begun = await readRun(host.store, parent.scope, { run: parent.id, limit: BEGUN });
  const proposed = begun.find((event) => event.type === 'plan.proposed');
  const source = proposed === undefined ? null : await host.content.get(parent.scope, proposed.data.source);
  const own = source === null ? null : await planner.read(source);
  if (own === null || !own.ok) throw new FaultError('CONTENT_GONE', { hash: parent.plan?.source.hash ?? '' });
  const missing = chosen.plan.rights.filter((right) => !own.plan.rights.includes(right));
  if (missing.length === 0) return chosen;
  const problem = fault('DELEGATE_RIGHTS', { plan: chosen.plan.name, what: missing });
  return { ok: false as const, fault: problem };
}

interface Chosen {
  readonly wish: DelegatedGoal;
  readonly parent: RunState;
  readonly plan: PackagedPlan;
}

async function goalOf(
  { host, planner, workspace }: DelegationParts,
  { wish, parent, plan }: Chosen,
): Promise<Omit<EventData<'goal.submitted'>, 'run'>> {
  const text = wish.goal ?? plan.title;
  const { canvas, approve, fresh, priority, deadline } = parent;
  const here = workspace.pathOf(parent.folder) === wish.folder;
  const known = workspace.state().folders.find(({ path }) => path === wish.folder);
  const id = here ? parent.folder.id : (known?.id ?? `in-${host.hasher.sha256(wish.folder).slice(0, 32)}`);
  return {
    goal: await host.content.put(parent.scope, text, 'text/plain'),
    folder: { id, path: wish.folder },
    ...{ canvas, approve, fresh, priority, plan: plan.name },
    slots: { ...planner.filled(text, plan.name), ...wish.slots },
    ...(deadline === null ? {} : { deadline }),
    parent: { run: parent.id, call: wish.call },
  };
}

/** The parent acts, for whoever started it. */
function asParent({ id, scope }: RunState, call: string): Scope {
  return delegate(scope, { kind: 'agent', id }, call.slice(0, 200));
}

async function watch(parts: DelegationParts, call: DelegateWatch): Promise<DelegatedEnd | null> {
  const { signal, onNews } = call;
  const { store, clock } = parts.host;
  const run = idOf(parts.host, call);
  const bell = createBell(clock);
  const stop = store.watch(call.scope, (events) => {
    if (events.some((event) => inRun(event)?.stream === runStream(run))) bell.ring();
  });
  try {
    let state: RunState | null = null;
    let pause: RecordedRunEvent | null = null;
    while (!signal.aborted) {
      for (const event of await readRunAfter(parts.host, call.scope, { run, after: state?.sequence ?? 0 })) {
        state = evolve(state, event);
        if (event.type === 'run.paused') pause = event;
      }
      if (state === null) return null;
      const end = endOf(state, (one) => parts.workspace.pathOf(one.folder));
      if (end !== null) return end;
      onNews(newsOf(state));
      if (isLetDown(state, pause, call)) await takeUp(parts, state, call);
      await bell.wait(LOOK_MS, signal);
    }
  } finally {
    stop();
  }
  if (signal.reason !== 'hand-over') await letDown(parts, call);
  throw signal.reason;
}

/** Whether it stands still because nobody waited for it: cut off, or paused by its parent. What a person or a fault paused is theirs. */
function isLetDown({ status }: RunState, pause: RecordedRunEvent | null, { run }: DelegatingCall): boolean {
  if (status.name === 'interrupted') return true;
  const by = pause?.scope.actor.at(-1);
  return status.name === 'paused' && by?.kind === 'agent' && by.id === run;
}

/** What cannot be taken up now is tried at the next look. */
async function takeUp(parts: DelegationParts, state: RunState, call: DelegatingCall): Promise<void> {
  const parent = await loadRun(parts.host, call.scope, call.run);
  if (parent === null) return;
  const approve = parent.approve === state.approve ? null : parent.approve;
  await parts.engine.command(
    state.id,
    { type: 'resume', approve, handedOver: false },
    metaOf(parts, parent, call),
  );
}

async function letDown(parts: DelegationParts, call: DelegatingCall): Promise<void> {
  const parent = await loadRun(parts.host, call.scope, call.run);
  if (parent === null) return;
  if (parent.status.name === 'ended') return cancel(parts, call);
  const run = idOf(parts.host, call);
  await parts.engine.command(
    run,
    { type: 'pause', reason: 'person', fault: null },
    metaOf(parts, parent, call),
  );
}

async function cancel(parts: DelegationParts, call: DelegatingCall): Promise<void> {
  const { host } = parts;
  const run = idOf(host, call);
  const state = await loadRun(host, call.scope, run);
  const parent = await loadRun(host, call.scope, call.run);
  if (state === null || parent === null || state.parent?.run !== parent.id) return;
  if (state.status.name === 'ended') return;
  const command = { type: 'stop', parent: parent.id } as const;
  const recorded = await parts.engine.command(run, command, metaOf(parts, parent, call));
  if (!recorded.ok && recorded.fault.code !== 'RUN_ENDED')
    throw new FaultError(recorded.fault.code, recorded.fault.data, recorded.fault.retry);
}

function metaOf({ host }: DelegationParts, parent: RunState, { call }: DelegatingCall): CommandMeta {
  return { id: `for-parent.${host.ids.next()}`, scope: asParent(parent, call) };
}

function newsOf(state: RunState): DelegatedNews {
  const done = state.tasks.filter(({ endedAt }) => endedAt !== null).length;
  return { run: state.id, phase: phaseOf(state), done, total: state.tasks.length };
}

/** Null while it goes on. */
function endOf(state: RunState, folderOf: (state: RunState) => string): DelegatedEnd | null {
  const report = reportOf(state, { goal: '', changes: [] });
  if (report === null || state.status.name !== 'ended') return null;
  const { tokens, cost, times } = report;
  const sum = (of: 'files' | 'added' | 'removed') =>
    state.changes.reduce((total, changes) => total + changes[of], 0);
  return {
    run: state.id,
    state: state.status.state,
    fault: state.status.fault,
    plan: state.plan?.ref.name ?? null,
    folder: folderOf(state),
    claims: state.tasks.flatMap(({ id: task, evidence }) => evidence.map((claim) => ({ ...claim, task }))),
    changes: { files: sum('files'), added: sum('added'), removed: sum('removed') },
    usage: {
      calls: Object.keys(state.calls).length,
      tookMs: Math.max(0, Date.parse(times.ended) - Date.parse(times.started)),
      ...{ tokens, cost },
    },
  };
}
