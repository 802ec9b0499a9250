import type { ModelName, Reach, Recording, Refused } from '@soma/schemas/contract';
import type { ApproveMode, Budget, Fault, Json, Slots } from '@soma/schemas/event';
import type { ApprovalState } from '@soma/schemas/run';
import { useMemo } from 'react';
import type { Client } from './client.ts';
import { useClient } from './context.tsx';
import { ask } from './link.ts';

/** A goal as a person gives it. Without `plan` the host takes the best match. */
export interface GoalWish {
  readonly text: string;
  readonly folder: string;
  readonly canvas: string;
  readonly plan?: string | null;
  readonly slots?: Slots;
  readonly approve?: ApproveMode;
}

/** A new id, minted here, so that a command that is sent twice is recorded once. */
export function mintId(): string {
  return crypto.randomUUID();
}

/** A branch of a run after one of its events. With `paused` it waits to be resumed. */
export interface BranchWish {
  readonly run: string;
  readonly sequence: number;
  readonly approve: ApproveMode;
  readonly paused: boolean;
}

/** What a person can have done, recorded by the host or refused with a fault. */
export interface Commands {
  /** Answers the run's id at once when the goal was recorded. */
  readonly submitGoal: (goal: GoalWish) => Promise<{ readonly ok: true; readonly run: string } | Refused>;
  readonly pause: (run: string) => Promise<Recording>;
  readonly resume: (run: string, approve?: ApproveMode) => Promise<Recording>;
  readonly stop: (run: string) => Promise<Recording>;
  /** Does a task that is over again, with all that needs it. */
  readonly retryTask: (run: string, task: string) => Promise<Recording>;
  /** Leaves out a task that has not begun, with all that needs it. */
  readonly skipTask: (run: string, task: string) => Promise<Recording>;
  /** Gives a task that has not begun other arguments. */
  readonly editTask: (run: string, task: string, given: Json) => Promise<Recording>;
  /** Says something to a run, or once it has ended to one that follows it; the stream of the answer is that of the run which replies. */
  readonly say: (run: string, words: string) => Promise<Recording>;
  /** Answers the branch's id at once when it was recorded. */
  readonly fork: (branch: BranchWish) => Promise<{ readonly ok: true; readonly run: string } | Refused>;
  /** Opens a folder for reading. Granting a known path answers its folder. */
  readonly grantFolder: (
    path: string,
  ) => Promise<{ readonly ok: true; readonly folder: string; readonly path: string } | Refused>;
  readonly moveFolder: (folder: string, path: string) => Promise<Recording>;
  /** Answers the new canvas's id. */
  readonly createCanvas: (
    title: string,
    folder: string | null,
  ) => Promise<{ readonly ok: true; readonly canvas: string } | Refused>;
  readonly renameCanvas: (canvas: string, title: string) => Promise<Recording>;
  /** Bound to the arguments that are shown. */
  readonly answerApproval: (
    run: string,
    approval: ApprovalState,
    answer: { readonly answer: 'approved' | 'rejected'; readonly reach?: Reach },
  ) => Promise<Recording>;
  /** Ends a standing permission. */
  readonly revoke: (permission: string) => Promise<Recording>;
  /** Gives files of an ended run the text they had before it: those named, or with null all of them, and those of the runs it had started. */
  readonly undoFiles: (
    run: string,
    paths: readonly string[] | null,
    started?: readonly string[],
  ) => Promise<({ readonly ok: true } & Undone) | Refused>;
  /** What models may cost from now on. */
  readonly budget: (budget: Budget) => Promise<Recording>;
  /** Takes what a run put on its board away, or brings it back. */
  readonly undoBoard: (
    run: string,
    redo: boolean,
  ) => Promise<{ readonly ok: true; readonly changed: boolean } | Refused>;
  /** What a person wants of a model: have it fetched, taken from a file, no longer fetched, or deleted. */
  readonly model: (model: ModelName, wish: ModelWish) => Promise<{ readonly ok: true } | Refused>;
}

export type ModelWish =
  | { readonly do: 'fetch' | 'stop' | 'remove' }
  | { readonly do: 'add'; readonly path: string };

