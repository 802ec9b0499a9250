import { dirname, join } from 'node:path';
import type { AnyRouter } from '@orpc/server';
import { AgentFolder } from '@soma/agent-core/adapter/agent-files';
import { ContentFiles } from '@soma/agent-core/adapter/content-files';
import { type DatabaseOptions, type OpenDatabase, openDatabase } from '@soma/agent-core/adapter/data-folder';
import { createLocalModel, type LocalModel, type ModelRun } from '@soma/agent-core/adapter/model-local';
import { PlanFolder } from '@soma/agent-core/adapter/plan-files';
import { createRulePolicy } from '@soma/agent-core/adapter/rules';
import type { Vault } from '@soma/agent-core/adapter/secrets';
import { ledgerSchema, SqliteLedger } from '@soma/agent-core/adapter/sqlite-ledger';
import { createSqliteMemory, memorySchema } from '@soma/agent-core/adapter/sqlite-memory';
import { createIds, systemClock, systemHasher } from '@soma/agent-core/adapter/system';
import { createCanvasTools, createRunBoard } from '@soma/agent-core/adapter/tool-canvas';
import { createChangeTools, fileRestorer } from '@soma/agent-core/adapter/tool-change';
import { commandEnvironment, createCommandTools } from '@soma/agent-core/adapter/tool-command';
import { createDelegateTools } from '@soma/agent-core/adapter/tool-delegate';
import { createFactsTools } from '@soma/agent-core/adapter/tool-facts';
import { createFetchTools } from '@soma/agent-core/adapter/tool-fetch';
import { createFindTools } from '@soma/agent-core/adapter/tool-find';
import { createFolderTools, folderReader } from '@soma/agent-core/adapter/tool-folder';
import { createSourceTools, type SourceAssets } from '@soma/agent-core/adapter/tool-source';
import { createTableTools } from '@soma/agent-core/adapter/tool-table';
import {
  createCallServer,
  listenOnSocketFile,
  privateFolder,
  type Report,
  socketPath,
} from '@soma/agent-core/adapter/transport';
import { packagedAgentSources } from '@soma/agent-core/agent';
import { createHost, type Host } from '@soma/agent-core/host';
import { packagedPlanSources } from '@soma/agent-core/plan';
import type { Memory } from '@soma/agent-core/port';
import type { FlowDuplex } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { createBackups } from '../backup/start-backup.ts';
import type { Config } from '../config.ts';
import type { HubPlace } from '../hub/greeting.ts';
import type { Claimed } from './claim.ts';
import { connectFrames } from './frames.ts';
import { keepBackups } from './keep-backups.ts';
import { type KeptChat, keepChat } from './keep-chat.ts';
import { keepContent } from './keep-content.ts';
import { KeptQueue } from './keep-queue.ts';
import { type HubRun, KeptHub } from './kept-hub.ts';

/** Tasks of one run under way at once. */
const PARALLEL_TASKS = 4;
/** Calls of all runs under way at once. */
const PARALLEL_CALLS = 8;

/** What to do when the ledger is damaged and nothing in it or its backups is good; to begin anew is for a person to ask. */
export type WhenLost = DatabaseOptions['whenLost'];

export interface LocalHostOptions {
  readonly whenLost: WhenLost;
  readonly claimed: Claimed;
  readonly config: Config;
  readonly version: string;
  readonly report: Report;
  readonly sourceAssets: SourceAssets;
  /** The code of the process that runs commands: the absolute path of its file, or where it lies in the source. */
  readonly commandRunner: string | URL;
  /** The code of the thread that searches folders, likewise. */
  readonly findWorker: string | URL;
  readonly tableWorker: string | URL;
  /** The code of the thread that makes backups, likewise. */
  readonly backupWorker: string | URL;
  /** Starts the process that has models in memory; called when one is first needed. */
  readonly startModel: () => ModelRun;
  /** What locks keys with the system's keychain; null where this process has no way to one. */
  readonly vault: Vault | null;
  readonly startHub: (place: HubPlace) => Promise<HubRun>;
  /** Another process asked for the data folder and this host has let its runs go. */
  readonly onHandedOver: () => void;
  /** What the socket file answers besides the contract. */
  readonly extras?: Readonly<Record<string, AnyRouter>>;
}

/** The host of one data folder, in this process. */
export interface LocalHost {
  readonly host: Host;
  /** Connects a pipe's document frames to the hub. */
  readonly frames: (pipe: FlowDuplex) => void;
  /** Pipes on the socket file that are open now. */
  readonly clients: () => number;
  /** Pauses or hands over what is at work, and lets socket, databases and data folder go, in this order. */
  close(reason: 'closing' | 'hand-over'): Promise<void>;
}

/**
 * Opens everything a host needs in the data folder that was claimed, takes up its runs and listens on the socket file. When that
 * fails, what was opened is closed, the folder stays claimed so that it can be tried again, and the fault is thrown.
 */
