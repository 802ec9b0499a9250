import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Delta } from '../delta/index.ts';
import { Artifact } from '../event/artifact.ts';
import { Budget } from '../event/budget.ts';
import { Claim, Verdict } from '../event/claim.ts';
import { Content } from '../event/content.ts';
import { Fault, Json } from '../event/fault.ts';
import { ApproveMode, Priority, Slots } from '../event/goal.ts';
import { RecordedRunEvent } from '../event/registry.ts';
import { Slot } from '../plan/index.ts';
import { RunReport } from '../run/report.ts';
import { RunState } from '../run/state.ts';
import { RunSummary } from '../run/summary.ts';
import { WorkspaceState } from '../workspace/index.ts';
import { agentContract } from './agent.ts';
import { answer, Id, Recording } from './answer.ts';
import { AddedModel, chatContract, ModelsAway } from './chat.ts';
import { dataContract } from './data.ts';
import { ModelName, ModelState } from './model.ts';
import { planContract } from './plan.ts';
import { queueContract } from './queue.ts';

/** Version of everything on the wire. A client of another version is refused with PROTOCOL_MISMATCH. */
export const PROTOCOL = 1;

/** Absolute path of a folder or, for a file, its path relative to the folder with `/`. */
const Path = z.string().min(1).max(4096);

/**
 * A plan that may fit what was typed, best first. `score` lies between 0 and 1; `near` ones are worth choosing from; the one that
 * `fits` is followed when a person names none, and where two are near none does. `filled` is what the text itself says of the slots.
 */
export const PlanMatch = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  score: z.number(),
  near: z.boolean(),
  fits: z.boolean(),
  /**
   * `meaning` where not its words but only what the goal means makes it near, or chooses it; `model` where no plan fits and a model that the
   * person added can work the goal out.
   */
  by: z.enum(['words', 'meaning', 'model']),
  filled: Slots,
  needsModel: z.boolean(),
  /** A person's own plan rather than one that came with the product. */
  own: z.boolean(),
  slots: z.array(Slot),
});
export type PlanMatch = z.infer<typeof PlanMatch>;

/** What a look into a folder shows without reading it all: number of files (at most `limit` counted) and main languages. */
export const FolderView = z.object({
  files: z.number().int(),
  more: z.boolean(),
  languages: z.array(z.object({ name: z.string(), files: z.number().int() })),
});
export type FolderView = z.infer<typeof FolderView>;

/**
 * A text file as it is now. `language` is Monaco's id for it; `truncated` says that only the first part is here; `encoding` is what
 * its bytes were read as where they are not UTF-8, Windows-1252 being no more than a guess.
 */
export const FileView = z.object({
  path: z.string(),
  text: z.string(),
  lines: z.number().int(),
  language: z.string(),
  truncated: z.boolean(),
  encoding: z.enum(['utf-16le', 'utf-16be', 'windows-1252']).optional(),
});
export type FileView = z.infer<typeof FileView>;

/** What a watch of a run yields: first a snapshot (or, after a known sequence, the events since), then batches. */
export const RunNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), state: RunState }),
  z.object({ type: z.literal('batch'), events: z.array(RecordedRunEvent), deltas: z.array(Delta) }),
  z.object({ type: z.literal('heartbeat'), sequence: z.number().int() }),
]);
export type RunNews = z.infer<typeof RunNews>;

/** What a watch of the workspace yields: first all of it, then what changed. */
export const WorkspaceNews = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    workspace: WorkspaceState,
    runs: z.array(RunSummary),
    faults: z.array(Fault),
    models: z.array(ModelState),
    chat: z.array(AddedModel),
    away: ModelsAway,
  }),
  z.object({ type: z.literal('workspace'), workspace: WorkspaceState }),
  z.object({ type: z.literal('runs'), runs: z.array(RunSummary) }),
  /** Everything that troubles the whole host now, such as a full disk; an empty list says that it is over. */
  z.object({ type: z.literal('faults'), faults: z.array(Fault) }),
  /** Every model and where it stands, whenever that changed. */
  z.object({ type: z.literal('models'), models: z.array(ModelState) }),
  /** Every model that people added, whenever one came, went or changed, and as its examination goes on. */
  z.object({ type: z.literal('chat'), chat: z.array(AddedModel) }),
  /** Which models are away and how many goals wait, whenever that changed; none says that it is over. */
  z.object({ type: z.literal('away'), away: ModelsAway }),
  z.object({ type: z.literal('heartbeat') }),
]);
export type WorkspaceNews = z.infer<typeof WorkspaceNews>;

const run = z.object({ run: z.string().min(1).max(200) });
const runCommand = run.extend({ id: Id });
const taskCommand = runCommand.extend({ task: z.string().min(1).max(200) });
const modelCommand = z.object({ id: Id, model: ModelName });

/** What Verify finds of a claim now. `claim` is its id within the task. */
export const Rechecked = z.object({ task: z.string(), claim: z.string(), verdict: Verdict });
export type Rechecked = z.infer<typeof Rechecked>;

