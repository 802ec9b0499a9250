import type { Delta } from '@soma/schemas/delta';
import type {
  Artifact,
  CheckedClaim,
  Claim,
  EndState,
  Fault,
  Json,
  Permission,
  RunAgent,
  Scope,
  Sha256,
  Slots,
} from '@soma/schemas/event';
import type { AskedTask, PackagedPlan, TaskTemplate } from '@soma/schemas/plan';
import type { RunState } from '@soma/schemas/run';
import type { Reserving } from '../policy/index.ts';
import type {
  ChatModel,
  ChatModels,
  Clock,
  ContentStore,
  EventStore,
  Hasher,
  Ids,
  Memory,
  Policy,
  ReadModel,
  Tool,
} from '../port/index.ts';
import type { Turns } from './turns.ts';

/** What expressions of a plan may look at: slots, results of the tasks before, and the task's own result. */
export interface PlanContext {
  readonly goal: string;
  readonly slots: Slots;
  readonly tasks: Readonly<Record<string, Json>>;
  readonly result: Json;
}

/** An agent as its file has it now: what a run records of it, and its instructions. */
export interface PlanAgent {
  readonly terms: Omit<RunAgent, 'instructions'>;
  readonly words: string;
}

/** `agents` are those that its tasks are or may be given to. They are there where the plan was chosen, and not where it is read again. */
export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: PackagedPlan;
      readonly source: string;
      readonly hash: Sha256;
      readonly agents?: readonly PlanAgent[];
    }
  | { readonly ok: false; readonly fault: Fault };

export type Evaluated<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

/** What an artifact shows besides the claims of its task's evidence. */
export type ArtifactParts = Pick<
  Artifact,
  'title' | 'icon' | 'lines' | 'graph' | 'chart' | 'offers' | 'prose'
>;

/** Plans as data: which one follows a goal, and what its expressions come to. */
export interface Planner {
  choose(request: { goal: string; requested: string | null; slots: Slots }): Promise<ReadPlan>;
  read(source: string): Promise<ReadPlan>;
  /** Whether the run asks for the task at all. */
  needed(task: TaskTemplate, context: PlanContext): Promise<Evaluated<boolean>>;
  /** Whether its result is enough, so that nothing else has to come in its place. */
  enough(task: TaskTemplate, context: PlanContext): Promise<Evaluated<boolean>>;
  arguments(task: TaskTemplate, context: PlanContext): Promise<Evaluated<Json>>;
  claims(task: TaskTemplate, context: PlanContext): Promise<Evaluated<readonly Claim[]>>;
  /** Null when the task publishes nothing. */
  artifact(task: TaskTemplate, context: PlanContext): Promise<Evaluated<ArtifactParts | null>>;
  /** The tasks that the result of a task asks for, checked in their form; nothing where its template has no `next`. */
  next(task: TaskTemplate, context: PlanContext): Promise<Evaluated<readonly AskedTask[]>>;
  /** The plan with further tasks, read as any plan is. */
  extend(plan: PackagedPlan, tasks: readonly TaskTemplate[]): Promise<ReadPlan>;
}

/** Checks claims by rereading the folder with other code than made them. Throws FaultError FOLDER_GONE when it is not there. */
export interface Verifier {
  verify(
    claims: readonly Claim[],
    where: { folder: string; run: string; signal: AbortSignal },
  ): Promise<readonly CheckedClaim[]>;
}

export interface ReserveRequest {
  readonly scope: Scope;
  readonly run: string;
  readonly call: string;
  /** The most that the call can cost; null where nobody knows. */
  readonly dollars: number | null;
}

/** What may still be spent, of a run and of a day. */
export interface Purse {
  reserve(request: ReserveRequest): Promise<Reserving>;
}

/** Which models are there to be asked, as far as this process has seen. Nothing of it is kept: a restart tries again. */
export interface Health {
  /** Whether a turn may be asked of it now. */
  mayAsk(model: ChatModel): boolean;
  /** A run is about to ask it; where it was away, no other does until it is known whether it is back. */
  choose(run: string, model: ChatModel): void;
  /** A run waits for these, which it does until one of them is back or it works no more. */
  hold(run: string, models: readonly ChatModel[]): void;
  /** Holds the run, and resolves when one of them may be asked, the person's models have changed, or the signal aborts. */
  wait(run: string, models: readonly ChatModel[], signal: AbortSignal): Promise<void>;
}

/** As much of a run as the caption of its node needs. */
export type CaptionedRun = Pick<RunState, 'id' | 'scope' | 'canvas' | 'endings'> & {
  readonly goal: Pick<RunState['goal'], 'inline'>;
};

/** The run's own node on its canvas, which is the product's picture of the run and not a tool's effect. Every call may be repeated. */
export interface Board {
  placeRun(state: RunState): Promise<void>;
  /** Writes the end state under the run's node, once for each of its ends. */
  caption(run: CaptionedRun, end: EndState): Promise<void>;
  /** Id of the run's node. */
  runNode(run: string): string;
  /** Takes what the run's tools put on the board away, as one step, or brings it back. False where there was nothing to do. */
  undo(run: CaptionedRun, redo: boolean): Promise<boolean>;
}

/** Everything the engine needs, wired once by the host. */
export interface EngineParts {
  readonly store: EventStore;
  readonly runs: ReadModel;
  readonly content: ContentStore;
  readonly policy: Policy;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hasher: Hasher;
  readonly planner: Planner;
  readonly verifier: Verifier;
  readonly board: Board;
  readonly memory: Memory;
  /** The models that people added. */
  readonly models: ChatModels;
  readonly purse: Purse;
  readonly health: Health;
  /** The same for as long as no file of the folder changes; null where that cannot be told. */
  readonly fingerprint: (folder: string, signal: AbortSignal) => Promise<Sha256 | null>;
  /** The product's version. */
  readonly version: string;
  /** Scope for work no person asked for, such as looking for interrupted runs. */
  readonly scope: Scope;
  /** Unique to this host process: who holds the leases. */
  readonly holder: string;
  /** Nobody but this process may write to the store, so a lease found at the start belongs to a process that died. */
  readonly soleWriter: boolean;
  /** Calls under way at once, over all runs. */
  readonly turns: Turns;
  /** Tasks of one run under way at once. */
  readonly parallelTasks: number;
  /** With so many events of a run in one stream, its log goes on in another. */
  readonly segmentEvents: number;
  /** Where the run's folder is now; it may have been pointed elsewhere since the goal was submitted. */
  readonly folderOf: (state: RunState) => string;
  /** What people allowed for the run's folder and have not revoked, none of it past its date. */
  readonly permissionsOf: (state: RunState) => readonly Permission[];
  readonly onDelta: (delta: Delta) => void;
  /** Something that troubles the whole host, such as a full disk; null when it is over. */
  readonly onTrouble: (fault: Fault | null) => void;
}
