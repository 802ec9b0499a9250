import type { Content } from '@soma/schemas/event';
import { phaseOf, type RunState, type RunSummary, replyTo, type TaskState } from '@soma/schemas/run';

/** How what was said can be said otherwise. */
export type Again =
  /** In a branch of the run, from before it was said. */
  | { readonly by: 'fork'; readonly run: string; readonly sequence: number }
  /** To the ended run that it was said to. */
  | { readonly by: 'say'; readonly run: string };

/** What a person said, and what came of it. */
export interface Saying {
  readonly id: string;
  readonly run: RunState;
  readonly words: Content;
  readonly at: string;
  /** The task that replies, as far as there is one; null for the goal of the first run, to which the run itself is the answer. */
  readonly reply: TaskState | null;
  readonly isGoal: boolean;
  readonly again: Again | null;
}

/** Runs that follow each other whose talk is one; more are not gone through. */
const MOST_RUNS = 100;
/** The task of a run that follows another by which it replies to its goal. */
const REPLY = 'reply';

/**
 * The runs of one talk, oldest first: those that the run goes on from, the run, and what goes on from it. Where several follow one, the
 * newest does: the others are the talk as it was before something was said otherwise.
 */
export function talkOf(rows: readonly RunSummary[], run: string): readonly string[] {
  const known = new Map(rows.map((row) => [row.run, row]));
  const runs = [run];
  for (let first = known.get(run)?.follows; first !== undefined; first = known.get(first)?.follows) {
    if (runs.includes(first) || runs.length === MOST_RUNS) break;
    runs.unshift(first);
  }
  // Rows are newest first.
  const next = () => rows.find(({ follows }) => follows !== undefined && follows === runs.at(-1))?.run;
  for (let last = next(); last !== undefined && runs.length < MOST_RUNS; last = next()) {
    if (runs.includes(last)) break;
    runs.push(last);
  }
  return runs;
}

/** All that was said in these runs, oldest first. */
export function sayingsOf(runs: readonly RunState[]): readonly Saying[] {
  return runs.flatMap((run) => {
    const goal: Saying = {
      ...{ id: run.id, run, words: run.goal, at: run.submittedAt, isGoal: run.follows === null },
      reply: run.follows === null ? null : (replyTo(run, REPLY) ?? null),
      again: run.follows === null ? null : { by: 'say', run: run.follows },
    };
    const within = run.messages.map(
      ({ id, text, task, at, sequence }): Saying => ({
        ...{ id: `${run.id}/${id}`, run, words: text, at, isGoal: false },
        reply: replyTo(run, task) ?? null,
        again: { by: 'fork', run: run.id, sequence: sequence - 1 },
      }),
    );
    return [goal, ...within];
  });
}

/** How a reply stands. */
export type ReplyLook = 'due' | 'under-way' | 'asks' | 'here' | 'failed' | 'stopped';

export function replyLook({ run, reply }: Pick<Saying, 'run' | 'reply'>): ReplyLook {
  const name = reply?.status.name ?? 'queued';
  switch (name) {
    case 'queued':
    case 'retrying':
      return phaseOf(run) === 'failed' || run.status.name === 'ended' ? 'stopped' : 'due';
    case 'running':
      return 'under-way';
    case 'waiting':
      return 'asks';
    case 'verified':
    case 'unverified':
    case 'empty':
      return 'here';
    case 'failed':
      return 'failed';
    case 'unneeded':
    case 'skipped':
    case 'dropped':
    case 'stopped':
      return 'stopped';
    default:
      return name satisfies never;
  }
}
