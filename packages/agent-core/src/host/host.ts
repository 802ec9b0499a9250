import type { Delta } from '@soma/schemas/delta';
import type { Fault, Scope } from '@soma/schemas/event';
import { budgetOf } from '@soma/schemas/workspace';
import { Engine, type EngineParts, SEGMENT_EVENTS, Turns, type Verifier } from '../engine/index.ts';
import type { ChatModel, ChatModels, Delegate, Tool, ToolDescription } from '../port/index.ts';
import { createAskModel } from '../turn/index.ts';
import { verifyClaims } from '../verify/index.ts';
import { type Agents, createAgents } from './agents.ts';
import { ChatDesk } from './chat-desk.ts';
import type { ChatRouterParts } from './chat-router.ts';
import { createRemember } from './conversation.ts';
import { createDelegation } from './delegation.ts';
import { ModelHealth } from './health.ts';
import { watchLongRuns } from './long-runs.ts';
import { createMeaning } from './meaning.ts';
import type { HostParts } from './parts.ts';
import { createPlanner } from './planner.ts';
import { createPurse } from './purse.ts';
import { createRouter, type HostRouter } from './router.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** The contract on the engine, for any transport. */
export interface Host {
  readonly router: HostRouter;
  /** The scope of a call by the person of this host; each connection gets its own trace. */
  scope(): Scope;
  /** Takes up runs without a living writer. Those named go on; the others ask once: resume or stop. */
  start(handedOver?: readonly string[]): Promise<void>;
  hasActiveRuns(): boolean;
  /** Pauses active runs at their next commit and gives up all leases. Answers the runs that were at work. */
  close(reason: 'closing' | 'hand-over'): Promise<readonly string[]>;
}

export async function createHost(parts: HostParts): Promise<Host> {
  const { store, runs, content, policy, board, clock, ids, hasher, parallelTasks, memory, version } = parts;
  const deltas = createSignal<Delta>();
  const faultsChanged = createSignal<null>();
  let trouble: Fault | null = null;
  const base = scopeOf(parts);
  const system: Scope = { ...base(), actor: [{ kind: 'system', id: 'host' }] };
  const workspace = await openWorkspace(store, clock, system);
  const delegate = createDelegation(() => ({ host: parts, planner, workspace, engine }));
  const health = new ModelHealth({ clock, store, scope: system, models: parts.chat ?? NO_MODELS });
  const models = health.guarded();
  const tools = toolsOf(parts, { delegate, models });
  const { agents, shelf } = shelvesOf(parts, tools);
  const model = parts.models?.provider;
  const meaning = model === undefined ? null : createMeaning({ model, clock, scope: system });
  const planner = createPlanner({ shelf, agents, hasher, meaning, models: () => models.list(system) });
  const verifier = createVerifier(parts.executions);
  const engine = new Engine({
    ...{ store, runs, content, policy, tools, clock, ids, hasher, planner, verifier, board, parallelTasks },
    ...{ memory, models, health, version, scope: system, soleWriter: parts.soleWriter, holder: ids.next() },
    ...folderViews(parts, workspace),
    purse: createPurse({ store, runs, clock, scope: system, budget: () => budgetOf(workspace.state()) }),
    segmentEvents: parts.segmentEvents ?? SEGMENT_EVENTS,
    turns: new Turns(parts.parallelCalls),
    onDelta: deltas.emit,
    onTrouble: (fault) => {
      trouble = fault;
      faultsChanged.emit(null);
    },
  });
  parts.onFaults(() => faultsChanged.emit(null));
  const chat = chatOf(parts, health);
  const close: Host['close'] = async (reason) => {
    await chat?.desk.close();
    const active = await engine.close(reason);
    health.close();
    return active;
  };
  const longRuns = watchLongRuns(store, system, () => faultsChanged.emit(null));
  const router = createRouter({
    host: parts,
    ...{ engine, planner, shelf, agents, verifier, workspace, health },
    chat,
    faults: () => [...parts.faults(), ...longRuns(), ...(trouble === null ? [] : [trouble])],
    onFaults: (listener) => faultsChanged.listen(listener),
    onDelta: deltas.listen,
    handOver: async () => {
      const active = await close('hand-over');
      parts.onHandedOver();
      return active;
    },
  });
  return {
    router,
    scope: base,
    start: async (handedOver = []) => void (await engine.adopt(handedOver)),
    hasActiveRuns: () => engine.hasActiveRuns(),
    close,
  };
}