export async function openLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const undo: (() => Promise<void> | void)[] = [];
  try {
    return await open(options, undo);
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

/** `undo` gathers what must be done to let go again, in order; the last is done first. */
async function open(options: LocalHostOptions, undo: (() => Promise<void> | void)[]): Promise<LocalHost> {
  const { claimed, config, report, whenLost, startHub, extras = {} } = options;
  const { folder, handedOver } = claimed;
  const place = { folder: folder.path, exit: folder.exit };
  const database = await openDatabase({ ...place, schema: ledgerSchema, clock: systemClock, whenLost });
  undo.push(() => database.close());
  undo.push(keepBackups(database, report));
  const hub = new KeptHub({
    start: (isRestart) => startHub(isRestart ? { ...place, exit: 'unclean' } : place),
    clock: systemClock,
  });
  undo.push(() => hub.close());
  const { model, chat } = openModels(options);
  undo.push(
    () => model.close(),
    () => chat.close(),
  );
  const memory = createSqliteMemory(() =>
    openDatabase({ ...place, schema: memorySchema, clock: systemClock, whenLost: 'begin-anew' }),
  );
  undo.push(() => memory.close());
  const backups = createBackups(options.backupWorker, { folder: folder.path, product: options.version });
  undo.push(() => backups.close());
  const own = hostParts(options, { database, hub, model, chat, memory });
  const queue = new KeptQueue({ ...own, ledger: own.store, report });
  undo.push(() => queue.close());
  const parts = { ...own, queue, backUp: backups.make, backups: backups.list };
  const host = await createHost(parts);
  undo.push(
    keepContent(
      { ...parts, folder: folder.path, scope: host.scope() },
      { isBusy: () => host.hasActiveRuns(), report },
    ),
  );
  const calls = createCallServer({ ...host.router, ...extras }, report);
  const frames = (pipe: FlowDuplex) =>
    connectFrames(pipe, hub, { scope: host.scope(), author: `person:${config.person.id}` });
  const path = socketPath(folder.path, config.runtimeFolder);
  if (dirname(path) === config.runtimeFolder) privateFolder(config.runtimeFolder);
  const listener = await listenOnSocketFile(path, (pipe) => {
    calls.connect(pipe, { scope: host.scope() });
    frames(pipe);
  });
  undo.push(() => listener.close());
  await chat.added.tidy(host.scope());
  await host.start(handedOver);
  folder.publish({ pid: process.pid, socket: path });
  return {
    host,
    frames,
    clients: calls.connections,
    close: async (reason) => {
      await host.close(reason);
      await unwind(undo);
      folder.release();
    },
  };
}

/** The model that is fetched, and those that people add. */
function openModels({ claimed, config, vault, startModel }: LocalHostOptions) {
  const folder = claimed.folder.path;
  const environment = config.ownEnvironment;
  return {
    model: createLocalModel({ dataFolder: folder, environment, clock: systemClock, start: startModel }),
    chat: keepChat({ folder, vault, startModel }),
  };
}

interface Opened {
  readonly database: OpenDatabase;
  readonly hub: KeptHub;
  readonly model: LocalModel;
  readonly chat: KeptChat;
  readonly memory: Memory;
}

function hostParts(options: LocalHostOptions, opened: Opened) {
  const { config, version, claimed, onHandedOver } = options;
  const { database, hub, model, chat, memory } = opened;
  const ledger = new SqliteLedger(database, systemClock);
  const folder = claimed.folder.path;
  const executions = join(folder, 'commands');
  const content = new ContentFiles({ folder: join(folder, 'content') });
  const mended = database.mended === null ? [] : [fault('DATABASE_DAMAGED', { ...database.mended })];
  return {
    ...{ store: ledger, runs: ledger.runs, content },
    ...{
      policy: createRulePolicy(systemHasher),
      clock: systemClock,
      ids: createIds(systemClock),
      hasher: systemHasher,
    },
    ...{
      tenant: 'local',
      workspace: 'local',
      person: config.person,
      version,
      dataFolder: folder,
      executions,
    },
    tools: hostTools(options, { ...opened, folder, content, executions }),
    delegating: createDelegateTools,
    plans: packagedPlanSources,
    ownPlans: new PlanFolder({ folder: join(folder, 'plans'), clock: systemClock }),
    agents: packagedAgentSources,
    ownAgents: new AgentFolder({ folder: join(folder, 'agents') }),
    board: createRunBoard({ hub }),
    folders: folderReader,
    files: fileRestorer,
    ...{ models: model, chat: chat.added, modelDesk: chat, memory },
    faults: () => [...mended, ...chat.faults, ...hub.faults()],
    onFaults: (listener: () => void) => hub.onFaults(listener),
    soleWriter: true,
    ...{ parallelTasks: PARALLEL_TASKS, parallelCalls: PARALLEL_CALLS },
    onHandedOver,
  };
}

function hostTools(
  { config, version, sourceAssets, commandRunner, findWorker, tableWorker }: LocalHostOptions,
  {
    hub,
    model,
    folder,
    content,
    executions,
  }: Opened & { folder: string; content: ContentFiles; executions: string },
) {
  return [
    ...createFolderTools(),
    ...createChangeTools(content),
    ...createFactsTools(),
    ...createSourceTools(sourceAssets),
    ...createFindTools({ dataFolder: folder, worker: findWorker, model: model.provider }),
    ...createTableTools(tableWorker),
    ...createCanvasTools({ hub, content }),
    ...createFetchTools({ version }),
    ...createCommandTools({
      store: executions,
      runner: commandRunner,
      environment: commandEnvironment(config.ownEnvironment),
    }),
  ];
}

async function unwind(undo: (() => Promise<void> | void)[]): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}
