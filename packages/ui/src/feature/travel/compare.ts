import type { CheckedClaim, Content, Note } from '@soma/schemas/event';
import type { RunState, TaskState } from '@soma/schemas/run';

/** One task in one of two runs; null where that run has no such task. */
export interface Side {
  readonly task: TaskState;
  /** What its newest call came to. */
  readonly note: Note | null;
  readonly arguments: Content | null;
  /** Claims the other run does not have, or that hold in only one of them. */
  readonly ownClaims: readonly CheckedClaim[];
  /** Titles of its cards. */
  readonly cards: readonly string[];
}

/** What of a task is not the same in both runs. */
export type Difference = 'status' | 'arguments' | 'note' | 'claims' | 'cards';

export interface ComparedTask {
  readonly id: string;
  readonly title: string;
  readonly one: Side | null;
  readonly other: Side | null;
  readonly differs: readonly Difference[];
}

/** The tasks of two runs side by side, in the plan's order; those of one run alone come where it has them. */
export function compareTasks(one: RunState, other: RunState): readonly ComparedTask[] {
  const ids = [...new Set([...one.tasks, ...other.tasks].map(({ id }) => id))];
  return ids.map((id) => {
    const sides = [sideOf(one, id, other), sideOf(other, id, one)] as const;
    const [first, second] = sides;
    return {
      id,
      title: (first ?? second)?.task.title ?? id,
      one: first,
      other: second,
      differs: differencesOf(first, second),
    };
  });
}

function sideOf(run: RunState, id: string, against: RunState): Side | null {
  const task = run.tasks.find((each) => each.id === id);
  if (task === undefined) return null;
  const calls = task.calls.flatMap((call) => run.calls[call] ?? []).filter(({ tool }) => tool === task.tool);
  const call = calls.at(-1);
  const known = new Set(
    against.tasks.filter((each) => each.id === id).flatMap(({ evidence }) => evidence.map(keyOf)),
  );
  return {
    task,
    note: noteOf(task) ?? (call?.outcome.name === 'completed' ? call.outcome.note : null),
    arguments: task.edited ?? planned(task) ?? call?.arguments ?? null,
    ownClaims: task.evidence.filter((checked) => !known.has(keyOf(checked))),
    cards: run.artifacts.filter((card) => card.task === id).map(({ title }) => title),
  };
}

/** What its Plan came to; nothing before that. */
function planned({ steps: { plan } }: TaskState): Content | null {
  return plan.status === 'done' ? plan.output : null;
}

function noteOf({ status, steps }: TaskState): Note | null {
  if (status.name === 'skipped' || status.name === 'dropped') return status.note;
  return steps.execute.status === 'done' ? steps.execute.note : null;
}

/** What a claim says, where, and whether it holds; its id is the run's own. */
function keyOf({ claim: { kind, text, citation }, verdict }: CheckedClaim): string {
  return JSON.stringify([kind, text, citation.path, citation.line, citation.quote, verdict.checked]);
}

function differencesOf(one: Side | null, other: Side | null): readonly Difference[] {
  // A task that only one of them has differs in all it came to.
  if (one === null || other === null) return ['status', 'note', 'claims', 'cards'];
  const differs: Difference[] = [];
  if (one.task.status.name !== other.task.status.name) differs.push('status');
  if (one.arguments?.hash !== other.arguments?.hash) differs.push('arguments');
  if (!isReused(one) && !isReused(other) && wordsOf(one.note) !== wordsOf(other.note)) differs.push('note');
  if (one.ownClaims.length + other.ownClaims.length > 0) differs.push('claims');
  if (one.cards.join('\n') !== other.cards.join('\n')) differs.push('cards');
  return differs;
}

/** What was taken over is what the call came to before. */
function isReused({ note }: Side): boolean {
  return note?.code === 'result-reused';
}

/** A result is the same whatever time it took. */
function wordsOf(note: Note | null): string {
  if (note === null) return '';
  const { tookMs: _, ...data } = note.data;
  return JSON.stringify([note.code, data]);
}
