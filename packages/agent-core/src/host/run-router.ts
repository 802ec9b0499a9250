import { implement } from '@orpc/server';
import { contract, type Rechecked } from '@soma/schemas/contract';
import type { Delta } from '@soma/schemas/delta';
import { Artifact, fault } from '@soma/schemas/event';
import { type RunState, reportOf } from '@soma/schemas/run';
import { type Engine, readRun, readRunAfter, type Verifier } from '../engine/index.ts';
import { faultAsValue, meta, refused } from './answers.ts';
import { sayToRun } from './conversation.ts';
import type { CallContext, HostParts } from './parts.ts';
import type { HostPlanner } from './planner.ts';
import { changeSetsOf, familyOf, undoFiles } from './run-changes.ts';
import { loadRun, watchRunNews } from './run-news.ts';
import type { Shelf } from './shelf.ts';
import type { Workspace } from './workspace.ts';

export interface RunRouterParts {
  readonly host: HostParts;
  readonly engine: Engine;
  readonly planner: HostPlanner;
  readonly shelf: Shelf;
  readonly workspace: Workspace;
  readonly verifier: Verifier;
  readonly onDelta: (listener: (delta: Delta) => void) => () => void;
}

const os = implement(contract.run).$context<CallContext>();
const unknown = (run: string) => refused(fault('RUN_UNKNOWN', { run }));

/** Runs: what there is to read of them, what may be done with them, and their news. */
export function createRunRouter(parts: RunRouterParts) {
  return {
    ...queries(parts),
    ...checking(parts),
    ...commands(parts),
    ...branching(parts),
    ...undoing(parts),
    ...watches(parts),
  };
}

function queries({ host }: RunRouterParts) {
  const { runs, content } = host;
  return {
    page: os.page.handler(async ({ input, context }) => {
      const page = await runs.page({ scope: context.scope, ...input, only: 'all' });
      return { ok: true, runs: [...page.runs], cursor: page.cursor };
    }),
    get: os.get.handler(async ({ input, context }) => {
      const state = await loadRun(host, context.scope, input.run);
      if (state === null) return unknown(input.run);
      const segments = (await runs.get(context.scope, input.run))?.segments ?? [];
      return { ok: true, state, segments: [...segments] };
    }),
    report: os.report.handler(async ({ input, context }) => {
      const state = await loadRun(host, context.scope, input.run);
      if (state === null) return unknown(input.run);
      const changes = await changeSetsOf(content, context.scope, state);
      const goal = (await content.get(context.scope, state.goal)) ?? '';
      const report = reportOf(state, { goal, changes });
      return report === null ? refused(fault('RUN_NOT_ENDED', { run: input.run })) : { ok: true, report };
    }),
    artifact: os.artifact.handler(async ({ input, context }) => {
      const state = await loadRun(host, context.scope, input.run);
      const found = state?.artifacts.find(({ id }) => id === input.artifact);
      if (found === undefined) return unknown(input.run);
      const text = await content.get(context.scope, found.content);
      if (text === null) return refused(fault('CONTENT_GONE', { hash: found.content.hash }));
      return { ok: true, artifact: Artifact.parse(JSON.parse(text)) };
    }),
  };
}

function checking({ host, workspace, verifier }: RunRouterParts) {
  return {
    recheck: os.recheck.handler(({ input, context, signal }) =>
      faultAsValue(async () => {
        const state = await loadRun(host, context.scope, input.run);
        if (state === null) return unknown(input.run);
        const folder = workspace.pathOf(state.folder);
        const where = { folder, run: state.id, signal: signal ?? new AbortController().signal };
        const claims: Rechecked[] = [];
        for (const { id: task, evidence } of state.tasks) {
          const made = evidence.map(({ claim }) => claim);
          for (const { claim, verdict } of await verifier.verify(made, where))
            claims.push({ task, claim: claim.id, verdict });
        }
        return { ok: true as const, claims };
      }),
    ),
  };
}

