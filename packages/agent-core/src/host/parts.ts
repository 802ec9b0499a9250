import type {
  BackupsView,
  FileView,
  FolderView,
  ProvenBackup,
  QueueView,
  Reconciled,
} from '@soma/schemas/contract';
import type { Fault, Scope, Sha256 } from '@soma/schemas/event';
import type { Board } from '../engine/index.ts';
import type {
  AddedModels,
  AgentFiles,
  ChatModels,
  Clock,
  ContentStore,
  Delegate,
  EventStore,
  Hasher,
  Ids,
  Memory,
  ModelFinder,
  ModelProvider,
  ModelStore,
  PlanFiles,
  Policy,
  ReadModel,
  Tool,
} from '../port/index.ts';

export type Looked<Shape> = ({ readonly ok: true } & Shape) | { readonly ok: false; readonly fault: Fault };

/** Looking into folders for a person: reading only, confined like the tools. */
export interface FolderReader {
  /** The folder's real path and name. Faults: FOLDER_GONE, FOLDER_NOT_A_FOLDER, FOLDER_UNREADABLE. */
  resolve(path: string): Promise<Looked<{ readonly path: string; readonly name: string }>>;
  describe(path: string): Promise<Looked<{ readonly view: FolderView }>>;
  /** Faults: FILE_GONE, FILE_BINARY, FILE_TOO_LARGE, FILE_UNREADABLE, PATH_OUTSIDE, FOLDER_GONE. */
  readFile(folder: string, path: string): Promise<Looked<{ readonly file: FileView }>>;
  /** The same for as long as no file of the folder changes; null where that cannot be told. Throws FaultError FOLDER_GONE. */
  fingerprint(folder: string, signal: AbortSignal): Promise<Sha256 | null>;
}

/** Writing texts back for a person who undoes what a run did; confined like the tools. */
export interface FileRestorer {
  /**
   * Gives one file the text `to` (null: no file), if it has the text `from` or `to` now. Answers null, or why the file is as it was:
   * FILE_CHANGED, FILE_READ_ONLY, FILE_UNWRITABLE, DISK_FULL, FOLDER_GONE, PATH_OUTSIDE.
   */
  restore(
    folder: string,
    change: { readonly path: string; readonly from: string | null; readonly to: string | null },
  ): Promise<Fault | null>;
}

/** The way from the log to the bus, for a person to look at and to mend. */
export interface QueueDesk {
  describe(): Promise<QueueView>;
  /** Sends one event again by its id, or with null all that were set aside. Throws FaultError QUEUE_COPY_UNKNOWN. */
  requeue(copy: string | null): Promise<number>;
  reconcile(): Promise<Reconciled>;
}

/** What a composition root wires together, once. */
export interface HostParts {
  readonly store: EventStore;
  readonly runs: ReadModel;
  readonly content: ContentStore;
  readonly policy: Policy;
  readonly tools: readonly Tool[];
  /** The tools by which a run starts another; left out where none may. */
  readonly delegating?: (delegate: Delegate) => readonly Tool[];
  /** Plan files, each whole, read when a plan is first asked for. One that cannot be used with these tools makes that throw. */
  readonly plans: readonly string[];
  /** Where a person's own plans lie. */
  readonly ownPlans: PlanFiles;
  /** Agent files that came with the product, each whole, and where a person's own lie. */
  readonly agents: readonly string[];
  readonly ownAgents: AgentFiles;
  readonly board: Board;
  readonly memory: Memory;
  readonly folders: FolderReader;
  readonly files: FileRestorer;
  /** Models on this machine, and the one that embeds; left out where there can be none. */
  readonly models?: { readonly store: ModelStore; readonly provider: ModelProvider };
  /** The models that people added for turns; left out where there can be none. */
  readonly chat?: ChatModels;
  /** Where people add them, and what there is to add; left out where there can be none. */
  readonly modelDesk?: { readonly added: AddedModels; readonly finder: ModelFinder };
  readonly queue: QueueDesk;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  readonly tenant: string;
  readonly workspace: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly version: string;
  readonly dataFolder: string;
  /** Absolute path of the folder in which commands' own runners write what came of them. */
  readonly executions: string;
  /** Makes a proven backup at an absolute path, once for an id. Throws FaultError: those of the contract's `data.backup`. */
  readonly backUp: (request: { readonly id: string; readonly path: string }) => Promise<ProvenBackup>;
  /** The backups in a folder, or with null in the one beside the data folder. Throws FaultError: those of the contract's `data.list`. */
  readonly backups: (folder: string | null) => Promise<BackupsView>;
  /** What troubles the parts themselves now, or was found when they were opened, such as a database restored from a backup. */
  readonly faults: () => readonly Fault[];
  /** Calls the listener whenever `faults` answers something else. */
  readonly onFaults: (listener: () => void) => void;
  /** The store is this process's alone, as it is for the owner of a data folder. */
  readonly soleWriter: boolean;
  /** Calls under way at once, over all runs. */
  readonly parallelCalls: number;
  /** Tasks of one run under way at once. */
  readonly parallelTasks: number;
  /** With so many events of a run in one stream, its log goes on in another; `SEGMENT_EVENTS` when left out. */
  readonly segmentEvents?: number;
  /** Called when another host asked for the data folder, after everything was let go. */
  readonly onHandedOver: () => void;
}

/** Who is at the other end of a pipe. */
export interface CallContext {
  readonly scope: Scope;
}
