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
  /** Tools whose call was under way: whether they took effect was not recorded. */
  readonly uncertain: readonly string[];
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
    uncertain: [...new Set(started.map(({ tool }) => tool))],
  };
}

function isAtWork({ status }: TaskState): boolean {
  return status.name === 'running' || status.name === 'retrying' || status.name === 'waiting';
}
