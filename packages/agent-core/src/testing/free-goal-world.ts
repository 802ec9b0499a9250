import type { HostCalls } from '@soma/schemas/contract';
import { openApprovals, type RunState } from '@soma/schemas/run';
import type { ChatModel } from '../port/index.ts';
import { FREE_GOAL } from './free-goal-scenario.ts';
import { temporaryFolder } from './local-store.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { type SampleFolder, sampleFolder } from './sample-folder.ts';
import { openScriptedChat, type ScriptedChat, type ScriptedChatOptions } from './scripted-chat.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** A host with a folder, and a model that says what a test tells it. */
export interface FreeGoalWorld {
  readonly folder: SampleFolder;
  readonly host: () => TestHost;
  readonly calls: () => HostCalls;
  /** Closes the host and opens its data folder anew. */
  reopen(): Promise<void>;
  readonly chat: ScriptedChat;
  /** Gives the person other models than the one it begins with. */
  useModels(models: readonly ChatModel[]): void;
  /** Plays a goal until it has ended or waits for a person. */
  play(run: string, goal?: string, plan?: string): Promise<RunState>;
  /** Says yes to the oldest open question. */
  allow(asking: RunState, scope?: 'once' | 'run'): Promise<RunState>;
  close(): Promise<void>;
}

export async function openFreeGoalWorld(
  files: Readonly<Record<string, string>>,
  options: ScriptedChatOptions = {},
): Promise<FreeGoalWorld> {
  const folder = sampleFolder({ ...files });
  const data = temporaryFolder();
  const chat = await openScriptedChat(options);
  let added: readonly ChatModel[] = [chat.model];
  const open = () => openTestHost(data.path, [], { chat: { list: () => added } });
  let host = await open();
  let calls = callsOf(host);
  return {
    ...{ folder, chat },
    host: () => host,
    calls: () => calls,
    reopen: async () => {
      await host.close();
      host = await open();
      calls = callsOf(host);
      await host.host.start();
    },
    useModels: (models) => {
      added = models;
    },
    play: async (run, goal = FREE_GOAL, plan) => {
      await submitGoal(calls, { run, folder: folder.path, goal, ...(plan !== undefined && { plan }) });
      return settled(host, run);
    },
    allow: async (asking, scope = 'once') => {
      const [asked] = openApprovals(asking);
      if (asked === undefined) throw new Error('nothing is asked');
      const given = { run: asking.id, approval: asked.id, argumentsHash: asked.arguments.hash };
      const id = asked.id.replaceAll('.', '-');
      await calls.approval.answer({ id, ...given, reach: { scope }, answer: 'approved' });
      return settled(host, asking.id);
    },
    close: async () => {
      await host.close();
      await chat.close();
      data.remove();
      folder.remove();
    },
  };
}
