import type { Rechecked } from '@soma/schemas/contract';
import type { CheckedClaim, Claim } from '@soma/schemas/event';
import type { RunState, TaskState } from '@soma/schemas/run';

/** A claim of a run with the task that made it. */
export interface Evidence extends CheckedClaim {
  readonly task: string;
}

export type EvidenceFilter = 'all' | Claim['kind'];

/** Every claim that was checked, in the plan's order, with those that do not hold first. Its length is the sum of the cards' seals. */
export function evidenceOf(tasks: readonly TaskState[]): readonly Evidence[] {
  const all = tasks.flatMap(({ id, evidence }) => evidence.map((checked) => ({ ...checked, task: id })));
  return [...all.filter(({ verdict }) => !verdict.checked), ...all.filter(({ verdict }) => verdict.checked)];
}

export function countBy(evidence: readonly Evidence[], filter: EvidenceFilter): number {
  return filter === 'all' ? evidence.length : evidence.filter(({ claim }) => claim.kind === filter).length;
}

/** How many files stand behind the claims: those that Verify read again. */
export function filesBehind(evidence: readonly Evidence[]): number {
  return new Set(evidence.map(({ claim }) => claim.citation.path)).size;
}

/** The tasks that the inspector speaks of: all of a run, or one. */
export function tasksOf(state: RunState, task: string | null): readonly TaskState[] {
  return task === null ? state.tasks : state.tasks.filter(({ id }) => id === task);
}

/** What has become of a claim since it was checked: nothing, its file is another but it still holds, or it holds no more. */
export type Since = 'same' | 'changed' | 'stale';

/** How a claim that was proven stands now; null where that was not looked at. */
export function sinceOf({ task, claim, verdict }: Evidence, now: readonly Rechecked[] | null): Since | null {
  const found = now?.find((one) => one.task === task && one.claim === claim.id);
  if (found === undefined || !verdict.checked) return null;
  if (!found.verdict.checked) return 'stale';
  return found.verdict.fileHash === verdict.fileHash ? 'same' : 'changed';
}
