import { implement } from '@orpc/server';
import { contract, type PlanMatch, PROTOCOL, type Recording } from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import { type Content, type Fault, fault } from '@soma/schemas/event';
import type { Engine, Verifier } from '../engine/index.ts';
import { createAgentRouter } from './agent-router.ts';
import type { Agents } from './agents.ts';
import { faultAsValue, meta, refused } from './answers.ts';
import { createApprovalRouters } from './approvals.ts';
import { type ChatRouterParts, createChatRouter } from './chat-router.ts';
import type { ModelHealth } from './health.ts';
import { createMemoryRouter } from './memory-router.ts';
import { createModelRouter } from './models.ts';
import type { CallContext, HostParts, Looked } from './parts.ts';
import { createPlanRouter } from './plan-router.ts';
import type { HostPlanner } from './planner.ts';
import { createQueueRouter } from './queue-router.ts';
import { createRunRouter } from './run-router.ts';
import type { Shelf } from './shelf.ts';
import type { Workspace } from './workspace.ts';
import { watchWorkspaceNews } from './workspace-news.ts';

export interface RouterParts {
  readonly host: HostParts;
  readonly engine: Engine;
  readonly planner: HostPlanner;
  readonly shelf: Shelf;
  readonly agents: Agents;
  readonly verifier: Verifier;
  readonly workspace: Workspace;
  readonly health: ModelHealth;
  /** Null where nobody can add models. */
  readonly chat: ChatRouterParts | null;
  readonly faults: () => readonly Fault[];
  readonly onFaults: (listener: () => void) => () => void;
  readonly onDelta: (listener: (delta: Delta) => void) => () => void;
  readonly handOver: () => Promise<readonly string[]>;
}

/** The contract, implemented. Every expected refusal is a value; whatever throws is *internal* and tells nothing. */
export function createRouter(parts: RouterParts) {
  const os = implement(contract).$context<CallContext>();
  return os.router({
    host: hostRouter(parts),
    folder: folderRouter(parts),
    canvas: canvasRouter(parts),
    goal: goalRouter(parts),
    run: createRunRouter(parts),
    ...createApprovalRouters(parts),
    model: createModelRouter(parts.host),
    chat: createChatRouter(parts.chat),
    memory: createMemoryRouter(parts),
    plan: createPlanRouter(parts),
    agent: createAgentRouter(parts.agents),
    queue: createQueueRouter(parts.host),
    data: {
      list: os.data.list.handler(({ input }) =>
        faultAsValue(async () => ({ ok: true as const, backups: await parts.host.backups(input.folder) })),
      ),
      backup: os.data.backup.handler(({ input }) =>
        faultAsValue(async () => ({ ok: true as const, backup: await parts.host.backUp(input) })),
      ),
    },
    budget: {
      set: os.budget.set.handler(({ input: { id, budget }, context }) =>
        parts.workspace.record(meta(context, id).scope, id, { type: 'budget.set', data: { budget } }),
      ),
    },
    content: {
      get: os.content.get.handler(async ({ input, context }) => {
        const text = await parts.host.content.get(context.scope, input.content);
        return text === null
          ? refused(fault('CONTENT_GONE', { hash: input.content.hash }))
          : { ok: true, text };
      }),
    },
    workspace: {
      watch: os.workspace.watch.handler(({ context, signal }) => {
        const { store, runs, clock, models } = parts.host;
        const { workspace, faults, onFaults, health } = parts;
        const chat = parts.chat?.desk ?? null;
        return watchWorkspaceNews(
          { store, runs, clock, workspace, faults, onFaults, models: models?.store ?? null, chat, health },
          { scope: context.scope, signal: signal ?? new AbortController().signal },
        );
      }),
    },
  });
}

export type HostRouter = ReturnType<typeof createRouter>;

function hostRouter({ host, handOver }: RouterParts) {
  const os = implement(contract.host).$context<CallContext>();
  const { version, dataFolder, person } = host;
  return {
    describe: os.describe.handler(({ input }) => {
      if (input.protocol !== PROTOCOL)
        return refused(fault('PROTOCOL_MISMATCH', { host: PROTOCOL, client: input.protocol }));
      return { ok: true, protocol: PROTOCOL, version, dataFolder, person };
    }),
    handOver: os.handOver.handler(async () => ({ ok: true, runs: [...(await handOver())] })),
  };
}