/** What came of an undo of files: `kept` are as they were found, each with the reason. */
export interface Undone {
  readonly restored: readonly string[];
  readonly kept: readonly { readonly path: string; readonly fault: Fault }[];
}

export function createCommands({ link, runs }: Pick<Client, 'link' | 'runs'>): Commands {
  return {
    submitGoal: async ({ text, folder, canvas, plan = null, slots = {}, approve = 'ask' }) => {
      const run = mintId();
      const wish = { id: run, text, folder, canvas, plan, slots, approve };
      const answer = await ask(link, (calls) => calls.goal.submit(wish));
      return answer.ok ? { ok: true, run } : answer;
    },
    ...createRunCommands({ link, runs }),
    grantFolder: (path) => {
      const id = mintId();
      return ask(link, (calls) => calls.folder.grant({ id, path }));
    },
    moveFolder: (folder, path) => onRun(link, (calls, id) => calls.folder.move({ id, folder, path })),
    createCanvas: async (title, folder) => {
      const canvas = mintId();
      const answer = await ask(link, (calls) => calls.canvas.create({ id: canvas, title, folder }));
      return answer.ok ? { ok: true, canvas } : answer;
    },
    renameCanvas: (canvas, title) => onRun(link, (calls, id) => calls.canvas.rename({ id, canvas, title })),
    answerApproval: (run, approval, answer) =>
      onRun(link, (calls, id) =>
        calls.approval.answer({
          id,
          run,
          approval: approval.id,
          argumentsHash: approval.arguments.hash,
          ...answer,
        }),
      ),
    revoke: (permission) => onRun(link, (calls, id) => calls.permission.revoke({ id, permission })),
    budget: (budget) => onRun(link, (calls, id) => calls.budget.set({ id, budget })),
    model: (model, wish) => {
      const id = mintId();
      return ask(link, (calls) =>
        wish.do === 'add'
          ? calls.model.add({ id, model, path: wish.path })
          : calls.model[wish.do]({ id, model }),
      );
    },
  };
}

type RunCommands = Pick<
  Commands,
  | 'pause'
  | 'resume'
  | 'stop'
  | 'retryTask'
  | 'skipTask'
  | 'editTask'
  | 'say'
  | 'fork'
  | 'undoFiles'
  | 'undoBoard'
>;

/** What can be asked of one run. */
function createRunCommands({ link, runs }: Pick<Client, 'link' | 'runs'>): RunCommands {
  return {
    pause: (run) => onRun(link, (calls, id) => calls.run.pause({ id, run })),
    resume: (run, approve) =>
      onRun(link, (calls, id) => calls.run.resume({ id, run, ...(approve !== undefined && { approve }) })),
    stop: (run) => onRun(link, (calls, id) => calls.run.stop({ id, run })),
    retryTask: (run, task) => onRun(link, (calls, id) => calls.run.retryTask({ id, run, task })),
    skipTask: (run, task) => onRun(link, (calls, id) => calls.run.skipTask({ id, run, task })),
    editTask: (run, task, given) =>
      onRun(link, (calls, id) => calls.run.editTask({ id, run, task, arguments: given })),
    say: (run, words) => onRun(link, (calls, id) => calls.run.say({ id, run, text: words })),
    fork: async (branch) => {
      const id = mintId();
      const answer = await ask(link, (calls) => calls.run.fork({ id, ...branch }));
      return answer.ok ? { ok: true, run: id } : answer;
    },
    undoFiles: async (run, paths, started = []) => {
      const id = mintId();
      const named = paths === null ? null : [...paths];
      const answer = await ask(link, (calls) => calls.run.undoFiles({ id, run, paths: named }));
      await Promise.all([run, ...started].map((one) => runs.refresh(one)));
      return answer;
    },
    undoBoard: (run, redo) => {
      const id = mintId();
      return ask(link, (calls) => calls.run.undoBoard({ id, run, redo }));
    },
  };
}

type Calls = ReturnType<Client['link']['current']>;

function onRun(
  link: Client['link'],
  make: (calls: Calls, id: string) => Promise<Recording>,
): Promise<Recording> {
  const id = mintId();
  return ask(link, (calls) => make(calls, id));
}

export function useCommands(): Commands {
  const client = useClient();
  return useMemo(() => createCommands(client), [client]);
}
