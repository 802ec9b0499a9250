import type { EventData, Note, PlannedTask, Weakened } from '@soma/schemas/event';
import {
  type ApprovalState,
  isUnclear,
  owedBy,
  type RunState,
  type TaskState,
  takeBackOf,
} from '@soma/schemas/run';

/*
 * When and how a plan is revised, from the state alone. Every revision gives up a task that is not done, and brings in tasks that were never part
 * of the plan, so that there are no more revisions than the plan has tasks.
 */

/** Faults after which another way would be wrong: a person or the policy said no, or nobody knows what was done. */
const NO_OTHER_WAY: readonly string[] = ['POLICY_DENIED', 'TOOL_OUTCOME_UNKNOWN'];

/** Whether the task came to nothing, and its plan has others that may come in its place. */
export function mayRevise(state: RunState, task: TaskState): boolean {
  const { status } = task;
  const isSpent =
    status.name === 'unverified' || (status.name === 'failed' && !NO_OTHER_WAY.includes(status.fault.code));
  return isSpent && hasOthers(state, task);
}

/** Whether others may come in the place of the task: they did not yet, nobody said no to it, and nothing of what it did stands. */
export function hasOthers(state: RunState, task: TaskState): boolean {
  const { otherwise = [] } = task;
  if (otherwise.length === 0 || state.tasks.some(({ id }) => otherwise.includes(id))) return false;
  if (questionOf(state, task)?.answer?.answer === 'rejected') return false;
  return owedBy(state, task).length === 0 && standing(state, task).length === 0;
}

/** The question whether the plan may be revised at this attempt of the task, if it was asked. */
export function questionOf(state: RunState, task: TaskState): ApprovalState | undefined {
  return Object.values(state.approvals).find(
    ({ about, task: id, attempt }) => about === 'revision' && id === task.id && attempt === task.attempt,
  );
}

/** Whether a person has yet to say if the plan may be revised. */
export function isRevisionAsked({ approvals }: RunState): boolean {
  return Object.values(approvals).some(({ about, answer }) => about === 'revision' && answer === null);
}

/** Calls of the task that changed something, or may have, and were not taken back. Another way would come on top of them. */
function standing({ calls }: RunState, task: TaskState): readonly string[] {
  return task.calls.filter((id) => {
    const call = calls[id];
    if (call === undefined || call.compensates !== undefined) return false;
    const acts = call.risk === 'board' || call.risk === 'write' || call.risk === 'execute';
    const stands = call.outcome.name === 'completed' || isUnclear(call);
    return acts && stands && calls[takeBackOf(id)]?.outcome.name !== 'completed';
  });
}

export type Revised = Pick<
  EventData<'plan.revised'>,
  'task' | 'attempt' | 'note' | 'dropped' | 'added' | 'changed' | 'weakened' | 'withdrawn'
>;

/** The plan without the task and with the others in its place: what needed it, and has not begun, needs the last of them. */
export function revisionOf(
  state: RunState,
  task: TaskState,
  { added, note }: { readonly added: readonly PlannedTask[]; readonly note: Note },
): Revised {
  const last = added.filter(({ id }) => !added.some(({ after }) => after.includes(id))).map(({ id }) => id);
  const checked = task.evidence.filter(({ verdict }) => verdict.checked).length;
  const changed = state.tasks
    .filter(({ after, status }) => after.includes(task.id) && status.name === 'queued')
    .map(({ id, after }) => ({
      task: id,
      after: after.flatMap((needed) => (needed === task.id ? last : [needed])),
    }));
  return {
    ...{ task: task.id, attempt: task.attempt, note, dropped: [task.id], added: [...added], changed },
    weakened: weakenedBy(task, added),
    withdrawn: { claims: task.evidence.length, checked },
  };
}

/** The task's checks that none of those in its place makes. */
function weakenedBy({ id, checks }: TaskState, added: readonly PlannedTask[]): Weakened[] {
  const made = new Set(added.flatMap((other) => other.checks));
  const gone = checks.filter((check) => !made.has(check));
  return gone.length === 0 ? [] : [{ task: id, checks: gone }];
}

/** Why the way of a task that is over is given up. */
export function reasonOf({ title, status, evidence }: TaskState): Note {
  if (status.name === 'failed') return { code: 'way-failed', data: { title, fault: status.fault.code } };
  const open = evidence.filter(({ verdict }) => !verdict.checked).length;
  return { code: 'way-unproven', data: { title, count: open } };
}