/** A claim of an earlier run, and whether it holds now. */
export const Remembered = z.object({
  run: z.string(),
  task: z.string(),
  at: z.iso.datetime(),
  claims: z.array(z.object({ claim: Claim, holds: z.boolean() })),
});
export type Remembered = z.infer<typeof Remembered>;

/** How far an approval reaches. `until` is RFC 3339 and lies at most a year ahead. */
export const Reach = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('once') }),
  z.object({ scope: z.literal('run') }),
  z.object({ scope: z.literal('folder'), until: z.iso.datetime() }),
]);
export type Reach = z.infer<typeof Reach>;

/** The host API: commands are recorded or refused, queries answer a page of a read model, watches go on until cancelled. */
export const contract = {
  host: {
    describe: oc.input(z.object({ protocol: z.number().int() })).output(
      answer({
        protocol: z.number().int(),
        version: z.string(),
        dataFolder: z.string(),
        /** Display name and id of whoever sits here. */
        person: z.object({ id: z.string(), name: z.string() }),
      }),
    ),
    /** Finish the commit under way, give up leases and the data folder, and leave. Answers the runs that were active. */
    handOver: oc.input(z.object({})).output(answer({ runs: z.array(z.string()) })),
  },
  folder: {
    /** Refused with FOLDER_GONE, FOLDER_NOT_A_FOLDER or FOLDER_UNREADABLE. Granting a known path again answers its folder. */
    grant: oc
      .input(z.object({ id: Id, path: Path }))
      .output(answer({ folder: z.string(), path: z.string(), sequence: z.number().int() })),
    move: oc.input(z.object({ id: Id, folder: z.string(), path: Path })).output(Recording),
    describe: oc.input(z.object({ folder: z.string() })).output(answer({ view: FolderView })),
    /** One text file inside the folder. Refused with FILE_GONE, FILE_BINARY, FILE_TOO_LARGE, PATH_OUTSIDE. */
    readFile: oc.input(z.object({ folder: z.string(), path: Path })).output(answer({ file: FileView })),
  },
  canvas: {
    create: oc
      .input(z.object({ id: Id, title: z.string().min(1).max(200), folder: z.string().nullable() }))
      .output(Recording),
    rename: oc
      .input(z.object({ id: Id, canvas: z.string(), title: z.string().min(1).max(200) }))
      .output(Recording),
  },
  goal: {
    match: oc
      .input(z.object({ text: z.string().max(10_000), folder: z.string().nullable() }))
      .output(answer({ plans: z.array(PlanMatch) })),
    /**
     * `id` becomes the run's id. Without `plan` the one that fits is taken: PLAN_NOT_MATCHED when none is near, PLAN_AMBIGUOUS when
     * several are. What the text says of the plan's slots is taken for those that are not given.
     */
    submit: oc
      .input(
        z.object({
          id: Id,
          text: z.string().max(10_000),
          folder: z.string(),
          canvas: z.string(),
          plan: z.string().max(200).nullable(),
          slots: Slots,
          approve: ApproveMode,
          /** Uses nothing that is remembered of earlier runs. */
          fresh: z.boolean().optional(),
          priority: Priority.optional(),
          deadline: z.iso.datetime().optional(),
        }),
      )
      .output(Recording),
  },
  run: {
    page: oc
      .input(z.object({ cursor: z.string().nullable(), limit: z.number().int().min(1).max(200) }))
      .output(answer({ runs: z.array(RunSummary), cursor: z.string().nullable() })),
    /** `segments`: the run's events behind which its log went on in a further segment. */
    get: oc.input(run).output(answer({ state: RunState, segments: z.array(z.number().int().min(1)) })),
    report: oc.input(run).output(answer({ report: RunReport })),
    artifact: oc.input(run.extend({ artifact: z.string() })).output(answer({ artifact: Artifact })),
    /**
     * Every claim of the run checked once more, against the files as they are now. Nothing is recorded: the run's evidence stays what it
     * was when it ended. Refused with FOLDER_GONE.
     */
    recheck: oc.input(run).output(answer({ claims: z.array(Rechecked) })),
    pause: oc.input(runCommand).output(Recording),
    /** Goes on after a pause or an interruption. */
    resume: oc.input(runCommand.extend({ approve: ApproveMode.optional() })).output(Recording),
    stop: oc.input(runCommand).output(Recording),
    /**
     * Does a task that is over again, with everything that needs it; a run that has ended is at work again. Refused with TASK_UNKNOWN,
     * TASK_NOT_OVER, or TASK_BUSY while one that needs it is under way.
     */
    retryTask: oc.input(taskCommand).output(Recording),
    /**
     * Leaves out a task that has not begun, and with it what needs its result; a reply to what a person said is stopped also while it is
     * given. Refused with TASK_UNKNOWN, TASK_NOT_PENDING, RUN_ENDED.
     */
    skipTask: oc.input(taskCommand).output(Recording),
    /** Gives a task that has not begun other arguments. They are decided about as any; refused as `skipTask` is. */
    editTask: oc.input(taskCommand.extend({ arguments: Json })).output(Recording),
    /**
     * Says something to a run. At work, it answers within itself and stops for nothing: the words are recorded, and a task that answers them
     * comes into its plan. Once it has ended, a run of its own, `id`, takes them as its goal and knows what this one found; the answer names
     * its stream; `approve` is that run's, *ask* where it is left out. Refused with RUN_UNKNOWN, GOAL_EMPTY, RUN_NOT_PLANNED, MODEL_NONE_FITS.
     */
    say: oc
      .input(runCommand.extend({ text: z.string().max(10_000), approve: ApproveMode.optional() }))
      .output(Recording),
    /**
     * A new run, `id`, with the history of `run` up to and including `sequence`; what was under way there is due anew. With `paused` it
     * waits to be resumed. Refused with RUN_UNKNOWN, FORK_POINT_UNKNOWN.
     */
    fork: oc
      .input(
        runCommand.extend({ sequence: z.number().int().min(1), approve: ApproveMode, paused: z.boolean() }),
      )
      .output(Recording),
    /** A run's own events, oldest first, after a sequence: folded one by one they are the run as it was at each. */
    history: oc
      .input(run.extend({ after: z.number().int().min(0), limit: z.number().int().min(1).max(1000) }))
      .output(answer({ events: z.array(RecordedRunEvent) })),
    /**
     * Gives files the text they had before the ended run: those named of its own, or with null all of them, and those of the runs it
     * had started, by paths relative to its folder. A file that somebody has written
     * since is kept as it is and named with FILE_CHANGED. Refused with RUN_NOT_ENDED, NOTHING_TO_CHANGE.
     */
    undoFiles: oc.input(runCommand.extend({ paths: z.array(Path).min(1).max(10_000).nullable() })).output(
      answer({
        restored: z.array(z.string()),
        kept: z.array(z.object({ path: z.string(), fault: Fault })),
        sequence: z.number().int(),
      }),
    ),
    /** Takes what the run, and those it had started, put on its board away in one step, or with `redo` brings it back. `changed` is false where there was nothing to do. */
    undoBoard: oc.input(runCommand.extend({ redo: z.boolean() })).output(answer({ changed: z.boolean() })),
    watch: oc.input(run.extend({ after: z.number().int().min(0).nullable() })).output(eventIterator(RunNews)),
  },
  memory: {
    /** What earlier runs on the folder left that shares words with the text, best first, each line reread now. */
    recall: oc
      .input(z.object({ folder: z.string(), text: z.string().min(1).max(10_000) }))
      .output(answer({ memories: z.array(Remembered) })),
    /** Forgets what one run, or every run on a folder, had left. The runs themselves stay. */
    forget: oc
      .input(
        z.discriminatedUnion('of', [
          z.object({ of: z.literal('run'), run: z.string() }),
          z.object({ of: z.literal('folder'), folder: z.string() }),
        ]),
      )
      .output(answer({ forgotten: z.number().int() })),
  },
  approval: {
    /** Bound to the arguments shown: another hash is refused with APPROVAL_CHANGED. */
    answer: oc
      .input(
        runCommand.extend({
          approval: z.string(),
          argumentsHash: z.string(),
          answer: z.enum(['approved', 'rejected']),
          /** How far an approval reaches; once, when left out. */
          reach: Reach.optional(),
        }),
      )
      .output(Recording),
  },
  chat: chatContract,
  plan: planContract,
  agent: agentContract,
  queue: queueContract,
  data: dataContract,
  model: {
    list: oc.input(z.object({})).output(answer({ models: z.array(ModelState) })),
    /**
     * A person's consent to fetch the model with their own pip; answers at once and goes on in the background. Refused with
     * MODEL_NO_PYTHON. One that is there or under way is left as it is.
     */
    fetch: oc.input(modelCommand).output(answer({ model: ModelState })),
    /** Takes the model from a file on this machine instead. Refused with FILE_GONE, FILE_UNREADABLE; the state tells a wrong file. */
    add: oc.input(modelCommand.extend({ path: Path })).output(answer({ model: ModelState })),
    /** Ends what goes on in the background; nothing of it is left behind. */
    stop: oc.input(modelCommand).output(answer({ model: ModelState })),
    /** Deletes what is kept of the model; what goes on is ended first. Refused with FILE_UNWRITABLE. */
    remove: oc.input(modelCommand).output(answer({ model: ModelState })),
  },
  permission: {
    /** A standing permission ends at once. Unknown ones are refused with PERMISSION_UNKNOWN. */
    revoke: oc.input(z.object({ id: Id, permission: z.string() })).output(Recording),
  },
  budget: {
    /** What models may cost from now on, also runs that are at work. */
    set: oc.input(z.object({ id: Id, budget: Budget })).output(Recording),
  },
  content: {
    /** A stored text, such as a call's arguments or result. CONTENT_GONE once it was erased. */
    get: oc.input(z.object({ content: Content })).output(answer({ text: z.string() })),
  },
  workspace: {
    watch: oc.input(z.object({})).output(eventIterator(WorkspaceNews)),
  },
};
