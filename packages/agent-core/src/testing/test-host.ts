import { join } from 'node:path';
import { AgentFolder } from '../adapter/agent-files/index.ts';
import { LocalBus } from '../adapter/bus-local/index.ts';
import { createBackupList, makeBackup } from '../adapter/data-backup/index.ts';
import { createLocalModel } from '../adapter/model-local/index.ts';
import { PlanFolder } from '../adapter/plan-files/index.ts';
import { createRulePolicy } from '../adapter/rules/index.ts';
import { createIds, systemClock, systemHasher } from '../adapter/system/index.ts';
import { createCanvasTools, createRunBoard } from '../adapter/tool-canvas/index.ts';
import { createChangeTools, fileRestorer } from '../adapter/tool-change/index.ts';
import { commandEnvironment, createCommandTools } from '../adapter/tool-command/index.ts';
import { createDelegateTools } from '../adapter/tool-delegate/index.ts';
import { createFactsTools } from '../adapter/tool-facts/index.ts';
import { createFetchTools } from '../adapter/tool-fetch/index.ts';
import { createFindTools } from '../adapter/tool-find/index.ts';
import { createFolderTools, folderReader } from '../adapter/tool-folder/index.ts';
import { createSourceTools } from '../adapter/tool-source/index.ts';
import { createTableTools } from '../adapter/tool-table/index.ts';
import { packagedAgentSources } from '../agent/index.ts';
import type { RunLog } from '../engine/index.ts';
import { createHost, type Host, type HostParts } from '../host/index.ts';
import { Queue } from '../outbox/index.ts';
import { packagedPlanSources } from '../plan/index.ts';
import type { ChatModels, EventBus, Hub, ModelProvider, ModelStore } from '../port/index.ts';
import { LocalHub } from '../room/index.ts';
import { openLocalDocuments } from './local-documents.ts';
import { aScope, dataSchemas, type LocalStore, openLocalStore } from './local-store.ts';
import { modelChild } from './model-runs.ts';

/** A host of the product's own parts in a data folder, without a window and without a process around it. */
export interface TestHost {
  readonly host: Host;
  readonly hub: LocalHub;
  readonly store: LocalStore;
  /** What reading its runs takes. */
  readonly log: RunLog;
  readonly bus: EventBus;
  /** Sends nothing on until it is started. */
  readonly queue: Queue;
  close(): Promise<void>;
}

/** What is not as everywhere. `model` tells what goals and passages mean, where there is one. */
export interface TestHostOptions {
  readonly model?: ModelProvider;
  /** The models that people added for turns. */
  readonly chat?: ChatModels;
  readonly segmentEvents?: number;
  /** Puts something around the ports it uses, `hub` and `delegate`. */
  readonly around?: <P extends object>(name: string, port: P) => P;
}

/** `plans` are offered besides the packaged ones. */
export async function openTestHost(
  folder: string,
  plans: readonly string[] = [],
  { model, chat, segmentEvents, around = (_name, port) => port }: TestHostOptions = {},
): Promise<TestHost> {
  const store = await openLocalStore(folder);
  const documents = await openLocalDocuments(folder);
  const hub = new LocalHub({ store: documents.store });
  const used = around('hub', hub);
  const executions = join(folder, 'commands');
  const bus = new LocalBus();
  const queue = new Queue({ ledger: store.ledger, bus, clock: systemClock, scope: aScope() });
  const host = await createHost({
    store: store.ledger,
    runs: store.ledger.runs,
    content: store.content,
    memory: store.memory,
    policy: createRulePolicy(systemHasher),
    tools: toolsOf({ folder, executions, hub: used, content: store.content, model }),
    delegating: (delegate) => createDelegateTools(around('delegate', delegate)),
    plans: [...packagedPlanSources, ...plans],
    ownPlans: new PlanFolder({ folder: join(folder, 'plans'), clock: systemClock }),
    ...{ agents: packagedAgentSources, ownAgents: new AgentFolder({ folder: join(folder, 'agents') }) },
    board: createRunBoard({ hub: used }),
    ...(model !== undefined && { models: { store: noModels(folder), provider: model } }),
    ...(chat !== undefined && { chat }),
    folders: folderReader,
    files: fileRestorer,
    queue,
    clock: systemClock,
    ids: createIds(systemClock),
    hasher: systemHasher,
    ...{ tenant: 'local', workspace: 'local', person: { id: 'p1', name: 'P' }, version: '0.0.0' },
    dataFolder: folder,
    executions,
    ...backupsOf(folder),
    faults: () => [],
    onFaults: () => undefined,
    soleWriter: true,
    parallelTasks: 2,
    ...(segmentEvents !== undefined && { segmentEvents }),
    parallelCalls: 8,
    onHandedOver: () => undefined,
  });
  return {
    host,
    hub,
    store,
    log: logOf(store),
    bus,
    queue,
    close: async () => {
      await host.close('closing');
      await queue.close();
      await hub.close();
      documents.close();
      store.close();
    },
  };
}

function logOf({ ledger, content }: LocalStore): RunLog {
  return { store: ledger, runs: ledger.runs, content, version: '0.0.0' };
}

function backupsOf(folder: string): Pick<HostParts, 'backUp' | 'backups'> {
  const made = { folder, schemas: dataSchemas, clock: systemClock };
  const list = createBackupList(made);
  return {
    backUp: ({ id, path: target }) => makeBackup({ ...made, target, id, product: '0.0.0' }),
    backups: async (asked) => ({ ...(await list(asked)), making: null }),
  };
}

interface ToolPlace {
  readonly folder: string;
  readonly executions: string;
  readonly hub: Hub;
  readonly content: LocalStore['content'];
  readonly model: ModelProvider | undefined;
}

function toolsOf({ folder, executions, hub, content, model }: ToolPlace) {
  return [
    ...createFolderTools(),
    ...createChangeTools(content),
    ...createFactsTools(),
    ...createSourceTools(),
    ...createFindTools({ dataFolder: folder, ...(model !== undefined && { model }) }),
    ...createTableTools(),
    ...createCanvasTools({ hub, content: content }),
    ...createFetchTools({ version: '0.0.0' }),
    ...createCommandTools({ store: executions, environment: commandEnvironment(process.env) }),
  ];
}

/** The product's own store of models, in which none is. */
function noModels(dataFolder: string): ModelStore {
  return createLocalModel({ dataFolder, environment: {}, clock: systemClock, start: modelChild }).store;
}