const NO_MODELS: ChatModels = { list: () => [] };

/** Where people add and examine models, whose changes and answers are learned from. */
function chatOf({ modelDesk, clock, ids, hasher }: HostParts, health: ModelHealth): ChatRouterParts | null {
  if (modelDesk === undefined) return null;
  modelDesk.added.watch(() => health.look());
  const seen = (model: ChatModel) => health.seen(model);
  return { ...modelDesk, desk: new ChatDesk({ ...modelDesk, clock, ids, hasher, seen }) };
}

/** Mints the scope of a call by the person of this host. */
function scopeOf({ tenant, workspace, person, ids }: HostParts): () => Scope {
  return () => ({
    ...{ tenant, workspace, actor: [{ kind: 'person', id: person.id }], causation: null },
    traceparent: ids.traceparent(),
  });
}

/** What the engine asks of folders: where each is now, what is allowed in it, and whether it is as it was. */
function folderViews(
  { folders }: HostParts,
  workspace: Workspace,
): Pick<EngineParts, 'folderOf' | 'permissionsOf' | 'fingerprint'> {
  return {
    folderOf: ({ folder }) => workspace.pathOf(folder),
    permissionsOf: ({ folder }) => workspace.permissionsOf(folder),
    fingerprint: (folder, signal) => folders.fingerprint(folder, signal),
  };
}

/**
 * The tools of this host by their names. A model may name those that do something for a goal: not what draws cards or takes another call back,
 * nor itself.
 */
function toolsOf(
  parts: HostParts,
  { delegate, models }: { readonly delegate: Delegate; readonly models: ChatModels },
): ReadonlyMap<string, Tool> {
  const { tools, delegating, clock, content } = parts;
  const described = tools.map((tool) => tool.describe());
  const takingBack = new Set(described.map(({ compensation }) => compensation));
  const offered: readonly ToolDescription[] = described.filter(
    ({ name, risk }) => risk !== 'board' && !takingBack.has(name),
  );
  const asking = createAskModel({
    models,
    clock,
    tools: () => offered,
    remember: createRemember(parts),
    text: (scope, stored) => content.get(scope, stored),
  });
  const all = [...tools, asking, ...(delegating?.(delegate) ?? [])];
  return new Map(all.map((tool) => [tool.describe().name, tool]));
}

/** The agents and plans of this host: packaged ones and the person's own. */
function shelvesOf(
  { hasher, plans, ownPlans, agents: sources, ownAgents }: HostParts,
  held: ReadonlyMap<string, Tool>,
): { readonly agents: Agents; readonly shelf: Shelf } {
  const tools = new Map([...held].map(([name, tool]) => [name, tool.describe()] as const));
  const agents = createAgents({ tools, hasher, sources, files: ownAgents });
  return { agents, shelf: createShelf({ tools, agents, hasher, sources: plans, files: ownPlans }) };
}

interface Signal<Value> {
  readonly emit: (value: Value) => void;
  readonly listen: (listener: (value: Value) => void) => () => void;
}

function createSignal<Value>(): Signal<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    emit: (value) => {
      for (const listener of listeners) listener(value);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Checks claims with the ledgers that commands' own runners wrote in this folder. */
function createVerifier(store: string): Verifier {
  return {
    verify: (claims, { run, ...where }) => verifyClaims(claims, { ...where, executions: { store, run } }),
  };
}