function folderRouter({ host, workspace }: RouterParts) {
  const os = implement(contract.folder).$context<CallContext>();
  const pathOf = (folder: string) => workspace.state().folders.find(({ id }) => id === folder)?.path;
  async function inside<Shape>(folder: string, look: (path: string) => Promise<Looked<Shape>>) {
    const path = pathOf(folder);
    return path === undefined ? refused(fault('FOLDER_UNKNOWN', { folder })) : look(path);
  }
  return {
    grant: os.grant.handler(async ({ input, context }) => {
      const found = await host.folders.resolve(input.path);
      if (!found.ok) return found;
      const known = workspace.state().folders.find(({ path }) => path === found.path);
      if (known !== undefined)
        return { ok: true, folder: known.id, path: known.path, sequence: workspace.state().sequence };
      const folder = { id: input.id, path: found.path };
      const recorded = await workspace.record(meta(context, input.id).scope, input.id, {
        type: 'folder.granted',
        data: { folder, name: found.name },
      });
      return recorded.ok
        ? { ok: true, folder: folder.id, path: folder.path, sequence: recorded.sequence }
        : recorded;
    }),
    move: os.move.handler(async ({ input, context }) => {
      if (pathOf(input.folder) === undefined)
        return refused(fault('FOLDER_UNKNOWN', { folder: input.folder }));
      const found = await host.folders.resolve(input.path);
      if (!found.ok) return found;
      const folder = { id: input.folder, path: found.path };
      return workspace.record(meta(context, input.id).scope, input.id, {
        type: 'folder.moved',
        data: { folder },
      });
    }),
    describe: os.describe.handler(({ input }) => inside(input.folder, (path) => host.folders.describe(path))),
    readFile: os.readFile.handler(({ input }) =>
      inside(input.folder, (path) => host.folders.readFile(path, input.path)),
    ),
  };
}

function canvasRouter({ workspace }: RouterParts) {
  const os = implement(contract.canvas).$context<CallContext>();
  return {
    create: os.create.handler(({ input, context }) => {
      const { id, title, folder } = input;
      return workspace.record(meta(context, id).scope, id, {
        type: 'canvas.created',
        data: { canvas: id, title, folder },
      });
    }),
    rename: os.rename.handler(async ({ input, context }) => {
      const { id, canvas, title } = input;
      if (!workspace.state().canvases.some((known) => known.id === canvas))
        return refused(fault('CANVAS_UNKNOWN', { canvas }));
      return workspace.record(meta(context, id).scope, id, {
        type: 'canvas.renamed',
        data: { canvas, title },
      });
    }),
  };
}

function goalRouter({ host, engine, planner, workspace }: RouterParts) {
  const os = implement(contract.goal).$context<CallContext>();
  return {
    match: os.match.handler(async ({ input }) => ({
      ok: true,
      plans: (await planner.match(input.text)) satisfies PlanMatch[],
    })),
    submit: os.submit.handler(async ({ input, context }): Promise<Recording> => {
      const { id, approve } = input;
      const text = input.text.trim();
      if (text === '') return refused(fault('GOAL_EMPTY'));
      const { folders, canvases } = workspace.state();
      const folder = folders.find((known) => known.id === input.folder);
      if (folder === undefined) return refused(fault('FOLDER_UNKNOWN', { folder: input.folder }));
      if (!canvases.some((known) => known.id === input.canvas))
        return refused(fault('CANVAS_UNKNOWN', { canvas: input.canvas }));
      const chosen = await planner.choose({ goal: text, requested: input.plan, slots: input.slots });
      if (!chosen.ok) return chosen;
      const slots = { ...planner.filled(text, chosen.plan.name), ...input.slots };
      const { scope } = meta(context, id);
      const goal = await storedOrFault(() => host.content.put(scope, text, 'text/plain'));
      if (!goal.ok) return goal;
      const { path } = folder;
      const data = {
        run: id,
        goal: goal.content,
        folder: { id: folder.id, path },
        canvas: input.canvas,
        plan: chosen.plan.name,
      };
      const { fresh = false, priority = 'normal', deadline } = input;
      const how = { slots, approve, fresh, priority, ...(deadline === undefined ? {} : { deadline }) };
      return engine.submit({ ...data, ...how }, { id, scope });
    }),
  };
}

function storedOrFault(
  put: () => Promise<Content>,
): Promise<{ ok: true; content: Content } | { ok: false; fault: Fault }> {
  return faultAsValue(async () => ({ ok: true, content: await put() }));
}