function commands(parts: RunRouterParts) {
  const { engine, host } = parts;
  return {
    say: os.say.handler(({ input: { id, ...input }, context }) =>
      faultAsValue(() => sayToRun(parts, { ...input, meta: meta(context, id) })),
    ),
    pause: os.pause.handler(({ input, context }) =>
      engine.command(input.run, { type: 'pause', reason: 'person', fault: null }, meta(context, input.id)),
    ),
    resume: os.resume.handler(({ input, context }) =>
      engine.command(
        input.run,
        { type: 'resume', approve: input.approve ?? null, handedOver: false },
        meta(context, input.id),
      ),
    ),
    stop: os.stop.handler(({ input, context }) =>
      engine.command(input.run, { type: 'stop' }, meta(context, input.id)),
    ),
    retryTask: os.retryTask.handler(({ input, context }) =>
      engine.command(input.run, { type: 'retry-task', task: input.task }, meta(context, input.id)),
    ),
    skipTask: os.skipTask.handler(({ input, context }) =>
      engine.command(input.run, { type: 'skip-task', task: input.task }, meta(context, input.id)),
    ),
    editTask: os.editTask.handler(async ({ input: { run, task, id, ...input }, context }) => {
      const text = JSON.stringify(input.arguments);
      const stored = await host.content.put(context.scope, text, 'application/json');
      return engine.command(run, { type: 'edit-task', task, arguments: stored }, meta(context, id));
    }),
  };
}

function branching({ host, engine }: RunRouterParts) {
  const { store, board } = host;
  return {
    fork: os.fork.handler(({ input: { id, run, sequence, approve, paused }, context }) =>
      faultAsValue(async () => {
        const events = await readRun(store, context.scope, { run });
        if (events.length === 0) return unknown(run);
        const history = events.slice(0, sequence);
        if (history.length < sequence) return refused(fault('FORK_POINT_UNKNOWN', { run, sequence }));
        const wish = { type: 'fork', run: id, history, approve, paused } as const;
        const recorded = await engine.command(id, wish, meta(context, id));
        if (!recorded.ok) return recorded;
        // A plan that is taken over was placed with its parent: nothing else puts the branch's own frame on the board.
        const state = await loadRun(host, context.scope, id);
        if (state?.plan?.approved === true) await board.placeRun(state);
        return recorded;
      }),
    ),
    history: os.history.handler(async ({ input: { run, after, limit }, context }) => {
      return { ok: true, events: await readRunAfter(host, context.scope, { run, after, limit }) };
    }),
  };
}

function undoing({ host, engine, workspace }: RunRouterParts) {
  const { content, board, files } = host;
  const folderOf = ({ folder }: RunState) => workspace.pathOf(folder);
  return {
    undoFiles: os.undoFiles.handler(({ input, context }) =>
      faultAsValue(async () => {
        const state = await loadRun(host, context.scope, input.run);
        if (state === null) return unknown(input.run);
        const { id, paths } = input;
        // A single file is the run's own: what others did to it is undone where they are shown.
        const family = paths === null ? await familyOf(host, context.scope, state) : [state];
        return undoFiles({ content, engine, files, folderOf }, { ...meta(context, id), family, paths });
      }),
    ),
    undoBoard: os.undoBoard.handler(({ input, context }) =>
      faultAsValue(async () => {
        const state = await loadRun(host, context.scope, input.run);
        if (state === null) return unknown(input.run);
        const family = await familyOf(host, context.scope, state);
        const working = family.find(({ status }) => status.name !== 'ended');
        if (working !== undefined) return refused(fault('RUN_NOT_ENDED', { run: working.id }));
        let changed = false;
        for (const one of input.redo ? family.toReversed() : family)
          changed = (await board.undo(one, input.redo)) || changed;
        return { ok: true as const, changed };
      }),
    ),
  };
}

function watches({ host, onDelta }: RunRouterParts) {
  return {
    watch: os.watch.handler(({ input, context, signal }) =>
      watchRunNews(
        { ...host, onDelta },
        {
          scope: context.scope,
          run: input.run,
          after: input.after,
          signal: signal ?? new AbortController().signal,
        },
      ),
    ),
  };
}
