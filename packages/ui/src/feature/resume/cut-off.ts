import type { StepName } from '@soma/schemas/event';
import { nextStep, type RunState, type TaskState } from '@soma/schemas/run';
import { lastSignOf } from '../run/index.ts';

/** What is known of a run that was cut off. */
export interface CutOff {
  readonly exit: 'clean' | 'unclean';
  /** The last sign of work before it was found (RFC 3339): nothing later was recorded. */
  readonly lastSign: string;
  readonly tasks: number;
  readonly verified: number;
  /** Where it goes on: the task that was at work, or else the first that has not begun. */
  readonly from: { readonly id: string; readonly title: string; readonly step: StepName | null } | null;
  /** Calls that were answered, and files that were changed, before it was cut off. */
  readonly calls: number;
  readonly files: number;
  /** What comes next, in the plan's order. */
  readonly next: readonly NextStep[];
  /** Tools whose call was under way: whether they took effect was not recorded. */
  readonly uncertain: readonly string[];
}

/** What one task does when the run goes on: it goes on at a state, begins, or waits for an answer. */
export interface NextStep {
  readonly id: string;
  readonly title: string;
  readonly does: 'goes-on' | 'begins' | 'waits';
  readonly step: StepName | null;
}

/** What is due when the run goes on: tasks at work, and those that need nothing more. */
export function nextSteps({ tasks }: RunState): readonly NextStep[] {
  const done = new Set(tasks.filter(hasResult).map(({ id }) => id));
  return tasks.flatMap((task): NextStep[] => {
    const { id, title, status } = task;
    if (status.name === 'running') return [{ id, title, does: 'goes-on', step: nextStep(task) }];
    if (status.name === 'waiting') return [{ id, title, does: 'waits', step: nextStep(task) }];
    const ready = status.name === 'retrying' || status.name === 'queued';
    if (!ready || !task.after.every((needed) => done.has(needed))) return [];
    return [{ id, title, does: 'begins', step: null }];
  });
}

function hasResult({ status }: TaskState): boolean {
  return (['verified', 'unverified', 'empty', 'unneeded'] as const).some((name) => name === status.name);
}

/** What to tell a person about an interrupted run; null for any other. */
export function cutOffOf(state: RunState): CutOff | null {
  if (state.status.name !== 'interrupted') return null;
  const open =
    state.tasks.find(isAtWork) ?? state.tasks.find(({ status }) => status.name === 'queued') ?? null;
  const started = Object.values(state.calls).filter(({ outcome }) => outcome.name === 'started');
  return {
    exit: state.status.exit,
    lastSign: lastSignOf(state),
    tasks: state.tasks.length,
    verified: state.tasks.filter(({ status }) => status.name === 'verified').length,
    from:
      open === null
        ? null
        : { id: open.id, title: open.title, step: open.attempt === 0 ? null : nextStep(open) },
    calls: Object.values(state.calls).filter(({ outcome }) => outcome.name === 'completed').length,
    files: state.changes.reduce((sum, { files }) => sum + files, 0),
    next: nextSteps(state),
    uncertain: [...new Set(started.map(({ tool }) => tool))],
  };
}

function isAtWork({ status }: TaskState): boolean {
  return status.name === 'running' || status.name === 'retrying' || status.name === 'waiting';
}
