import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { callPort, contract, type Duplex, PROTOCOL, portPipe, type Recording } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { rowOf } from './recorded-run.ts';
import type { Script } from './script.ts';
import { chatRouter } from './scripted-chat.ts';
import { dataRouter, queueRouter } from './scripted-desks.ts';
import { runRouter, type Take } from './scripted-runs.ts';

export { LiveNews, type Script } from './script.ts';

/** A command that reached the host. */
export interface Received {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ScriptedHost {
  readonly connect: () => Promise<Duplex>;
  readonly received: readonly Received[];
}

const RECORDED: Recording = { ok: true, stream: 'workspace/local', sequence: 1 };

/** A host that follows a script and speaks the real protocol over a real message port. It decides nothing and keeps nothing. */
export function scriptHost(script: Script): ScriptedHost {
  const received: Received[] = [];
  const handler = new RPCHandler(routerOf(script, received));
  return {
    received,
    connect: async () => {
      const { port1, port2 } = new MessageChannel();
      handler.upgrade(callPort(portPipe(port1)));
      return portPipe(port2);
    },
  };
}

function routerOf(script: Script, received: Received[]) {
  const os = implement(contract);
  const take = (command: string, input: object): Recording => {
    received.push({ command, input: { ...input } });
    const { approval = '' }: { readonly approval?: string } = input;
    const refusal = script.refused?.[command] ?? script.refused?.[`${command} ${approval}`];
    return refusal === undefined ? RECORDED : { ok: false, fault: refusal };
  };
  return {
    host: {
      describe: os.host.describe.handler(() => ({
        ok: true,
        protocol: PROTOCOL,
        version: '0.1.0',
        dataFolder: '/home/mk/.local/share/soma-agent',
        person: { id: 'local', name: 'mk' },
      })),
    },
    folder: folderRouter(script, take),
    canvas: { create: os.canvas.create.handler(({ input }) => take('canvas.create', input)) },
    goal: {
      match: os.goal.match.handler(() => ({ ok: true, plans: [...(script.plans ?? [])] })),
      submit: os.goal.submit.handler(({ input }) => take('goal.submit', input)),
    },
    plan: planRouter(script, take),
    run: runRouter(script, take),
    approval: { answer: os.approval.answer.handler(({ input }) => take('approval.answer', input)) },
    budget: { set: os.budget.set.handler(({ input }) => take('budget.set', input)) },
    permission: { revoke: os.permission.revoke.handler(({ input }) => take('permission.revoke', input)) },
    model: modelRouter(script, take),
    chat: chatRouter(script, take),
    queue: queueRouter(script, take),
    data: dataRouter(script, take),
    content: {
      get: os.content.get.handler(({ input: { content } }) => {
        const text = content.inline ?? script.contents?.[content.hash];
        return text === undefined
          ? { ok: false, fault: fault('CONTENT_GONE', { hash: content.hash }) }
          : { ok: true, text };
      }),
    },
    workspace: workspaceRouter(script),
  };
}

/** What is known at first, and of added models as the test tells on. */
function workspaceRouter(script: Script) {
  const os = implement(contract);
  return {
    watch: os.workspace.watch.handler(async function* ({ signal }) {
      const {
        folders = [],
        canvases = [],
        permissions = [],
        runs = [],
        faults = [],
        models = [],
        chat = [],
      } = script;
      const workspace = {
        sequence: 1,
        folders: [...folders],
        canvases: [...canvases],
        permissions: [...permissions],
      };
      yield {
        type: 'snapshot',
        workspace,
        runs: runs.map((one) => rowOf(one, script.segments)),
        faults: [...faults],
        models: [...models],
        chat: [...chat],
        away: { models: [], goals: 0 },
      };
      if (script.chatNews !== undefined) yield* script.chatNews.follow(signal);
      await aborted(signal);
    }),
  };
}

function planRouter({ ownPlans = [], planFaults = [] }: Script, take: Take) {
  const os = implement(contract.plan);
  return {
    list: os.list.handler(() => ({ ok: true, plans: [...ownPlans] })),
    keep: os.keep.handler(({ input }) => {
      const answer = take('plan.keep', input);
      const faults = answer.ok ? [...planFaults] : [answer.fault];
      const [first] = faults;
      if (first !== undefined) return { ok: false, fault: first, faults };
      const path = '/home/mk/.local/share/soma-agent/plans/count-titles.yaml';
      return {
        ok: true,
        stream: 'workspace/local',
        sequence: 1,
        plan: 'count-titles',
        hash: 'ab'.repeat(32),
        path,
      };
    }),
    forget: os.forget.handler(({ input }) => {
      const answer = take('plan.forget', input);
      return answer.ok ? { ...answer, path: `/home/mk/removed/${input.plan}.1.yaml` } : answer;
    }),
  };
}

function folderRouter(script: Script, take: Take) {
  const os = implement(contract.folder);
  return {
    grant: os.grant.handler(({ input }) => {
      const answer = take('folder.grant', input);
      if (!answer.ok) return answer;
      const known = script.folders?.find(({ path }) => path === input.path);
      return { ok: true, folder: known?.id ?? input.id, path: input.path, sequence: 1 };
    }),
    move: os.move.handler(({ input }) => take('folder.move', input)),
    describe: os.describe.handler(() => ({
      ok: true,
      view: script.view ?? { files: 0, more: false, languages: [] },
    })),
    readFile: os.readFile.handler(({ input: { path } }) => {
      const file = script.files?.[path];
      return file === undefined ? { ok: false, fault: fault('FILE_GONE', { path }) } : { ok: true, file };
    }),
  };
}

function modelRouter({ models = [] }: Script, take: Take) {
  const os = implement(contract.model);
  const answer = (command: string, input: { readonly model: string }) => {
    const taken = take(`model.${command}`, input);
    const model = models.find((each) => each.model === input.model);
    if (!taken.ok) return taken;
    return model === undefined
      ? { ok: false as const, fault: fault('MODEL_ABSENT', { model: input.model }) }
      : { ok: true as const, model };
  };
  return {
    fetch: os.fetch.handler(({ input }) => answer('fetch', input)),
    add: os.add.handler(({ input }) => answer('add', input)),
    stop: os.stop.handler(({ input }) => answer('stop', input)),
    remove: os.remove.handler(({ input }) => answer('remove', input)),
  };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
}
